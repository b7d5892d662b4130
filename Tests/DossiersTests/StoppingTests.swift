import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// Ending by interruption has two phases (R16), tried without the simulator's post: parts that do not answer.
struct StoppingTests {
    /// The flagship with both parts open, its withdrawal confirmed, and the stop messages still on their way.
    private static func stopping() throws -> (Story, State, World) {
        var story = try Story.shared(
            submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-02T11:00")
        try story.withdraw(at: "2026-03-03T08:00")
        let state = try story.state
        let world = try #require(story.simulator.world(of: state))
        let confirm = try story.running("withdrawal.confirm", in: story.root)
        let decision = try decide(
            state, .complete(activation: confirm.activation, outcome: "confirm", said: [:]), by: Self.desk,
            at: try moment("2026-03-03T09:00"), in: world)
        return (story, decision.state, world)
    }

    static let desk = Actor.officer(id: "o-1", agency: "000.01.H17", roles: ["reception"])

    private static func moment(_ text: String) throws -> Moment {
        Moment(arrived: try at(text), recorded: try at(text))
    }

    private static func answer(_ state: State, _ place: Int, in story: Story) throws -> Message {
        let step = state.running.filter { $0.link != nil }[place]
        let link = try #require(step.link)
        return Message(
            from: link.dossier, to: story.root, activation: step.activation, number: 9,
            body: .ended(.init(end: "withdrawn", result: .withdrawn, at: try at("2026-03-03T10:00"))))
    }

    @Test func `R16 the terminal event waits until every part has answered`() throws {
        let (story, stopping, world) = try Self.stopping()
        #expect(stopping.phase == .stopping)
        #expect(stopping.running.allSatisfy { $0.link?.stopSent == true })
        #expect(stopping.clock.stopped == (try at("2026-03-03T09:00")))
        #expect(openWork(stopping, in: world).tasks.isEmpty)
        let first = try decide(
            stopping, .message(try Self.answer(stopping, 0, in: story)), by: .engine,
            at: try Self.moment("2026-03-03T10:00"), in: world)
        #expect(first.state.phase == .stopping)
        let second = try decide(
            first.state, .message(try Self.answer(first.state, 0, in: story)), by: .engine,
            at: try Self.moment("2026-03-03T10:01"), in: world)
        #expect(
            second.state.phase == .ended(end: "partly-withdrawn", result: .partial, at: try at("2026-03-03T10:01")))
        #expect(second.state.parts.map(\.outcome) == ["issued", "withdrawn", "withdrawn"])
    }

    @Test func `a part that does not answer for a working day gives an officer a task, who ends without it`() throws {
        let (story, stopping, world) = try Self.stopping()
        let timers = openWork(stopping, in: world).timers
        #expect(timers.map(\.key.kind) == [.stopOverdue, .stopOverdue])
        let timer = try #require(timers.first)
        #expect(timer.due == (try at("2026-03-04T17:00")))
        let overdue = try decide(
            stopping, .timer(timer.key, due: timer.due), by: .engine, at: try Self.moment("2026-03-04T17:00"),
            in: world)
        let work = openWork(overdue.state, in: world)
        #expect(work.tasks.map(\.step) == ["withdrawal.confirm"])
        #expect(!work.timers.contains { $0.key.kind == .stopOverdue })
        let task = try #require(work.tasks.first)
        let refusal = #expect(throws: Refusal.self) {
            try decide(
                overdue.state, .complete(activation: task.activation, outcome: "reject", said: [:]), by: Self.desk,
                at: try Self.moment("2026-03-05T08:00"), in: world)
        }
        #expect(refusal?.code == .tooLate)
        let ended = try decide(
            overdue.state, .complete(activation: task.activation, outcome: "confirm", said: [:]), by: Self.desk,
            at: try Self.moment("2026-03-05T08:00"), in: world)
        #expect(ended.state.hasEnded)
        let late = try decide(
            ended.state, .message(try Self.answer(stopping, 1, in: story)), by: .engine,
            at: try Self.moment("2026-03-06T08:00"), in: world)
        #expect(late.events.map(\.body.kind) == ["late-result"])
    }

    @Test func `a second withdrawal and new work are refused while it stops`() throws {
        let (_, stopping, world) = try Self.stopping()
        let refusal = #expect(throws: Refusal.self) {
            try decide(
                stopping, .withdraw(said: [:]), by: .applicant(through: "000.01.H17"),
                at: try Self.moment("2026-03-03T09:30"), in: world)
        }
        #expect(refusal?.code == .tooLate)
        #expect(allowedActions(stopping, in: world).isEmpty)
    }

    @Test func `a part that was told to stop answers at once and once only`() throws {
        let (story, stopping, _) = try Self.stopping()
        let step = try #require(stopping.running.first { $0.link != nil })
        let child = try #require(step.link?.dossier)
        let state = try #require(story.simulator.dossiers[child])
        let world = try #require(story.simulator.world(of: state))
        let stop = Message(from: story.root, to: child, activation: step.activation, number: 5, body: .stop)
        let stopped = try decide(
            state, .message(stop), by: .engine, at: try Self.moment("2026-03-03T09:00"), in: world)
        #expect(stopped.state.phase == .ended(end: "withdrawn", result: .withdrawn, at: try at("2026-03-03T09:00")))
        #expect(stopped.events.count { $0.body.kind == "sent" } == 1)
        let again = try decide(
            stopped.state, .message(stop), by: .engine, at: try Self.moment("2026-03-03T09:01"), in: world)
        #expect(again.events.isEmpty)
    }
}
