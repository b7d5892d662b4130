import Dossiers
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// What a province says of its agencies and of its own limits, from the text of its file to a dossier.
struct `What a province says` {
    /// The bureau ends on Monday 4 March 2024; another one has its work from Tuesday.
    static let succeeded = Sample.province
        .replacing(
            "  02.H01: {kind: bureau, title: {vi: Phòng, en: Bureau}, serves: [\"001\", \"002\"]}\n",
            with: """
                  02.H01: {kind: bureau, title: {vi: Phòng, en: Bureau}, serves: ["001", "002"], until: 2024-03-04}
                  03.H01: {kind: bureau, title: {vi: Phòng mới, en: New bureau}, serves: ["001"], from: 2024-03-05, succeeds: [02.H01]}

                """
        )
        .replacing(
            "officers:\n",
            with:
                "officers:\n  c-01: {agency: 03.H01, roles: [clerk, head]}\n  c-02: {agency: 03.H01, roles: [clerk]}\n"
        )

    static let shortened =
        Sample.province
        + "\noverlays: [{procedure: sample, within: 2 working days, from: 2024-02-01, until: 2024-03-03, basis: QĐ 1}]\n"

    private static func run(_ province: String, submitted: String = "2024-03-01T09:00", place: String = "001") throws
        -> FileRun
    {
        var facts = `An interruption`.facts
        facts["form.place"] = .text(place)
        return try FileRun(
            Sample.read(Sample.procedure, province: province), "sample", centre: "01.H01", submitted: submitted,
            facts: facts)
    }

    @Test func `an agency that succeeds another has its open tasks from the first day`() throws {
        var run = try Self.run(Self.succeeded)
        try run.complete("receive", "accept", at: "2024-03-01T09:30")
        try run.wait(until: "2024-03-04T11:00")
        #expect(try run.running("check").agency == "02.H01")
        let told = run.simulator.notices.count
        try run.wait(until: "2024-03-05T08:00")
        let step = try run.running("check")
        #expect(step.agency == "03.H01")
        #expect(step.claims == 1)
        let notice = try #require(run.simulator.notices.last)
        #expect(run.simulator.notices.count == told + 1)
        #expect(notice.holder?.name.vi == "Phòng mới")
        #expect(notice.sentence?.vi == "Đang kiểm tra.")
        let refusal = #expect(throws: Refusal.self) {
            try run.simulator.perform(
                .complete(activation: step.activation, outcome: "ok", said: [:]), on: run.root,
                by: .officer(id: "b-01", agency: "02.H01", roles: ["clerk"]))
        }
        #expect(refusal?.code == .otherAgency)
        try run.complete("check", "ok", at: "2024-03-05T09:00")
        try run.wait(until: "2024-03-06T11:00")
        #expect(try run.running("by-hand").agency == "03.H01")
        #expect(run.simulator.idleTimers.isEmpty)
        let log = try #require(run.simulator.logs[run.root])
        let event = try #require(log.first { $0.body.kind == "succeeded" })
        #expect(event.body == .succeeded(agency: "02.H01", by: "03.H01"))
        #expect(try Event(decoding: event.encoded()) == event)
    }

    @Test(arguments: ["001", "002"])
    func `a successor is competent where the agency before it was`(_ place: String) throws {
        var run = try Self.run(Self.succeeded, submitted: "2024-03-06T08:00", place: place)
        try run.complete("receive", "accept", at: "2024-03-06T09:00")
        #expect(try run.running("check").agency == "03.H01")
    }

    @Test(arguments: [
        ("2024-03-01T09:30", "2024-03-05T12:00"), ("2024-03-04T09:30", "2024-03-11T12:00"),
    ])
    func `a province's own limit shortens the promise of what is accepted while it holds`(
        _ accepted: String, _ promised: String
    ) throws {
        var run = try Self.run(Self.shortened)
        try run.complete("receive", "accept", at: accepted)
        #expect(try run.state.clock.promised == FileRun.at(promised))
    }

    static let faults: [(Rule, String, String, String)] = [
        (.v11, "succeeds: [02.H01]", "succeeds: [09.H01]", "There is no agency “09.H01”"),
        (.v11, ", until: 2024-03-04", "", "must have ended"),
        (.v11, "until: 2024-03-04", "until: 2024-03-05", "must have ended"),
        (.v18, "succeeds: [02.H01]", "succeeds: [02.H01, 02.H01]", "succeeded by another one already"),
    ]

    @Test(arguments: faults)
    func `of successions is refused where it cannot be`(
        _ rule: Rule, _ part: String, _ change: String, _ says: String
    ) {
        let report = Sample.read(Sample.procedure, province: Self.succeeded.replacing(part, with: change)).report
        let found = report.rows.filter { $0.finding.rule == rule && $0.finding.message.en.contains(says) }
        #expect(found.count == 1, "\(report.text(in: .en))")
        #expect(found.allSatisfy { $0.file == "agencies/north.yaml" && $0.finding.spot.line > 1 })
    }

    @Test(arguments: [
        (Rule.v09, "within: 2 working days", "within: 9 working days", "may only shorten"),
        (.v03, "procedure: sample", "procedure: simple", "There is no procedure “simple”"),
        (.v01, ", basis: QĐ 1", "", "“basis” is missing"), (.v10, "2 working days", "2 days", "with its unit"),
    ])
    func `of its own limits is refused where it cannot be`(
        _ rule: Rule, _ part: String, _ change: String, _ says: String
    ) {
        let report = Sample.read(Sample.procedure, province: Self.shortened.replacing(part, with: change)).report
        let found = report.rows.filter { $0.finding.rule == rule && $0.finding.message.en.contains(says) }
        #expect(found.count == 1, "\(report.text(in: .en))")
    }
}
