import Testing
import WorkingTime

@testable import Procedures

struct `A condition` {
    static let scope = ConditionScope(
        facts: [
            "facts.urgent": .yesNo, "form.birth-case": .choice(["with-paper", "abandoned"]), "form.copies": .number,
            "form.day": .date, "form.place": .area, "form.note": .text,
        ], personal: ["form.child.name"], compound: ["form.address"])

    static let facts: [String: FactValue] = [
        "facts.urgent": .yesNo(true), "form.birth-case": .text("abandoned"), "form.copies": .number(3),
        "form.place": .text("48001"),
    ]

    @Test(arguments: [
        ("facts.urgent", true), ("!facts.urgent", false), ("!!facts.urgent", true), ("true", true), ("false", false),
        ("form.birth-case == \"abandoned\"", true), ("form.birth-case == 'with-paper'", false),
        ("form.birth-case != \"with-paper\"", true), ("form.copies > 2 && form.copies <= 3", true),
        ("form.copies < -1 || facts.urgent", true), ("form.copies >= 4", false),
        ("form.copies in [1, 2, 3]", true), ("form.birth-case in ['with-paper']", false),
        ("form.place in ['48001', '48002']", true), ("has(form.day)", false), ("has(facts.urgent)", true),
        ("form.day < date(\"1970-01-02\")", true), ("form.note == \"\"", true),
        ("facts.urgent ? form.copies == 3 : form.copies == 4", true), ("(false || true) && true", true),
        ("false && true || true", true), ("true || true && false", true), ("! (facts.urgent && false)", true),
        ("has(form.day) ? false : has(form.copies) ? true : false", true),
    ])
    func `holds as it reads`(_ text: String, _ holds: Bool) throws {
        let condition = try ConditionParser.parse(text, scope: Self.scope).condition
        #expect(condition.holds(Self.facts) == holds)
        #expect(condition.source == text)
    }

    @Test(arguments: [
        ("", 0), ("form", 0), ("form.copies", 0), ("form.copies = 3", 12), ("form.copies == \"3\"", 15),
        ("form.birth-case < \"abandoned\"", 16), ("form.birth-case == \"abandned\"", 19), ("facts.urgent &&", 15),
        ("facts.urgent facts.urgent", 13), ("(facts.urgent", 13), ("\"open", 0), ("has(5)", 4),
        ("date(\"2026-02-30\")", 5),
        ("form.copies in []", 16), ("form.copies in [form.copies]", 16), ("form.address == \"x\"", 0),
        ("facts.urgent ? 1 : true", 19), ("form.copies > 99999999999999999999", 14), ("facts.urgent; true", 12),
        ("form.day == \"2026-01-01\"", 12), ("1 == 1 == true", 7), ("form.place == 48001", 14), ("é", 0),
    ])
    func `is refused where it goes wrong`(_ text: String, _ offset: Int) {
        let problem = #expect(throws: ConditionProblem.self) { try ConditionParser.parse(text, scope: Self.scope) }
        #expect(problem?.offset == offset)
        #expect(problem?.rule == .v17)
    }

    @Test func `does not read personal fields`() {
        let problem = #expect(throws: ConditionProblem.self) {
            try ConditionParser.parse("true && form.child.name == 'An'", scope: Self.scope)
        }
        #expect(problem?.rule == .v22)
        #expect(problem?.offset == 8)
    }

    @Test func `suggests the name that was meant`() {
        let problem = #expect(throws: ConditionProblem.self) {
            try ConditionParser.parse("facts.urgnt", scope: Self.scope)
        }
        #expect(problem?.fix?.en == "Do you mean “facts.urgent”?")
    }

    @Test func `is bounded in depth and length`() throws {
        let deep = String(repeating: "(", count: 31) + "true" + String(repeating: ")", count: 31)
        #expect(try ConditionParser.parse(deep, scope: Self.scope).condition.holds([:]))
        for text in [
            "(\(deep))", String(repeating: "(", count: 900), String(repeating: "true ? ", count: 140),
            "true" + String(repeating: " || true", count: 200),
        ] {
            #expect(throws: ConditionProblem.self) { try ConditionParser.parse(text, scope: Self.scope) }
        }
    }

    @Test func `never traps, whatever the text`() {
        var random = SplitMix(seed: 20_260_101)
        let words = [
            "form.copies", "facts.urgent", "(", ")", "[", "]", "&&", "||", "!", "==", "<", "in", "?", ":", "3", "'a'",
            "has(", "date(", "\"", ",", "-", "é", "true", " ",
        ]
        var read = 0
        for _ in 0..<5000 {
            let count = Int(random.next() % 14)
            let text = (0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined()
            if let condition = try? ConditionParser.parse(text, scope: Self.scope).condition {
                read += 1
                _ = condition.holds(Self.facts)
            }
        }
        #expect(read > 0)
    }
}

/// A small source of numbers that a seed repeats.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
