import HTTPTypes
import JSONText
import Testing

@testable import Web

struct ProcedureTests {
    private static func file(_ name: String = "birth-registration") throws -> String {
        let bytes = try #require(try WorkflowTexts.read()["procedures/\(name).yaml"])
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func post(_ world: WebWorld, _ text: [UInt8], _ route: String = "", key: String = "k") async throws
        -> Answer
    {
        try await world.send(
            .post, "/v1/procedures\(route)?file=khai-sinh.yaml", as: "admin", key: key, body: text,
            type: "application/yaml")
    }

    @Test func `procedures are listed, read whole, and as the file that was loaded`() async throws {
        try await WebWorld.shared { world in
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            let list = try await world.send(.get, "/v1/procedures?in-force=true", as: "registry")
            #expect(
                validator.problems(list.json, "ProcedurePage").isEmpty,
                "\(validator.problems(list.json, "ProcedurePage"))")
            let path = "/v1/procedures/birth-registration/1"
            let whole = try await world.send(.get, path, as: "desk")
            #expect(
                validator.problems(whole.json, "Procedure").isEmpty, "\(validator.problems(whole.json, "Procedure"))")
            #expect(whole.json["form"]?.arrayValue?.contains { $0["name"] == "child.full-name" } == true)
            #expect(try await world.send(.get, path, as: "desk", headers: ["If-None-Match": whole.etag]).status == 304)
            let source = try await world.send(.get, path + "/source", as: "desk")
            #expect(source.bytes == Array(try Self.file().utf8))
            #expect(source.headers[.contentType] == "application/yaml; charset=utf-8")
        }
    }

    @Test func `agencies and areas are listed`() async throws {
        try await WebWorld.shared { world in
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            let agencies = try await world.send(.get, "/v1/agencies?kind=police&area=48001", as: "desk")
            #expect(validator.problems(agencies.json, "AgencyPage").isEmpty)
            #expect(agencies.json["items"]?.arrayValue?.first?["code"] == "000.02.01.H17")
            let areas = try await world.send(.get, "/v1/areas?province=da-nang", as: "desk")
            #expect(validator.problems(areas.json, "AreaPage").isEmpty)
            #expect(areas.json["items"]?.arrayValue?.isEmpty == false)
        }
    }

    @Test func `a file with errors is refused with rule, line and column, and nothing is stored`() async throws {
        try await WebWorld.fresh { world in
            let good = try Self.file()
            let cases: [(String, String, String, String)] = [
                (
                    "a cycle that cannot end",
                    "send-back: {title: {vi: Trả lại để kiểm tra, en: Send back}, at-most: 2, then: check}", "", ""
                ),
                ("an unknown role", "by: chairman at", "by: wizard at", "V11"),
                (
                    "a step that is not there", "ok: {title: {vi: Đủ điều kiện, en: In order}, then: register}",
                    "ok: {title: {vi: Đủ điều kiện, en: In order}, then: registr}", "V03"
                ),
                ("an unknown key", "field: ho-tich", "fild: ho-tich", "V01"),
                ("a duration without a unit", "within: 7 working days", "within: 7", "V10"),
            ]
            for (name, old, new, rule) in cases where !rule.isEmpty {
                let text = good.replacing("version: 1\n", with: "version: 7\n").replacing(old, with: new)
                let answer = try await Self.post(world, Array(text.utf8))
                #expect(answer.status == 422, "\(name): \(answer.json)")
                #expect(answer.code == "procedure-refused")
                let findings = answer.json["findings"]?.arrayValue ?? []
                #expect(findings.contains { $0["rule"]?.stringValue == rule }, "\(name): \(findings)")
                #expect(findings.allSatisfy { ($0["line"]?.integerValue ?? 0) > 0 }, "\(name): \(findings)")
                let detail = answer.json["errors"]?.arrayValue?.first?["detail"]?.stringValue ?? ""
                #expect(detail.hasPrefix("khai-sinh.yaml:"), "\(detail)")
                let report = try await Self.post(world, Array(text.utf8), "/check")
                #expect(report.status == 200)
                #expect(report.json["ok"] == false)
                #expect(report.json["findings"] == answer.json["findings"])
            }
            #expect(try await world.send(.get, "/v1/procedures/birth-registration/7", as: "desk").status == 404)
        }
    }

    @Test func `a file whose steps go round for ever is refused`() async throws {
        try await WebWorld.shared { world in
            let answer = try await Self.post(world, Array(Self.endless.utf8))
            #expect(answer.status == 422)
            let rules = (answer.json["findings"]?.arrayValue ?? []).compactMap { $0["rule"]?.stringValue }
            #expect(rules.contains("V05"), "\(answer.json)")
        }
    }

    private static let endless = """
        procedure: endless
        version: 1
        field: ho-tich
        title: {vi: Vòng lặp, en: Endless}
        legal-basis: 63/2024/NĐ-CP
        effective: {from: 2024-07-01}
        calendar: vn-state
        steps:
          one:
            title: {vi: Một, en: One}
            by: reception at centre
            public: {status: 4, vi: Đang xử lý., en: Being processed.}
            outcomes: {on: {title: {vi: Tiếp, en: On}, then: two}}
          two:
            title: {vi: Hai, en: Two}
            by: reception at centre
            public: {status: 4, vi: Đang xử lý., en: Being processed.}
            outcomes: {back: {title: {vi: Lại, en: Back}, then: one}}
        ends:
          done: {result: issued, status: 10, vi: Xong., en: Done.}
        """

    @Test func `the same bytes again are welcome, another content under a version is not`() async throws {
        try await WebWorld.fresh { world in
            let good = try Self.file()
            let same = try await Self.post(world, Array(good.utf8))
            #expect(same.status == 200, "\(same.json)")
            let other = try await Self.post(world, Array((good + "\n# changed\n").utf8), key: "k2")
            #expect(other.status == 409, "\(other.faults) \(String(decoding: other.bytes, as: UTF8.self).suffix(700))")
            #expect(other.code == "duplicate-version")
            #expect(other.faults == ["/version V18"])
        }
    }

    @Test func `bytes that are no file of the language`() async throws {
        try await WebWorld.shared { world in
            for bytes in [
                [], [0], [0xFF, 0xFE], Array("a: &x [*x]".utf8), Array("- 1".utf8), Array("a: b: c".utf8),
                Array(String(repeating: "[", count: 10_000).utf8), Array("a:\u{0}b".utf8),
            ] {
                let answer = try await Self.post(world, bytes)
                #expect(answer.status == 422, "\(bytes.prefix(20))")
                #expect(answer.json["findings"]?.arrayValue?.isEmpty == false)
            }
            let large = [UInt8](repeating: 0x20, count: (256 << 10) + 1)
            #expect(try await Self.post(world, large).status == 413)
            let json = try await world.send(.post, "/v1/procedures", as: "admin", key: "k", json: [:])
            #expect(json.status == 415)
        }
    }
}
