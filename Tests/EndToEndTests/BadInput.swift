import JSONText
import TestSupport
import Testing

@testable import motcua

/// An input that is wrong in one way, and the one answer that it must get.
struct BadInput: Sendable {
    let name: String
    let status: Int
    /// The last part of the problem's type.
    let code: String
    let send: @Sendable (BadInputDesk) async throws -> HTTPAnswer

    init(
        _ name: String, _ status: Int, _ code: String,
        _ send: @escaping @Sendable (BadInputDesk) async throws -> HTTPAnswer
    ) {
        self.name = name
        self.status = status
        self.code = code
        self.send = send
    }

    /// A submission whose body is these bytes.
    private static func body(_ name: String, _ status: Int, _ code: String, _ bytes: @escaping @Sendable () -> [UInt8])
        -> BadInput
    {
        BadInput(name, status, code) { try await $0.submit(bytes()) }
    }

    /// A submission of a good form in which one thing is changed.
    private static func form(
        _ name: String, _ status: Int, _ code: String, _ change: @escaping @Sendable (inout JSONObject) -> Void
    ) -> BadInput {
        body(name, status, code) {
            var object = FlagshipForm().body.objectValue ?? [:]
            change(&object)
            return JSONValue.object(object).bytes
        }
    }

    /// A procedure file, given the text of a sound one.
    private static func file(
        _ name: String, _ status: Int, _ code: String, _ text: @escaping @Sendable (String) -> String
    ) -> BadInput {
        BadInput(name, status, code) { desk in
            let sound = try Project.texts()["procedures/birth-registration.yaml"] ?? []
            return try await desk.admin.send(
                desk.server.api, .post, "/v1/procedures", key: name, type: "application/yaml",
                Array(text(String(decoding: sound, as: UTF8.self)).utf8))
        }
    }

    static let all: [BadInput] = bodies + forms + commands + files

    private static let bodies: [BadInput] = [
        body("malformed JSON", 400, "invalid-json") { Array(#"{"procedure": "birth"#.utf8) },
        body("oversized JSON", 413, "content-too-large") {
            Array(#"{"a":""#.utf8) + [UInt8](repeating: 0x61, count: 20 << 20) + Array(#""}"#.utf8)
        },
        body("100 MB", 413, "content-too-large") { [UInt8](repeating: 0x20, count: 100 << 20) },
        body("invalid UTF-8", 400, "invalid-json") {
            Array(#"{"procedure":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        },
        body("NUL as an escape", 400, "invalid-json") { Array(#"{"procedure":"a\u0000b"}"#.utf8) },
        body("NUL as a byte", 400, "invalid-json") { Array(#"{"procedure":"a"#.utf8) + [0] + Array(#"b"}"#.utf8) },
        body("10,000 deep", 400, "invalid-json") {
            [UInt8](repeating: UInt8(ascii: "["), count: 10_000) + [UInt8](repeating: UInt8(ascii: "]"), count: 10_000)
        },
        body("10,000 deep in the form", 400, "invalid-json") {
            Array(#"{"form":"#.utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
                + [UInt8](repeating: UInt8(ascii: "]"), count: 10_000) + Array("}".utf8)
        },
    ]

    private static let forms: [BadInput] = [
        form("unknown fields", 422, "invalid-fields") { $0["procedur"] = "x" },
        form("wrong types", 422, "invalid-fields") { object in
            object["channel"] = 7
            object["form"] = []
        },
        form("a form field that breaks its type", 422, "invalid-fields") {
            change(&$0, "child", "date-of-birth", "2026-02-30")
        },
        form("an unknown form field", 422, "invalid-fields") { change(&$0, "child", "shoe-size", 19) },
        form("a required form field missing", 422, "invalid-fields") { change(&$0, "child", "full-name", nil) },
        form("an unknown procedure", 422, "unknown-procedure") { $0["procedure"] = "passport" },
        form("a version not in force", 422, "not-in-force") { $0["procedure"] = "birth-residence-insurance-identity" },
        form("a procedure that is only linked", 422, "not-in-force") { $0["procedure"] = "child-health-card" },
    ]

    private static func change(_ object: inout JSONObject, _ group: String, _ name: String, _ value: JSONValue?) {
        var form = object["form"]?.objectValue ?? [:]
        var inner = form[group]?.objectValue ?? [:]
        inner[name] = value
        form[group] = .object(inner)
        object["form"] = .object(form)
    }

    private static let commands: [BadInput] = [
        BadInput("no token", 401, "unauthorized") { try await $0.server.api.send(Call(.get, "/v1/dossiers")) },
        BadInput("no key", 400, "idempotency-key-required") {
            try await $0.desk.send($0.server.api, .post, "/v1/dossiers", FlagshipForm().body.bytes)
        },
        BadInput("an agency that is no centre", 403, "missing-scope") {
            try await $0.town.send($0.server.api, .post, "/v1/dossiers", key: "town", FlagshipForm().body.bytes)
        },
        BadInput("a dossier of another agency", 404, "not-found") {
            try await $0.otherDesk.send($0.server.api, .get, "/v1/dossiers/\($0.dossier)")
        },
        BadInput("a task of another agency", 404, "not-found") {
            try await $0.complete($0.otherDesk, by: Officer.otherDesk, tag: "\"1.1\"")
        },
        BadInput("a stale If-Match", 412, "stale-version") { try await $0.complete($0.desk, tag: "\"1.0\"") },
        BadInput("no If-Match", 428, "if-match-required") { try await $0.complete($0.desk, tag: nil) },
        BadInput("an outcome that the step does not have", 422, "no-such-outcome") {
            try await $0.complete($0.desk, tag: "\"1.1\"", outcome: "approve")
        },
        BadInput("a task that another officer holds", 409, "held-by-other") {
            try await $0.complete($0.desk, by: "dn-mc1-tiepnhan-02", tag: "\"1.1\"")
        },
        BadInput("an officer of another agency", 403, "unknown-officer") {
            try await $0.complete($0.desk, by: Officer.chairman, tag: "\"1.1\"")
        },
        BadInput("a task that is not there", 409, "not-open") {
            try await $0.desk.send(
                $0.server.api, .post, "/v1/tasks/\($0.dossier)/99/complete", key: "over", officer: Officer.desk,
                tag: "\"99.0\"", Array(#"{"outcome":"accept"}"#.utf8))
        },
        BadInput("a key that another request had", 422, "idempotency-key-reused") {
            try await $0.desk.send(
                $0.server.api, .post, "/v1/dossiers", key: BadInputDesk.firstKey,
                FlagshipForm(livesWith: "guardian").body.bytes)
        },
        BadInput("a look-up code with one wrong symbol, at the desk", 400, "invalid-query") {
            try await $0.desk.send($0.server.api, .get, "/v1/dossiers?look-up=\($0.mistyped)")
        },
        BadInput("a look-up code with one wrong symbol, on the page", 422, "mistyped-code") {
            try await $0.server.pages.send(Call(.get, "/v1/progress/\($0.mistyped)"))
        },
    ]

    private static let files: [BadInput] = [
        file("a file with a cycle that cannot end", 422, "procedure-refused") { _ in endless },
        file("a file with an unknown role", 422, "procedure-refused") {
            $0.replacing("version: 1\n", with: "version: 7\n").replacing("by: chairman at", with: "by: wizard at")
        },
        file("a published version with other content", 409, "duplicate-version") { $0 + "\n# changed\n" },
        file("a file with NUL", 422, "procedure-refused") { $0 + "\u{0}" },
    ]

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
}

extension BadInput: CustomTestStringConvertible {
    var testDescription: String { name }
}
