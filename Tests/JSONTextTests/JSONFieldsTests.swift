import JSONText
import Testing

@Suite struct JSONFieldsTests {
    enum Channel: String, CaseIterable { case counter, portal, post }

    struct Paper: Equatable {
        var kind: String
        var copies: Int
    }

    struct Submission: Equatable {
        var procedure: String
        var note: String?
        var channel: Channel
        var urgent: Bool?
        var version: Int64
        var child: Paper
        var papers: [Paper]
        var tags: [String]?
        var form: JSONObject
    }

    static func read(_ text: String) throws(JSONProblems) -> Submission {
        func paper(_ f: JSONFields) -> Paper {
            Paper(kind: f.string("kind", maxLength: 5), copies: f.integer("copies", in: 1...9))
        }
        return try JSONFields.read(Array(text.utf8)) { f in
            Submission(
                procedure: f.string("procedure", maxLength: 10), note: f.optionalString("note", maxLength: 5),
                channel: f.choice("channel"), urgent: f.optionalBool("urgent"),
                version: f.integer("version", in: 0...Int64.max), child: f.object("child", paper),
                papers: f.objects("papers", minCount: 1, maxCount: 2, paper),
                tags: f.optionalStrings("tags", maxCount: 3, maxLength: 4), form: f.openObject("form", maxCount: 2))
        }
    }

    @Test func `a right body is read`() throws {
        let read = try Self.read(
            """
            {"procedure":"2.002621","note":null,"channel":"portal","version":7,"child":{"kind":"căn","copies":1},
             "papers":[{"kind":"a","copies":9}],"tags":["x"],"form":{"any":{"thing":1.5}}}
            """)
        let expected = Submission(
            procedure: "2.002621", note: nil, channel: .portal, urgent: nil, version: 7,
            child: Paper(kind: "căn", copies: 1), papers: [Paper(kind: "a", copies: 9)], tags: ["x"],
            form: ["any": ["thing": .number("1.5")]])
        #expect(read == expected)
    }

    @Test func `every fault is reported at once with its pointer`() {
        let problems = #expect(throws: JSONProblems.self) {
            try Self.read(
                """
                {"procedure":"","note":"sáu chữ","chanel":"portal","urgent":1,"version":-1,"child":{"copies":10},
                 "papers":[{"kind":1,"copies":1.5},7,{}],"tags":["okay","too long"],"form":[],"a/b~":0}
                """)
        }
        let found = (problems?.problems ?? []).map { "\($0.pointer) \($0.code)" }
        #expect(problems?.kind == .fields)
        #expect(
            found == [
                "/procedure too-short", "/note too-long", "/channel required", "/urgent wrong-type",
                "/version out-of-range", "/child/kind required", "/child/copies out-of-range", "/papers too-many",
                "/papers/0/kind wrong-type", "/papers/0/copies wrong-type", "/papers/1 wrong-type", "/tags/1 too-long",
                "/form wrong-type", "/chanel unknown-key", "/a~1b~0 unknown-key",
            ])
        let meant = problems?.problems.first { $0.pointer == "/chanel" }
        #expect(meant?.message.en == "No such field; did you mean “channel”?")
    }

    @Test func `a missing object is one problem, not one for each of its members`() {
        let problems = #expect(throws: JSONProblems.self) {
            try Self.read(
                #"{"procedure":"a","channel":"post","version":1,"papers":[{"kind":"a","copies":1}],"form":{}}"#)
        }
        #expect(problems?.problems.map(\.pointer) == ["/child"])
    }

    @Test(arguments: ["[]", "1", "null", "\"x\""])
    func `a body that is no object is one problem`(text: String) {
        let problems = #expect(throws: JSONProblems.self) { try Self.read(text) }
        #expect(problems?.problems.map(\.code) == ["wrong-type"])
    }

    @Test func `a body that is no JSON tells its line`() {
        let problems = #expect(throws: JSONProblems.self) { try Self.read("{\n\"a\":}") }
        #expect(problems?.kind == .syntax)
        #expect(problems?.problems.map(\.code) == ["json-unexpected-character"])
    }

    @Test func `problems are cut at a hundred`() {
        let members = (0..<5000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        let problems = #expect(throws: JSONProblems.self) {
            try JSONFields.read(Array("{\(members)}".utf8)) { f in f.optionalBool("known") }
        }
        #expect(problems?.problems.count == JSONProblems.countMax)
    }

    @Test func `own readings and refusals take part`() throws {
        func read(_ text: String) throws(JSONProblems) -> Int {
            try JSONFields.read(Array(text.utf8)) { f in
                let number = f.parsed(
                    "n", maxLength: 5, expected: JSONMessage(vi: "Phải là số.", en: "A number."), placeholder: 0
                ) { Int($0) }
                if number == 13 { f.refuse("n", code: "unlucky", vi: "Xui.", en: "Unlucky.") }
                f.acceptOthers()
                return number
            }
        }
        #expect(try read(#"{"n":"12","other":1}"#) == 12)
        #expect(#expect(throws: JSONProblems.self) { try read(#"{"n":"x"}"#) }?.problems.map(\.code) == ["invalid"])
        #expect(#expect(throws: JSONProblems.self) { try read(#"{"n":"13"}"#) }?.problems.map(\.code) == ["unlucky"])
    }

    @Test(
        arguments: [
            ("procdure", "procedure"), ("chanel", "channel"), ("Note", "note"), ("ntoe", "note"), ("xyz", nil),
            ("", nil), ("n", nil),
        ] as [(String, String?)])
    func `the nearest key is at most a third wrong`(word: String, nearest: String?) {
        #expect(NearestKey.of(word, among: ["procedure", "channel", "note"]) == nearest)
    }
}
