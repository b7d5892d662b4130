import JSONText
import WorkingTime

/// Whether a scalar is of a kind.
enum ScalarRule {
    struct Complaint {
        var rule: Rule
        var message: BilingualText
        var fix: BilingualText?

        init(_ rule: Rule, _ vi: String, _ en: String, fix: BilingualText? = nil) {
            self.rule = rule
            message = BilingualText(vi: vi, en: en)
            self.fix = fix
        }
    }

    /// What is wrong with the scalar, or nil. Conditions and performers are read where their names are known.
    static func complaint(_ draft: Draft, _ text: String, quoted: Bool, _ kind: ValueKind) -> Complaint? {
        if text.isEmpty { return Complaint(.v01, "Chưa có giá trị.", "The value is missing.") }
        if let bad = text.unicodeScalars.first(where: isControl) {
            let code = String(bad.value, radix: 16, uppercase: true)
            return Complaint(.v01, "Có ký tự điều khiển U+\(code).", "It holds the control character U+\(code).")
        }
        switch kind {
        case .yesNo, .whole, .value: return plainComplaint(draft, text, quoted: quoted, kind)
        case .text(let max): return textComplaint(text, quoted: quoted, max: max)
        case .date, .instant, .time, .limit, .session: return timeComplaint(text, kind)
        default: return wordComplaint(text, kind)
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    private static func plainComplaint(
        _ draft: Draft, _ text: String, quoted: Bool, _ kind: ValueKind
    ) -> Complaint? {
        let unquote = BilingualText(vi: "Bỏ ngoặc kép.", en: "Write it without quotes.")
        switch kind {
        case .yesNo:
            if draft.yesNo != nil { return nil }
            return Complaint(
                .v01, "“\(text)” không phải là true hoặc false.", "“\(text)” is neither true nor false.",
                fix: text == "true" || text == "false" ? unquote : nil)
        case .whole(let least, let most):
            guard let number = draft.whole else {
                return Complaint(
                    .v01, "“\(text)” không phải số nguyên.", "“\(text)” is not a whole number.",
                    fix: quoted && Int64(text) != nil ? unquote : nil)
            }
            if (least...most).contains(number) { return nil }
            return Complaint(
                .v01, "\(number) nằm ngoài \(least)…\(most).", "\(number) is not within \(least)…\(most).")
        default: return text.utf8.count <= 300 ? nil : Complaint(.v01, "Quá dài.", "It is too long.")
        }
    }

    /// What YAML 1.2 would read as something other than a text.
    private static func looksUntexted(_ text: String) -> Bool {
        if ["true", "false", "null", "~", "True", "False", "TRUE", "FALSE", "Null", "NULL"].contains(text) {
            return true
        }
        let body = text.utf8.drop { $0 == 0x2D || $0 == 0x2B }
        return !body.isEmpty && body.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }

    private static func textComplaint(_ text: String, quoted: Bool, max: Int) -> Complaint? {
        if !quoted, looksUntexted(text) {
            return Complaint(
                .v01, "“\(text)” ở đây là văn bản, không phải số hay đúng/sai.",
                "“\(text)” is a text here, not a number or yes-no.",
                fix: BilingualText(vi: "Đặt trong ngoặc kép.", en: "Write it in quotes."))
        }
        if text.unicodeScalars.count <= max { return nil }
        return Complaint(.v01, "Dài quá \(max) ký tự.", "It is longer than \(max) characters.")
    }

    private static func timeComplaint(_ text: String, _ kind: ValueKind) -> Complaint? {
        switch kind {
        case .date:
            return CivilDate(text) == nil
                ? Complaint(
                    .v01, "“\(text)” không phải ngày.", "“\(text)” is not a date.",
                    fix: BilingualText(vi: "Viết 2026-08-31.", en: "Write 2026-08-31.")) : nil
        case .instant(let orNone):
            if orNone, text == "none" { return nil }
            return Instant(iso8601: text) == nil
                ? Complaint(
                    .v01, "“\(text)” không phải thời điểm.", "“\(text)” is not an instant.",
                    fix: BilingualText(vi: "Viết 2026-08-31T16:30.", en: "Write 2026-08-31T16:30.")) : nil
        case .time:
            return TimeOfDay(text) == nil
                ? Complaint(
                    .v01, "“\(text)” không phải giờ.", "“\(text)” is not a time of day.",
                    fix: BilingualText(vi: "Viết \"15:00\".", en: "Write \"15:00\".")) : nil
        case .session:
            return OfficeSession(text) == nil
                ? Complaint(
                    .v01, "“\(text)” không phải buổi làm việc.", "“\(text)” is not a session.",
                    fix: BilingualText(vi: "Viết \"07:30-11:30\".", en: "Write \"07:30-11:30\".")) : nil
        default: return limitComplaint(text)
        }
    }

    private static func limitComplaint(_ text: String) -> Complaint? {
        guard TimeLimit(text) == nil else { return nil }
        var spellings = ["3 working days", "4 working hours", "same working day"]
        let count = text.prefix { $0.isASCII && $0.isNumber }
        if let number = Int(count), (1...TimeLimit.greatestCount).contains(number) {
            let plural = number == 1 ? "" : "s"
            spellings = ["working day", "working hour", "calendar day"].map { "\(number) \($0)\(plural)" }
        }
        let near = NearestKey.of(text, among: spellings).map { [$0] } ?? spellings
        let list = near.map { "“\($0)”" }.joined(separator: ", ")
        return Complaint(
            .v10, "“\(text)” không phải thời hạn có đơn vị.", "“\(text)” is not a duration with its unit.",
            fix: BilingualText(vi: "Viết \(list).", en: "Write \(list)."))
    }

    private static func wordComplaint(_ text: String, _ kind: ValueKind) -> Complaint? {
        switch kind {
        case .name:
            return Spelling.isKebab(text) ? nil : spelling(text, .kebab)
        case .stepName:
            return Spelling.isStep(text) ? nil : spelling(text, .step)
        case .code(let codes):
            if codes.contains(text) { return nil }
            let list = codes.joined(separator: ", ")
            return Complaint(
                .v01, "“\(text)” không có trong danh sách.", "“\(text)” is not one of the words allowed here.",
                fix: meant(text, among: codes) ?? BilingualText(vi: "Chọn: \(list).", en: "One of: \(list)."))
        default: return nil
        }
    }

    private static func spelling(_ text: String, _ kind: ValueKind.NameKind) -> Complaint {
        Complaint(
            .v01, "Tên “\(text)” viết sai cách.", "The name “\(text)” is not spelt as it must be.",
            fix: Spelling.rule(kind))
    }
}
