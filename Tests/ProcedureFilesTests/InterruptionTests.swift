import Dossiers
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// Interruptions, from the text of a file to what the core does.
struct `An interruption` {
    /// The sample, whose parallel step and whose whole can be interrupted.
    static let text = Sample.procedure
        .replacing(
            "    parallel:\n      join",
            with: """
                    on:
                      deadline: {within: 3 working days, then: gather}
                      messages:
                        halt: {title: {vi: Dừng phần này, en: Halt}, from: registry, then: gather, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, at-most: 1}
                    parallel:
                      join
                """
        )
        .replacing(
            "  hand-over:\n",
            with: """
                  gather:
                    title: {vi: Tập hợp, en: Gather}
                    by: clerk at bureau of form.place
                    public: {status: 4, vi: Đang tập hợp., en: Being gathered.}
                    outcomes:
                      go: {title: {vi: Tiếp, en: Go on}, then: hand-over}
                  decide:
                    title: {vi: Quyết định, en: Decide}
                    by: head at bureau of form.place
                    public: {status: 4, vi: "Đang xem xét, hạn {due}.", en: "Being considered, due {due}."}
                    outcomes:
                      again: {title: {vi: Làm lại, en: Again}, then: check}
                      go: {title: {vi: Tiếp, en: Go on}, then: hand-over}
                  hand-over:

                """
        )
        .replacing(
            "on:\n  withdrawal:",
            with: """
                on:
                  deadline: {then: decide, at-most: 1}
                  messages:
                    recall: {title: {vi: Thu hồi, en: Recall}, from: registry, then: decide, sets: {recalled: true}}
                  withdrawal:
                """
        )
        .replacing("  found: {type", with: "  recalled: {type: yes-no, set-by: on.recall}\n  found: {type")

    static let facts: [String: FactValue] = ["form.place": .text("001"), "form.kind": .text("two")]
    static let why: [String: Said] = ["reason": .reason(code: "no-answer", note: nil)]

    /// Accepted on Friday 1 March 2024, with both branches open since Monday 4 March at 09:00.
    static func shared(_ text: String = text) throws -> FileRun {
        var run = try FileRun(
            Sample.read(text), "sample", centre: "01.H01", submitted: "2024-03-01T09:00", facts: facts)
        try run.complete("receive", "accept", at: "2024-03-01T09:30")
        try run.complete("check", "ok", at: "2024-03-01T10:00")
        try run.call("enter", "entered", at: "2024-03-04T09:00")
        #expect(try run.open == ["share/left/make"])
        return run
    }

    @Test func `by a message leaves the parallel step for a person's step, and its parts are told to stop`() throws {
        var run = try Self.shared()
        let right = try #require(run.simulator.child(of: run.root, at: "share/right"))
        try run.tell("halt", by: "registry", at: "2024-03-05T09:00", said: Self.why)
        #expect(try run.open == ["gather"])
        #expect(run.simulator.dossiers[right]?.hasEnded == true)
        let kinds = run.kinds
        let order = ["interrupted", "left", "completed", "opened"].compactMap { kinds.lastIndex(of: $0) }
        #expect(order == order.sorted(), "\(kinds)")
        #expect(try run.state.reason == "no-answer")
        #expect(try run.state.leaving.isEmpty)
        #expect(try run.state.parts.map(\.name) == ["right"])
        #expect(run.simulator.notices.last?.sentence?.vi == "Đang tập hợp.")
    }

    @Test func `of a step by its passed time comes after the pauses of the clock`() throws {
        var run = try Self.shared()
        // Opened on Monday 4 March; three working days later is Thursday 7 March, and ten minutes for what is on its way.
        try run.wait(until: "2024-03-07T12:10")
        #expect(try run.open == ["share/left/make"])
        try run.wait(until: "2024-03-07T12:11")
        #expect(try run.open == ["gather"])
        #expect(run.simulator.idleTimers.isEmpty)
    }

    @Test func `of the whole by the passed promise leads to a person, once`() throws {
        var run = try Self.shared(
            Self.text.replacing("deadline: {within: 3 working days, then: gather}\n      ", with: ""))
        let promised = try #require(try run.state.clock.promised)
        #expect(promised == (try FileRun.at("2024-03-08T12:00")))
        try run.wait(until: "2024-03-08T12:30")
        #expect(try run.open == ["decide"])
        #expect(try run.state.clock.late)
        #expect(try run.state.phase == .running)
        try run.complete("decide", "again", at: "2024-03-11T09:00")
        #expect(try run.open == ["check"])
        #expect(run.kinds.count { $0 == "interrupted" } == 1)
    }

    @Test func `of the whole by a message sets its fact, keeps the withdrawal and the clock`() throws {
        var run = try Self.shared()
        try run.simulator.perform(.withdraw(said: [:]), on: run.root, by: .applicant(through: "01.H01"))
        try run.tell("recall", by: "registry", at: "2024-03-04T10:00")
        #expect(try Set(run.open) == ["withdrawal.confirm", "decide"])
        #expect(try run.state.facts["facts.recalled"] == .yesNo(true))
        #expect(try run.state.clock.open.keys.sorted() == [0])
        try run.complete("withdrawal.confirm", "confirm", at: "2024-03-04T11:00")
        #expect(try run.state.hasEnded)
    }

    @Test func `that nothing waits for is recorded, from another system refused, of no name refused`() throws {
        var run = try FileRun(
            Sample.read(Self.text), "sample", centre: "01.H01", submitted: "2024-03-01T09:00", facts: Self.facts)
        try run.tell("recall", by: "registry", at: "2024-03-01T09:10")
        #expect(run.simulator.logs[run.root]?.last?.body == .lateResult("message recall"))
        #expect(try run.open == ["receive"])
        let tries: [(String, String, Refusal.Code)] = [
            ("recall", "post-office", .noRole), ("rekall", "registry", .noSuchOutcome),
        ]
        for (message, connector, code) in tries {
            let refusal = #expect(throws: Refusal.self) {
                try run.tell(message, by: connector, at: "2024-03-01T09:20")
            }
            #expect(refusal?.code == code)
        }
        let refusal = #expect(throws: Refusal.self) {
            try run.simulator.perform(
                .tell(message: "recall", said: [:]), on: run.root,
                by: .officer(id: "b-01", agency: "02.H01", roles: ["head"]))
        }
        #expect(refusal?.code == .noRole)
    }

    @Test func `must say what its file needs`() throws {
        var run = try Self.shared()
        let refusal = #expect(throws: Refusal.self) { try run.tell("halt", by: "registry", at: "2024-03-05T09:00") }
        #expect(refusal?.code == .badData)
        #expect(refusal?.field == "reason")
        #expect(try run.open == ["share/left/make"])
    }

    /// The message came, and the part's answer is still on its way.
    private static func leaving() throws -> (run: FileRun, state: State, world: World) {
        var run = try shared()
        try run.wait(until: "2024-03-05T09:00")
        let world = try run.world
        let decision = try decide(
            try run.state, .tell(message: "halt", said: why), by: .connector("registry"),
            at: try moment("2024-03-05T09:00"),
            in: world)
        return (run, decision.state, world)
    }

    private static func moment(_ text: String) throws -> Moment {
        Moment(arrived: try FileRun.at(text), recorded: try FileRun.at(text))
    }

    private static func answer(_ run: FileRun, _ state: State) throws -> Message {
        let step = try #require(state.running.first { $0.link != nil })
        let link = try #require(step.link)
        return Message(
            from: link.dossier, to: run.root, activation: step.activation, number: 9,
            body: .ended(
                .init(end: "issued", result: .issued, gave: ["paper"], at: try FileRun.at("2024-03-05T09:10"))))
    }

    @Test func `R16 waits for its parts: no work opens, nothing interrupts twice, and what was issued stands`() throws {
        let (run, state, world) = try Self.leaving()
        #expect(openWork(state, in: world).tasks.isEmpty)
        #expect(state.leaving.values.sorted() == ["on.halt"])
        #expect(try State(decoding: state.encoded()) == state)
        let again = try decide(
            state, .tell(message: "halt", said: Self.why), by: .connector("registry"),
            at: try Self.moment("2024-03-05T09:05"), in: world)
        #expect(again.events.map(\.body) == [.lateResult("message halt")])
        let answered = try decide(
            state, .message(try Self.answer(run, state)), by: .engine, at: try Self.moment("2024-03-05T09:10"),
            in: world)
        #expect(openWork(answered.state, in: world).tasks.map(\.step) == ["gather"])
        #expect(answered.state.gave == ["paper"])
        #expect(answered.state.leaving.isEmpty)
    }

    @Test func `R16 goes on to the person after a working day without an answer, which is recorded when it comes`()
        throws
    {
        let (run, state, world) = try Self.leaving()
        let timers = openWork(state, in: world).timers.filter { $0.key.kind == .stopOverdue }
        let timer = try #require(timers.first)
        #expect(timers.count == 1)
        #expect(timer.due == (try FileRun.at("2024-03-06T12:00")))
        let overdue = try decide(
            state, .timer(timer.key, due: timer.due), by: .engine, at: try Self.moment("2024-03-06T12:00"), in: world)
        #expect(openWork(overdue.state, in: world).tasks.map(\.step) == ["gather"])
        #expect(!overdue.state.running.contains { $0.link != nil })
        let late = try decide(
            overdue.state, .message(try Self.answer(run, state)), by: .engine, at: try Self.moment("2024-03-07T09:00"),
            in: world)
        #expect(late.events.map(\.body.kind) == ["late-result"])
    }

    @Test func `R16 gives way to a withdrawal that is confirmed while it waits`() throws {
        let (run, state, world) = try Self.leaving()
        let asked = try decide(
            state, .withdraw(said: [:]), by: .applicant(through: "01.H01"), at: try Self.moment("2024-03-05T10:00"),
            in: world)
        let confirm = try #require(openWork(asked.state, in: world).tasks.first)
        let stopping = try decide(
            asked.state, .complete(activation: confirm.activation, outcome: "confirm", said: [:]),
            by: .officer(id: "a-01", agency: "01.H01", roles: ["reception"]), at: try Self.moment("2024-03-05T11:00"),
            in: world)
        #expect(stopping.state.phase == .stopping)
        let ended = try decide(
            stopping.state, .message(try Self.answer(run, state)), by: .engine, at: try Self.moment("2024-03-05T11:10"),
            in: world)
        #expect(ended.state.hasEnded)
    }

    @Test func `is told in examples`() throws {
        let example = """
              - name: a part is halted
                given: {submitted: 2024-03-01T09:00, channel: desk, form: {kind: two}}
                when:
                  - {at: 2024-03-01T09:30, do: receive, outcome: accept}
                  - {at: 2024-03-01T10:00, do: check, outcome: ok}
                  - {at: 2024-03-04T09:00, do: enter, outcome: entered}
                  - {at: 2024-03-05T09:00, tell: halt}
                then: {open: [gather]}

            """
        let loaded = Sample.read(Self.text + "\n" + example)
        #expect(loaded.report.text(in: .en) == "")
        var procedure = try #require(loaded.catalogue.procedures.last)
        #expect(procedure.examples.count == 2)
        #expect(procedure.examples.last?.channel == "desk")
        // The sample's first example is there to be read.
        procedure.examples.removeFirst()
        #expect(ExampleRunner.run(procedure, in: loaded.catalogue) == [])
    }
}

struct `The rules of interruptions` {
    static let faults: [Fault] = [
        Fault(.v08, "then: gather}", "then: ¦rest}", "A person must decide"),
        Fault(.v07, "then: gather}", "then: ¦share/left/view}", "stands in another block"),
        Fault(.v03, "{then: decide, at-most: 1}", "{then: ¦decode, at-most: 1}", "no step “decode”"),
        Fault(
            .v08, "deadline: {within: 3 working days, then: gather}", "deadline: ¦{then: gather}", "“within” is missing"
        ),
        Fault(.v11, "from: registry, then: decide", "from: ¦registri, then: decide", "no connector “registri”"),
        Fault(.v18, "    recall: {title", "    ¦deadline: {title", "is a passed deadline"),
        Fault(.v03, "set-by: on.recall", "set-by: ¦on.recal", "no step “on.recal”"),
        Fault(.v03, "sets: {recalled: true}", "sets: {¦recald: true}", "no fact"),
    ]

    @Test(arguments: faults)
    func `find each fault at its line and column`(_ fault: Fault) throws {
        let edited = try #require(Sample.edited(`An interruption`.text, fault), "the part is not there")
        let loaded = Sample.read(edited.text)
        let found = loaded.report.rows.filter {
            $0.finding.rule == fault.rule && $0.finding.message.en.contains(fault.says)
                && $0.finding.spot == Spot(line: edited.line, column: edited.column)
        }
        #expect(found.count == 1, "wanted \(edited.line):\(edited.column), got:\n\(loaded.report.text(in: .en))")
        #expect(!loaded.catalogue.procedures.contains { $0.name == "sample" })
    }
}
