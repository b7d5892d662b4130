import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// A file with one fault: what is replaced in the sound sample, by what, and with `¦` where the finding must stand.
struct Fault: Sendable, CustomTestStringConvertible {
    var rule: Rule
    var part: String
    var change: String
    var says: String

    init(_ rule: Rule, _ part: String, _ change: String, _ says: String) {
        self.rule = rule
        self.part = part
        self.change = change
        self.says = says
    }

    /// The text in whose place the finding must stand, where that is not the change itself.
    var marker: String?

    /// The same fault, found where `¦` stands in `marker`.
    func at(_ marker: String) -> Fault {
        var fault = self
        fault.marker = marker
        return fault
    }

    var testDescription: String { "\(rule.rawValue) \(says)" }
}

struct `The rules` {
    @Test func `find nothing in a sound file`() {
        let loaded = Sample.read(Sample.procedure)
        #expect(loaded.report.text(in: .en) == "")
        #expect(loaded.catalogue.procedures.map(\.name) == ["part", "sample"])
    }

    @Test(arguments: Faults.all)
    func `find each fault at its line and column`(_ fault: Fault) throws {
        let edited = try #require(Sample.edited(Sample.procedure, fault), "the part is not there")
        let loaded = Sample.read(edited.text)
        let rows = loaded.report.rows.filter { $0.file == Sample.fileName }
        let found = rows.filter {
            $0.finding.rule == fault.rule && $0.finding.message.en.contains(fault.says)
                && $0.finding.spot == Spot(line: edited.line, column: edited.column)
        }
        #expect(found.count == 1, "wanted \(edited.line):\(edited.column), got:\n\(loaded.report.text(in: .en))")
        let refuses = found.contains { $0.finding.severity == .error }
        #expect(loaded.catalogue.procedures.contains { $0.name == "sample" } != refuses)
    }

    @Test func `are reported all at once, in the order of the text`() throws {
        var text = Sample.procedure
        for (part, change) in [
            ("field: mau", "feild: mau"), ("within: 7 working days", "within: 7"), ("then: enter}", "then: entre}"),
            ("kind == \"one\"", "kind == \"uno\""),
        ] {
            text = text.replacing(part, with: change, maxReplacements: 1)
        }
        let report = Sample.read(text).report
        let rules = report.rows.map(\.finding.rule)
        #expect(Set([Rule.v01, .v10, .v03, .v17]).isSubset(of: Set(rules)), "\(report.text(in: .en))")
        let spots = report.rows.filter { $0.file == Sample.fileName }.map(\.finding.spot)
        #expect(spots == spots.sorted())
    }

    @Test func `V18 refuses a changed file under a published version number`() throws {
        let first = Sample.read(Sample.procedure)
        let again = ProcedureFile.read(
            Array(Sample.procedure.replacing("Thủ tục mẫu", with: "Thủ tục khác").utf8), name: "again.yaml",
            catalogue: first.catalogue)
        #expect(again.procedure == nil)
        #expect(again.report.rows.map(\.finding.rule) == [.v18])
        #expect(again.report.rows.first?.finding.spot == Spot(line: 2, column: 10))
    }

    @Test func `V03 refuses links that form a cycle`() {
        let child = Sample.child.replacing(
            "    by: clerk at bureau of form.place\n    public: {status: 4, vi: Đang làm., en: At work.}",
            with: "    procedure: sample\n    at: bureau of form.place", maxReplacements: 1)
        let report = Sample.read(Sample.procedure, child: child).report
        #expect(report.rows.filter { $0.finding.rule == .v03 && $0.finding.message.en.contains("cycle") }.count == 2)
    }

    @Test func `V19 refuses a linked procedure that requires what the form does not have`() {
        let child = Sample.child.replacing(
            "linked:", with: "  weight: {type: number, required: true, title: {vi: Nặng, en: Weight}}\nlinked:")
        let report = Sample.read(Sample.procedure, child: child).report
        #expect(report.rows.map(\.finding.rule) == [.v19], "\(report.text(in: .en))")
    }

    @Test(arguments: [
        ("found: ", "seen: ", "reads the fact “facts.found”"),
        ("linked: {start: work}\n", "", "links this procedure"),
        ("max: 50", "max: 40", "does not give “name”"),
        (
            "linked:", "  weight: {type: number, required: true, title: {vi: Nặng, en: Weight}}\nlinked:",
            "does not give “weight”"
        ),
    ])
    func `V19 refuses a version that breaks the contract of those that link it`(
        _ part: String, _ change: String, _ says: String
    ) {
        let before = Sample.read(Sample.procedure).catalogue
        let next = Sample.child.replacing("version: 1", with: "version: 2")
            .replacing("{from: 2020-01-01}", with: "{from: 2025-01-01}")
        #expect(ProcedureFile.read(Array(next.utf8), name: "part-2.yaml", catalogue: before).report.rows.isEmpty)
        let broken = next.replacing(part, with: change)
        let loaded = ProcedureFile.read(Array(broken.utf8), name: "part-2.yaml", catalogue: before)
        #expect(loaded.procedure == nil)
        let errors = loaded.report.rows.filter { $0.finding.rule == .v19 }
        #expect(errors.contains { $0.finding.message.en.contains(says) }, "\(loaded.report.text(in: .en))")
    }

    @Test func `V19 refuses a version that drops an end that others wait for`() {
        let next = Sample.child.replacing("version: 1", with: "version: 2")
            .replacing("{from: 2020-01-01}", with: "{from: 2025-01-01}")
            .replacing("end: refused", with: "end: declined").replacing("  refused: {", with: "  declined: {")
        let before = Sample.read(Sample.procedure).catalogue
        let report = ProcedureFile.read(Array(next.utf8), name: "part-2.yaml", catalogue: before).report
        #expect(report.rows.map(\.finding.rule) == [.v19, .v19])
        #expect(report.text(in: .en).contains("waits for the end “refused”, which this version drops"))
        #expect(report.text(in: .en).contains("does not know the end “declined”"))
    }

    @Test func `V03 refuses a linked procedure that is not in force all the time`() {
        let child = Sample.child.replacing("{from: 2020-01-01}", with: "{from: 2020-01-01, until: 2024-05-31}")
        let report = Sample.read(Sample.procedure, child: child).report
        #expect(report.text(in: .en).contains("On 2024-06-01 no version of “part” is in force."))
    }

    @Test func `V09 is accepted where the file says that the law has it so`() {
        let longer = Sample.procedure.replacing(
            "- {within: 9 working days, when: facts.urgent}\n", with: "", maxReplacements: 1
        )
        .replacing("              within: 1 working day\n", with: "              within: 30 working days\n")
        #expect(Sample.read(longer).report.rows.map(\.finding.rule) == [.v09])
        let said = longer.replacing(
            "examples:", with: "accept-conflict: [{rule: V09, because: the law has it so, basis: điều 1}]\nexamples:")
        #expect(Sample.read(said).report.rows.isEmpty)
    }
}
