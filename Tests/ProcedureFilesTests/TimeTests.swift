import Dossiers
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// Everything that a deadline says, from the text of a file to the dates of a dossier.
struct `What a file says of time` {
    static let facts: [String: FactValue] = ["form.place": .text("48001")]

    private static func run(
        _ text: String, submitted: String = "2026-04-13T07:45", channel: Submission.Channel = .online
    ) throws -> FileRun {
        try FileRun(
            try PaymentFile.read(text), "transfer", centre: "000.00.01.H17", submitted: submitted, facts: facts,
            channel: channel)
    }

    @Test(arguments: [PaymentFile.paused, PaymentFile.phases])
    func `holds in its examples: a pause, and two phases`(_ text: String) throws {
        let loaded = try PaymentFile.read(text)
        #expect(loaded.report.text(in: .en) == "")
        let procedure = try #require(loaded.catalogue.procedures.last)
        let failures = ExampleRunner.run(procedure, in: loaded.catalogue)
        #expect(failures.isEmpty, "\(failures.map(\.message.vi))")
        #expect(procedure.examples.count == 3)
    }

    @Test func `reminds the citizen of a wait without limit, who is told what to do`() throws {
        var run = try Self.run(PaymentFile.paused)
        try run.complete("receive", "accept", at: "2026-04-13T08:00")
        try run.complete("assess", "duty", at: "2026-04-16T16:00")
        let told = run.simulator.notices.count
        #expect(run.simulator.notices.last?.action?.text.vi == "Bạn cần nộp lệ phí trước bạ.")
        #expect(run.simulator.notices.last?.status == .needsPayment)
        // Ten working days after 16 April, and again: 27 April, 30 April and 1 May are off.
        try run.wait(until: "2026-05-05T17:00")
        #expect(run.simulator.notices.count == told)
        try run.wait(until: "2026-05-05T17:01")
        #expect(run.simulator.notices.count == told + 1)
        #expect(run.simulator.notices.last?.sentence?.vi == "Bạn cần nộp lệ phí trước bạ.")
        try run.wait(until: "2026-05-19T17:01")
        #expect(run.kinds.count { $0 == "reminded" } == 2)
        #expect(run.simulator.idleTimers.isEmpty)
        let state = try run.state
        #expect(try State(decoding: state.encoded()) == state)
    }

    @Test func `reminds the citizen of a result that nobody has collected`() throws {
        let words = "    public: {status: 4, vi: \"Đang ký"
        let text = PaymentFile.paused.replacing(words, with: "    remind: 10 working days\n" + words)
        var run = try Self.run(text)
        try run.complete("receive", "accept", at: "2026-04-13T08:00")
        try run.complete("assess", "duty", at: "2026-04-16T16:00")
        try run.tell("paid", by: "tax-office", at: "2026-04-17T09:00")
        #expect(try run.open == ["issue"])
        // 27 and 30 April and 1 May are off.
        try run.wait(until: "2026-05-06T17:00")
        #expect(!run.kinds.contains("reminded"))
        try run.wait(until: "2026-05-06T17:01")
        #expect(run.kinds.count { $0 == "reminded" } == 1)
        #expect(run.simulator.notices.last?.sentence?.vi.hasPrefix("Đang ký") == true)
        try run.wait(until: "2026-05-20T17:01")
        #expect(run.kinds.count { $0 == "reminded" } == 2)
        try run.complete("issue", "done", at: "2026-05-21T08:00")
        #expect(try run.state.hasEnded && run.simulator.idleTimers.isEmpty)
    }

    @Test func `opens no new clock while a person reviews the wait`() throws {
        var run = try Self.run(PaymentFile.paused)
        try run.complete("receive", "accept", at: "2026-04-13T08:00")
        try run.complete("assess", "duty", at: "2026-04-16T16:00")
        try run.wait(until: "2026-06-04T08:00")
        #expect(try run.open == ["review-pay"])
        #expect(try run.state.clock.shownPromise == nil)
        try run.complete("review-pay", "wait-on", at: "2026-06-04T09:00")
        #expect(try run.open == [])
        #expect(try run.state.clock.shownPromise == nil)
        try run.tell("paid", by: "tax-office", at: "2026-06-05T09:00")
        #expect(try run.state.clock.promised != nil && run.open == ["issue"])
    }

    static let cutOff = PaymentFile.paused.replacing(
        "limits: [{within: 8 working days}]",
        with: "limits: [{within: 3 working days}]\n  cut-off: {at: \"15:00\", channels: [online]}")

    @Test(arguments: [
        (Submission.Channel.online, "2026-04-20T17:00"), (.desk, "2026-04-17T17:00"), (.post, "2026-04-17T17:00"),
    ])
    func `a cut-off holds for its channels`(_ channel: Submission.Channel, _ promised: String) throws {
        var run = try Self.run(
            Self.cutOff.replacing("limits: [{within: 3 working days}]", with: "limits: [{within: 3 working days}]"),
            submitted: "2026-04-14T08:00", channel: channel)
        try run.complete("receive", "accept", at: "2026-04-14T15:30")
        #expect(try run.state.clock.promised == FileRun.at(promised))
    }

    @Test(arguments: [(Submission.Channel.online, "2026-04-16T17:00"), (.desk, "2026-04-24T17:00")])
    func `a limit depends on the channel`(_ channel: Submission.Channel, _ promised: String) throws {
        let text = PaymentFile.paused.replacing(
            "limits: [{within: 8 working days}]",
            with: "limits: [{within: 2 working days, when: 'dossier.channel == \"online\"'}, {within: 8 working days}]")
        var run = try Self.run(text, submitted: "2026-04-14T08:00", channel: channel)
        try run.complete("receive", "accept", at: "2026-04-14T09:00")
        #expect(try run.state.clock.promised == FileRun.at(promised))
    }

    @Test func `on a receipt slip the desk's own time lies inside the limit`() throws {
        let text = PaymentFile.paused.replacing(
            "limits: [{within: 8 working days}]",
            with: "limits: [{within: 3 working days}]\n  counts-from: receipt-slip")
        var run = try Self.run(text, submitted: "2026-04-13T08:00")
        #expect(try run.state.clock.received == FileRun.at("2026-04-13T08:00"))
        let state = try run.state
        #expect(try State(decoding: state.encoded()) == state)
        try run.complete("receive", "accept", at: "2026-04-14T08:00")
        #expect(try run.state.clock.promised == FileRun.at("2026-04-16T17:00"))
        #expect(try run.state.clock.received == nil)
    }

    @Test func `a task beside the rest tells who must know before the promised date, and after it`() throws {
        let text = PaymentFile.paused.replacing(
            "reasons:\n",
            with: """
                late:
                  warn: {ahead: 1 working day, who: reception-head at centre}
                  re-appoint: {at-most: 1}
                  breach: {tell: reception-head at centre}
                reasons:

                """, maxReplacements: 1)
        var run = try Self.run(text)
        try run.complete("receive", "accept", at: "2026-04-13T08:00")
        try run.wait(until: "2026-04-22T08:00")
        #expect(try Set(run.open) == ["assess", "late.warn"])
        let sentences = run.simulator.notices.count
        try run.complete("late.warn", "seen", at: "2026-04-22T09:00")
        #expect(try run.open == ["assess"])
        try run.wait(until: "2026-04-23T17:11")
        #expect(try Set(run.open) == ["assess", "late.breach"])
        #expect(run.simulator.notices.count == sentences)
        #expect(run.simulator.notices.last?.holder?.agency == "000.01.01.H17")
        try run.complete("assess", "duty", at: "2026-04-24T08:00")
        try run.tell("paid", by: "tax-office", at: "2026-04-24T09:00")
        try run.complete("issue", "done", at: "2026-04-24T10:00")
        #expect(try run.state.hasEnded && run.state.running.isEmpty)
    }
}

struct `The rules of time` {
    static let faults: [Fault] = [
        Fault(
            .v08, "    clock: paused\n    public: {status: 6, vi: Bạn", "    public: {status: 6, vi: Bạn", "cannot run"
        ).at(
            "no-limit: ¦{basis"),
        Fault(
            .v13,
            "public: {status: 4, vi: \"Đang ký, hẹn {promised}.\", en: \"Being signed, promised for {promised}.\"}",
            "remind: ¦10 working days", "to tell again"),
        Fault(.v08, "basis: \"Luật mẫu, điều 3\", ", "", "“basis” is missing").at("no-limit: ¦{remind"),
        Fault(.v08, "remind: 10 working days, ", "", "“remind” is missing").at("no-limit: ¦{basis"),
        Fault(.v08, ", review: {after: 30 working days, then: review-pay}", "", "“review” is missing").at(
            "no-limit: ¦{basis"),
        Fault(.v08, "then: review-pay}", "then: ¦pay}", "A person must decide"),
        Fault(
            .v08, "from: tax-office, sets: {paid: true}, then: issue",
            "from: tax-office, sets: {paid: true}, then: ¦pay", "A person must decide"),
        Fault(
            .v13, "    public: {status: 6, vi: Bạn cần nộp lệ phí trước bạ., en: Please pay the registration duty.}\n",
            "", "no public sentence"
        ).at("  ¦pay:\n"),
        Fault(
            .v09, "reception: {within: 8 working hours}\ndeadline:\n", "deadline:\n  counts-from: ¦receipt-slip\n",
            "“reception” must be declared"),
        Fault(.v01, "amount: 500000, timing: after", "amount: 500000, timing: ¦later", "not one of the words"),
        Fault(
            .v20, "timing: after, collector: civil-status of form.place",
            "timing: before, collector: civil-status of form.place", "nothing says how it is paid back"
        ).at("  ¦duty: {title: {vi: Lệ"),
        Fault(
            .v17, "[{within: 8 working days}]",
            "[{within: 2 working days, when: 'dossier.channel == ¦\"fax\"'}, {within: 8 working days}]",
            "not one of the choices"),
    ]

    @Test(arguments: faults)
    func `find each fault at its line and column`(_ fault: Fault) throws {
        let edited = try #require(Sample.edited(PaymentFile.paused, fault), "the part is not there")
        let loaded = try PaymentFile.read(edited.text)
        let found = loaded.report.rows.filter {
            $0.finding.rule == fault.rule && $0.finding.message.en.contains(fault.says)
                && $0.finding.spot == Spot(line: edited.line, column: edited.column)
        }
        #expect(found.count == 1, "wanted \(edited.line):\(edited.column), got:\n\(loaded.report.text(in: .en))")
        #expect(loaded.catalogue.procedures.isEmpty)
    }
}
