import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// Dossiers of children of the same birth (flagship.md, twins).
struct SiblingTests {
    /// The flagship's dossier, and a second one that is submitted with it.
    private static func twins() throws -> (Story, DossierRef) {
        var story = try Story.flagship("2026-03-02T08:30")
        let second = try story.submitSibling(of: story.root)
        return (story, second)
    }

    private static func kinds(_ simulator: Simulator, _ dossier: DossierRef) -> [String] {
        (simulator.logs[dossier] ?? []).map(\.body.kind)
    }

    @Test func `twins have a dossier each, which go their own ways and know each other`() throws {
        var (story, second) = try Self.twins()
        #expect(try story.state.siblings == [second])
        #expect(story.simulator.dossiers[second]?.siblings == [story.root])
        #expect(Self.kinds(story.simulator, second).prefix(2) == ["submitted", "sent"])
        #expect(Self.kinds(story.simulator, story.root).last == "siblings-added")
        try story.complete("receive", "accept", at: "2026-03-02T09:00")
        let state = try #require(story.simulator.dossiers[second])
        #expect(try story.state.code == "000.01.H17-260302-0001")
        #expect(state.code == nil && state.clock.accepted == nil)
        #expect(state.running.count == 1)
        // Parts are nobody's siblings.
        #expect(try story.childState("birth").siblings.isEmpty)
    }

    @Test func `the public side is told nothing of a sibling`() throws {
        var (story, second) = try Self.twins()
        let third = try story.submitSibling(of: second)
        let born = [story.root, second, third]
        #expect(story.simulator.notices.count == 3)
        for notice in story.simulator.notices {
            let body = String(decoding: notice.encoded(), as: UTF8.self)
            #expect(born.filter { body.contains($0.id.description) }.map(\.id.description) == [notice.dossier])
        }
        // What they hear of each other is no news for a citizen either.
        #expect(born.allSatisfy { story.simulator.dossiers[$0]?.published.count == 1 })
    }

    @Test func `a dossier that has ended hears of a sibling, and its end stands`() throws {
        var story = try Story.flagship("2026-03-02T08:30")
        try story.withdraw(at: "2026-03-02T08:40")
        let phase = try story.state.phase
        let second = try story.submitSibling(of: story.root)
        #expect(try story.state.siblings == [second])
        #expect(try story.state.phase == phase)
        #expect(Self.kinds(story.simulator, story.root).suffix(3) == ["ended", "published", "siblings-added"])
    }

    @Test func `a part that is told of a sibling has none`() throws {
        var story = try Story.flagship("2026-03-02T08:30")
        try story.complete("receive", "accept", at: "2026-03-02T09:00")
        let part = try story.childState("birth")
        let message = Message(
            from: story.root, to: part.dossier, activation: 0, number: 9, body: .siblings([story.root]))
        let moment = Moment(arrived: story.simulator.now, recorded: story.simulator.now)
        let world = try #require(story.simulator.world(of: part))
        let decision = try decide(part, .message(message), by: .engine, at: moment, in: world)
        #expect(decision == Decision(events: [], state: part))
    }

    @Test(arguments: UInt64(0)..<200)
    func `all know all in the end, in whatever order messages come and however often`(_ seed: UInt64) throws {
        var post = try SiblingPost(seed: seed)
        while try post.step() {}
        let born = Set(post.states.keys)
        #expect(born.count == post.count)
        for (dossier, state) in post.states {
            #expect(Set(state.siblings) == born.subtracting([dossier]), "seed \(seed)")
            #expect(state.siblings.count == born.count - 1, "seed \(seed)")
            #expect(post.logs[dossier]?.reduce(State?.none) { evolve($0, $1) } == state, "seed \(seed)")
        }
        // Then everything that was ever sent has no effect any more.
        for message in post.sent { #expect(try post.deliver(message).isEmpty, "seed \(seed)") }
    }

    @Test func `R11 the encoded state of a triplet's flagship stays under 1.5 kB`() throws {
        var story = try Story.shared(
            submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-02T11:00")
        let second = try story.submitSibling(of: story.root)
        _ = try story.submitSibling(of: second)
        try story.complete("register", "verify", at: "2026-03-03T09:00", in: "share/residence")
        try story.withdraw(at: "2026-03-03T09:30")
        let state = try story.state
        #expect(state.siblings.count == 2)
        #expect(state.encoded().count < 1500, "\(String(decoding: state.encoded(), as: UTF8.self))")
        #expect(try State(decoding: state.encoded()) == state)
    }
}

/// Dossiers of one birth whose messages wait in no order: any may come next, and come again.
private struct SiblingPost {
    let count: Int
    private(set) var states: [DossierRef: State] = [:]
    private(set) var logs: [DossierRef: [Event]] = [:]
    private(set) var sent: [Message] = []
    private var chance: Chance
    private var waiting: [Message] = []
    private var born: [DossierRef] = []
    private let world: World
    private let moment: Moment

    init(seed: UInt64) throws {
        chance = Chance(seed: seed)
        count = 2 + chance.below(5)
        let simulator = try TrainingProvince.simulator(at: "2026-03-02T08:30")
        world = World(
            procedure: try TrainingProcedures.flagship(), versions: simulator.versions,
            calendars: simulator.calendars, directory: simulator.directory)
        moment = Moment(arrived: simulator.now, recorded: simulator.now)
    }

    /// Submits the next child with any that is there, or delivers any message; false when there is nothing left to do.
    mutating func step() throws -> Bool {
        if born.count < count, waiting.isEmpty || chance.isOne(in: 3) {
            let child = DossierRef(province: 48, id: DossierID(milliseconds: 1, random: (0, UInt64(born.count + 1))))
            let sibling = born.isEmpty ? nil : born[chance.below(born.count)]
            try run(
                .submit(
                    Submission(
                        dossier: child, channel: .desk, centre: "000.01.H17", facts: TrainingProvince.facts,
                        sibling: sibling)), on: child)
            born.append(child)
            return true
        }
        guard !waiting.isEmpty else { return false }
        let place = chance.below(waiting.count)
        let message = waiting[place]
        // One in four stays in the post and comes once more.
        if !chance.isOne(in: 4) { waiting.remove(at: place) }
        try deliver(message)
        return true
    }

    /// Gives a message to its dossier; what happened there.
    @discardableResult
    mutating func deliver(_ message: Message) throws -> [Event] { try run(.message(message), on: message.to) }

    @discardableResult
    private mutating func run(_ command: Command, on dossier: DossierRef) throws -> [Event] {
        let decision = try decide(states[dossier], command, by: .engine, at: moment, in: world)
        states[dossier] = decision.state
        logs[dossier, default: []] += decision.events
        for event in decision.events {
            guard case .sent(let message) = event.body else { continue }
            waiting.append(message)
            sent.append(message)
        }
        return decision.events
    }
}

extension Story {
    /// Another child of the same birth is submitted for, by the flagship.
    mutating func submitSibling(of dossier: DossierRef) throws -> DossierRef {
        let procedure = try #require(simulator.versions.newest(name: "birth-residence-insurance"))
        return try simulator.submit(
            procedure, centre: "000.01.H17", facts: TrainingProvince.facts, sibling: dossier)
    }
}
