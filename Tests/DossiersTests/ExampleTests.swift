import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// Examples of procedure files run on the core (V23), and those that are wrong say so.
struct ExampleTests {
    private static func failures(_ examples: [Example]) throws -> [ExampleFailure] {
        var procedures = try TrainingProvince.procedures()
        procedures[3].examples = examples
        return ExampleRunner.run(
            procedures[3], versions: ProcedureVersions(procedures),
            calendars: ["vn-state": try TrainingCalendar.state()], directory: TrainingProvince.directory())
    }

    private static func example(
        _ name: String, _ acts: [(String, Example.Act)], _ expectations: [Example.Expectation],
        form: [String: FactValue] = [:]
    ) throws -> Example {
        Example(
            name: name, submitted: try at("2026-03-02T08:30"), form: form,
            actions: try acts.map { Example.Action(at: try at($0.0), act: $0.1) }, expectations: expectations)
    }

    static let born: [(String, Example.Act)] = [
        ("2026-03-02T09:00", .complete(path: "receive", outcome: "accept")),
        ("2026-03-02T10:00", .complete(path: "birth/check", outcome: "ok")),
        ("2026-03-02T10:30", .complete(path: "birth/register", outcome: "number")),
        ("2026-03-02T11:00", .complete(path: "birth/sign", outcome: "sign")),
    ]

    @Test func `examples that say what happens pass`() throws {
        let consent: [(String, Example.Act)] = [
            ("2026-03-03T10:00", .complete(path: "share/residence/register", outcome: "consent")),
            ("2026-03-09T14:00", .answer(path: "share/residence/register.consent")),
        ]
        let failures = try Self.failures([
            try Self.example(
                "consent", Self.born + consent,
                [
                    .promised(path: "", try at("2026-03-11T17:00")),
                    .firstPromised(path: "", try at("2026-03-05T17:00")),
                    .promised(path: "share/residence", try at("2026-03-11T17:00")),
                    .due(path: "", step: "share/insurance/issue", try at("2026-03-04T17:00")),
                    .due(path: "share/residence", step: "register", try at("2026-03-11T17:00")),
                    .open(path: "", steps: ["share/residence/register", "share/insurance"]),
                    .open(path: "share/residence", steps: ["register"]), .status(path: "", .processing),
                    .late(path: "", false),
                ]),
            try Self.example(
                "not offered",
                Self.born + [
                    ("2026-03-03T09:00", .complete(path: "share/residence/register", outcome: "verify"))
                ], [.refused], form: ["residence.with": .text("parents")]),
            try Self.example("withdrawn", [("2026-03-02T08:40", .withdraw)], [.ended(path: "", end: "withdrawn")]),
            try Self.example(
                "apology",
                Self.born + [("2026-03-03T09:00", .reappoint(path: "share/residence", to: try at("2026-03-10T17:00")))],
                [.promised(path: "", try at("2026-03-10T17:00"))]),
        ])
        #expect(failures == [], "\(failures.map { $0.message.vi })")
    }

    @Test func `examples that say something else fail with what was found`() throws {
        let wrong: [Example.Expectation] = [
            .promised(path: "", try at("2026-03-06T17:00")), .firstPromised(path: "", nil),
            .due(path: "birth", step: "check", try at("2026-03-03T17:00")), .open(path: "", steps: ["receive"]),
            .status(path: "", .decided), .ended(path: "", end: "returned"), .late(path: "", true), .refused,
        ]
        let acts = [("2026-03-02T09:00", Example.Act.complete(path: "receive", outcome: "accept"))]
        let failures = try Self.failures(try wrong.map { try Self.example("wrong", acts, [$0]) })
        #expect(failures.count == wrong.count, "\(failures.map { $0.message.vi })")
        #expect(failures.first?.message.en?.contains("2026-03-05T17:00") == true)
    }

    @Test func `an act that is refused fails its example`() throws {
        let failures = try Self.failures([
            try Self.example("twice", [("2026-03-02T09:00", .complete(path: "birth/check", outcome: "ok"))], [])
        ])
        #expect(failures.count == 1)
    }
}
