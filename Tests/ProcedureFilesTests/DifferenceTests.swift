import Foundation
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// What `motcua diff` says of two versions.
struct `A difference` {
    private static func shipped(_ name: String) throws -> String {
        String(decoding: try #require(try Shipped.texts()["procedures/\(name).yaml"]), as: UTF8.self)
    }

    private static func between(_ old: String, _ new: String) throws -> [Difference] {
        try #require(FileDifference.between(Array(old.utf8), Array(new.utf8)))
    }

    static let changes: [(String, String, String, String)] = [
        (
            "    - {within: 3 working days}\n", "    - {within: 4 working days}\n",
            "Thời hạn giải quyết, các mức thời hạn: thời hạn 3 → 4 ngày làm việc",
            "Time limit of the whole, limits: limit 3 → 4 working days"
        ),
        (
            "    - {within: 5 working days, when: facts.verification}\n",
            "    - {within: 6 working days, when: facts.verification}\n",
            "Thời hạn giải quyết, các mức thời hạn (facts.verification): thời hạn 5 → 6 ngày làm việc",
            "Time limit of the whole, limits (facts.verification): limit 5 → 6 working days"
        ),
        (
            "  cut-off: {at: \"15:00\"", "  cut-off: {at: \"16:00\"",
            "Thời hạn giải quyết, giờ chốt: tại 15:00 → 16:00", "Time limit of the whole, cut-off: at 15:00 → 16:00"
        ),
        (
            "    within: 1 working day\n    clock: reception\n", "    within: 2 working days\n    clock: reception\n",
            "Bước “sign-refusal” (Ký phiếu từ chối do quá hạn bổ sung): thời hạn 1 → 2 ngày làm việc",
            "Step “sign-refusal” (Sign the refusal after silence): limit 1 → 2 working days"
        ),
        (
            "    by: reception at centre\n    remind: 10 working days\n",
            "    by: reception-head at centre\n    remind: 10 working days\n",
            "Bước “return-result” (Trả kết quả): người thực hiện reception at centre → reception-head at centre",
            "Step “return-result” (Return the result): performer reception at centre → reception-head at centre"
        ),
        (
            "      handed-over: {title: {vi: Đã trả, en: Handed over}, end: returned}\n",
            "      handed-over: {title: {vi: Đã trả, en: Handed over}, end: returned}\n      posted: {title: {vi: Đã gửi bưu điện, en: Posted}, end: returned}\n",
            "Bước “return-result” (Trả kết quả): thêm kết quả “posted” (Đã gửi bưu điện): kết thúc returned",
            "Step “return-result” (Return the result): outcome “posted” (Posted) added: end returned"
        ),
        (
            "      not-ours:\n        title: {vi: Chuyển cơ quan có thẩm quyền, en: Pass to the competent desk}\n        needs: {reason: {type: reason, optional: true, title: {vi: Lý do, en: Reason}}}\n        re-route: true\n",
            "", "Bước “receive” (Tiếp nhận, kiểm tra hồ sơ): bỏ kết quả “not-ours” (Chuyển cơ quan có thẩm quyền)",
            "Step “receive” (Receive and check): outcome “not-ours” (Pass to the competent desk) removed"
        ),
        (
            "title: {vi: Trả kết quả, en: Return the result}", "title: {vi: Trao kết quả, en: Return the result}",
            "Bước “return-result” (Trao kết quả), tên: tiếng Việt “Trả kết quả” → “Trao kết quả”",
            "Step “return-result” (Return the result), title: Vietnamese “Trả kết quả” → “Trao kết quả”"
        ),
        (
            "amount: 0, timing: none", "amount: 8000, timing: after",
            "Khoản phí “birth” (Đăng ký khai sinh đúng hạn): số tiền (đồng) 0 → 8000",
            "Fee “birth” (Birth registration in time): amount (đồng) 0 → 8000"
        ),
        (
            "one-of: [birth-certificate-data, witness, undertaking,", "one-of: [birth-certificate-data, undertaking,",
            "Giấy tờ “birth-proof” (Giấy chứng sinh hoặc giấy tờ thay thế): một trong [birth-certificate-data, witness, undertaking, abandoned-record, surrogacy-proof] → [birth-certificate-data, undertaking, abandoned-record, surrogacy-proof]",
            "Paper “birth-proof” (Birth proof or what replaces it): one of [birth-certificate-data, witness, undertaking, abandoned-record, surrogacy-proof] → [birth-certificate-data, undertaking, abandoned-record, surrogacy-proof]"
        ),
        (
            "  requester.email: {type: text, max: 200, personal: true, title: {vi: Thư điện tử, en: E-mail}}\n", "",
            "Bỏ trường “requester.email” (Thư điện tử)", "Field “requester.email” (E-mail) removed"
        ),
        (
            "  requester.phone: {type: phone, required: true,", "  requester.phone: {type: phone, required: false,",
            "Trường “requester.phone” (Số điện thoại): bắt buộc có → không",
            "Field “requester.phone” (Telephone): required yes → no"
        ),
        (
            "  warn: {ahead: 1 working day}\n", "",
            "Khi sắp và đã quá hạn: bỏ cảnh báo (báo trước 1 ngày làm việc)",
            "Lateness: warning removed (ahead 1 working day)"
        ),
        (
            "effective: {from: 2024-07-01, until: 2026-08-31,", "effective: {from: 2024-07-01, until: 2026-09-30,",
            "Hiệu lực: đến hết ngày 2026-08-31 → 2026-09-30", "In force: until 2026-08-31 → 2026-09-30"
        ),
        (
            "at: social-insurance of form.residence.commune", "at: social-insurance of form.registration.commune",
            "Bước “share” (Chuyển Công an và Bảo hiểm xã hội), các nhánh song song, nhánh “insurance” (Thẻ bảo hiểm y tế): tại social-insurance of form.residence.commune → social-insurance of form.registration.commune",
            "Step “share” (Share with police and social insurance), parallel branches, branch “insurance” (Health insurance card): at social-insurance of form.residence.commune → social-insurance of form.registration.commune"
        ),
    ]

    @Test(arguments: changes)
    func `is a sentence in both languages`(_ part: String, _ change: String, _ vi: String, _ en: String) throws {
        let old = try Self.shipped("birth-residence-insurance")
        let new = old.replacing(part, with: change, maxReplacements: 1)
        try #require(new != old)
        let found = try Self.between(old, new)
        #expect(found.contains { $0.sentence.vi == vi && $0.sentence.en == en }, "\(found)")
        #expect(found.count <= 2)
        #expect(try Self.between(new, old).count == found.count)
        #expect(try Self.between(new, new) == [])
    }

    @Test func `of a step says who does it and how it ends`() throws {
        let old = try Self.shipped("child-health-card")
        let step = """
              ask-head:
                title: {vi: Hỏi ý kiến lãnh đạo, en: Ask the head}
                by: social-insurance-head at social-insurance of form.residence.commune
                within: 4 working hours
                public: {status: 4, vi: Đang xem xét., en: Being considered.}
                outcomes:
                  yes: {title: {vi: Đồng ý, en: Yes}, then: issue}

            """
        let new = old.replacing("ends:\n", with: step + "ends:\n", maxReplacements: 1)
        let found = try Self.between(old, new)
        #expect(found.count == 1)
        let said = try #require(found.first)
        #expect(said.path == "steps/ask-head")
        #expect(
            said.sentence.vi.hasPrefix(
                "Thêm bước “ask-head” (Hỏi ý kiến lãnh đạo): người thực hiện social-insurance-head at"))
        #expect(
            said.sentence.vi.contains("; thời hạn 4 giờ làm việc; ") && said.sentence.vi.hasSuffix("các kết quả: yes"))
        #expect(said.sentence.en.hasPrefix("Step “ask-head” (Ask the head) added: performer social-insurance-head at"))
        let back = try Self.between(new, old)
        #expect(back.map(\.sentence.vi) == ["Bỏ bước “ask-head” (Hỏi ý kiến lãnh đạo)"])
    }

    @Test func `is none between layouts and orders that say nothing, and one between orders that do`() throws {
        let old =
            "procedure: p\nversion: 1 # one\nsteps:\n  a: {by: x at y, within: 1 working day}\n  b: {by: x at y}\n"
        let same =
            "version: 1\nprocedure: p\n\nsteps:\n    a:\n        within: 1 working day\n        by: \"x at y\"\n    b: {by: x at y}\n"
        #expect(try Self.between(old, same) == [])
        let turned = "procedure: p\nversion: 1\nsteps:\n  b: {by: x at y}\n  a: {by: x at y, within: 1 working day}\n"
        #expect(
            try Self.between(old, turned).map(\.sentence.en) == ["The order of steps is now “b”, “a”"])
        let unknown = old.replacing("version", with: "fersion")
        #expect(
            try Self.between(old, unknown).map(\.sentence.en) == ["Version removed (1)", "“fersion” added: “1”"])
    }

    @Test func `of agencies and calendars is told too, and of different kinds none`() throws {
        let texts = try Shipped.texts()
        let old = try #require(texts["agencies/da-nang.yaml"])
        let new = Array(
            String(decoding: old, as: UTF8.self).replacing("phone: \"02360000101\"", with: "phone: \"02360000109\"")
                .utf8)
        let found = try #require(FileDifference.between(old, new))
        #expect(found.map(\.sentence.en).first?.contains("telephone “02360000101” → “02360000109”") == true)
        let calendar = try #require(texts["calendars/vn-state.yaml"])
        #expect(FileDifference.between(old, calendar) == nil)
        #expect(FileDifference.between(old, [0x5B]) == nil)
    }

    /// Whatever one line of a file is changed into, the difference is told.
    @Test func `is never passed over`() throws {
        for (name, bytes) in try Shipped.texts() {
            let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
            for number in lines.indices.filter({ $0 % 5 == 0 }) {
                guard let colon = lines[number].range(of: ": ", options: .backwards), !lines[number].contains("#")
                else { continue }
                var changed = lines
                changed[number] = lines[number][..<colon.upperBound] + "xyz" + lines[number][colon.upperBound...]
                let new = Array(changed.joined(separator: "\n").utf8)
                guard let found = FileDifference.between(bytes, new) else { continue }
                #expect(!found.isEmpty, "\(name):\(number + 1)")
            }
        }
    }
}
