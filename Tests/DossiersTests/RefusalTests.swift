import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// Every kind of refusal, by what was tried on a birth registration that was just accepted.
struct RefusalTests {
    struct Try: Sendable, CustomTestStringConvertible {
        var code: Refusal.Code
        var outcome: String
        var by: Actor
        var said: [String: Said] = [:]
        var field: String?

        var testDescription: String { "\(code.rawValue): \(outcome)" }
    }

    static let clerk = Actor.officer(id: "o-1", agency: "000.11.H17", roles: ["civil-status"])

    static let tries: [Try] = [
        Try(code: .noSuchOutcome, outcome: "nothing", by: clerk),
        Try(code: .otherAgency, outcome: "ok", by: .officer(id: "o-1", agency: "000.12.H17", roles: ["civil-status"])),
        Try(code: .noRole, outcome: "ok", by: .officer(id: "o-1", agency: "000.11.H17", roles: ["chairman"])),
        Try(code: .noRole, outcome: "ok", by: .applicant(through: "000.01.H17")),
        Try(code: .noRole, outcome: "ok", by: .connector("civil-registry")),
        Try(code: .badData, outcome: "supplement", by: clerk, field: "missing"),
        Try(code: .badData, outcome: "supplement", by: clerk, said: ["missing": .documents([])], field: "missing"),
        Try(
            code: .badData, outcome: "supplement", by: clerk, said: ["missing": .documents(["passport"])],
            field: "missing"),
        Try(code: .badData, outcome: "supplement", by: clerk, said: ["missing": .yesNo(true)], field: "missing"),
        Try(code: .badData, outcome: "ok", by: clerk, said: ["note": .yesNo(true)], field: "note"),
        Try(code: .badData, outcome: "wrong-commune", by: clerk, field: "agency"),
        Try(
            code: .badData, outcome: "wrong-commune", by: clerk, said: ["agency": .agency("000.21.H17")],
            field: "agency"),
        Try(
            code: .badData, outcome: "wrong-commune", by: clerk, said: ["agency": .agency("000.11.H17")],
            field: "agency"),
    ]

    private static func accepted() throws -> Story {
        var story = try Story("birth-registration", submitted: "2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        return story
    }

    @Test(arguments: tries)
    func `what may not be done is refused with its kind and changes nothing`(_ attempt: Try) throws {
        var story = try Self.accepted()
        let before = try story.state
        let activation = try story.running("check", in: story.root).activation
        let refusal = #expect(throws: Refusal.self) {
            try story.simulator.perform(
                .complete(activation: activation, outcome: attempt.outcome, said: attempt.said), on: story.root,
                by: attempt.by)
        }
        #expect(refusal?.code == attempt.code)
        #expect(refusal?.field == attempt.field)
        #expect(try story.state == before)
    }

    @Test func `a dead activation, an ended dossier and one that is not there are told apart`() throws {
        var story = try Self.accepted()
        let over = #expect(throws: Refusal.self) {
            try story.simulator.perform(
                .complete(activation: 1, outcome: "accept", said: [:]), on: story.root, by: Self.clerk)
        }
        #expect(over?.code == .notOpen)
        try story.complete("check", "unfit", at: "2026-03-02T09:00")
        try story.complete("refuse", "sign", at: "2026-03-02T09:10", said: Story.reason)
        let ended = #expect(throws: Refusal.self) {
            try story.simulator.perform(.claim(activation: 3), on: story.root, by: Self.clerk)
        }
        #expect(ended?.code == .ended)
        let world = try #require(story.simulator.world(of: story.state))
        let moment = Moment(arrived: story.simulator.now, recorded: story.simulator.now)
        let missing = #expect(throws: Refusal.self) {
            try decide(nil, .claim(activation: 1), by: Self.clerk, at: moment, in: world)
        }
        #expect(missing?.code == .notThere)
    }

    @Test func `a claimed task is done by its holder until it is released or reassigned`() throws {
        var story = try Self.accepted()
        let activation = try story.running("check", in: story.root).activation
        let other = Actor.officer(id: "o-2", agency: "000.11.H17", roles: ["civil-status"])
        let head = Actor.officer(id: "h", agency: "000.11.H17", roles: ["civil-status-head"])
        let notHeld = #expect(throws: Refusal.self) {
            try story.simulator.perform(.release(activation: activation), on: story.root, by: other)
        }
        #expect(notHeld?.code == .notHeld)
        try story.simulator.perform(.claim(activation: activation), on: story.root, by: Self.clerk)
        for command in [
            Command.claim(activation: activation), .release(activation: activation),
            .complete(activation: activation, outcome: "ok", said: [:]),
        ] {
            let refusal = #expect(throws: Refusal.self) {
                try story.simulator.perform(command, on: story.root, by: other)
            }
            #expect(refusal?.code == .heldByOther)
        }
        try story.simulator.perform(.reassign(activation: activation, officer: "a-1"), on: story.root, by: head)
        #expect(try story.running("check", in: story.root).officer == "a-1")
        #expect(try story.running("check", in: story.root).claims == 2)
        try story.simulator.perform(.release(activation: activation), on: story.root, by: head)
        #expect(try story.running("check", in: story.root).officer == nil)
        try story.complete("check", "ok", at: "2026-03-02T09:00", officer: "o-2")
    }

    @Test func `four eyes: who checked does not sign`() throws {
        var story = try Self.accepted()
        try story.complete("check", "ok", at: "2026-03-02T08:20", officer: "o-1")
        try story.complete("register", "number", at: "2026-03-02T08:30")
        for command in ["complete", "claim"] {
            let activation = try story.running("sign", in: story.root).activation
            let refusal = #expect(throws: Refusal.self) {
                try story.simulator.perform(
                    command == "claim"
                        ? .claim(activation: activation)
                        : .complete(activation: activation, outcome: "sign", said: [:]), on: story.root,
                    by: .officer(id: "o-1", agency: "000.11.H17", roles: ["chairman"]))
            }
            #expect(refusal?.code == .fourEyes)
        }
        try story.complete("sign", "sign", at: "2026-03-02T08:40", officer: "o-2")
        #expect(try story.state.hasEnded)
    }

    @Test func `a capped outcome is refused once it was chosen as often as allowed`() throws {
        var story = try Self.accepted()
        for minute in [20, 30] {
            try story.complete("check", "ok", at: "2026-03-02T08:\(minute)")
            try story.complete("register", "number", at: "2026-03-02T08:\(minute + 1)")
            try story.complete("sign", "send-back", at: "2026-03-02T08:\(minute + 2)", officer: "o-2")
        }
        try story.complete("check", "ok", at: "2026-03-02T08:40")
        try story.complete("register", "number", at: "2026-03-02T08:41")
        let refusal = #expect(throws: Refusal.self) {
            try story.complete("sign", "send-back", at: "2026-03-02T08:42", officer: "o-2")
        }
        #expect(refusal?.code == .tooOften)
        #expect(try story.openSteps(story.root) == ["sign"])
    }

    @Test func `what a case does not offer is refused`() throws {
        var facts = TrainingProvince.facts
        facts["form.residence.with"] = .text("parents")
        var story = try Story("permanent-residence", submitted: "2026-03-02T08:00", facts: facts)
        try story.complete("receive", "accept", at: "2026-03-02T09:00")
        let refusal = #expect(throws: Refusal.self) {
            try story.complete("register", "verify", at: "2026-03-02T10:00")
        }
        #expect(refusal?.code == .notOffered)
        let withdrawal = #expect(throws: Refusal.self) { try story.withdraw(at: "2026-03-02T10:10") }
        #expect(withdrawal?.code == .notOffered)
    }

    @Test func `a submission is refused out of force, without a code, and where no agency is competent`() throws {
        var simulator = try TrainingProvince.simulator(at: "2015-03-02T08:00")
        let birth = try TrainingProcedures.birth()
        func refusal(_ procedure: Procedure, _ facts: [String: FactValue]) -> Refusal? {
            #expect(throws: Refusal.self) {
                try simulator.submit(procedure, centre: "000.01.H17", facts: facts)
            }
        }
        #expect(refusal(birth, TrainingProvince.facts)?.code == .notInForce)
        simulator.advance(to: try at("2026-03-02T08:00"))
        #expect(refusal(try TrainingProcedures.card(), TrainingProvince.facts)?.code == .notInForce)
        var facts = TrainingProvince.facts
        facts["form.registration.commune"] = .text("99999")
        var story = try Story("birth-registration", submitted: "2026-03-02T08:00", facts: facts)
        let lost = #expect(throws: Refusal.self) {
            try story.complete("receive", "accept", at: "2026-03-02T08:10")
        }
        #expect(lost?.code == .noCompetentAgency)
        #expect(lost?.field == "form.registration.commune")
        #expect(try story.openSteps(story.root) == ["receive"])
    }

    @Test func `a date outside the calendar is refused to a person`() throws {
        var simulator = try TrainingProvince.simulator(at: "2031-03-02T08:00")
        let refusal = #expect(throws: Refusal.self) {
            try simulator.submit(try TrainingProcedures.birth(), centre: "000.01.H17", facts: TrainingProvince.facts)
        }
        #expect(refusal?.code == .badDate)
    }

    @Test func `a timer that is not armed for that instant does nothing`() throws {
        let story = try Self.accepted()
        let state = try story.state
        let world = try #require(story.simulator.world(of: state))
        let moment = Moment(arrived: try at("2026-03-02T20:00"), recorded: try at("2026-03-02T20:00"))
        let armed = openWork(state, in: world).timers
        #expect(!armed.isEmpty)
        for timer in armed {
            let early = Moment(arrived: timer.due.adding(seconds: -1), recorded: timer.due.adding(seconds: -1))
            let wrong = timer.due.adding(seconds: 1)
            for (due, moment) in [(timer.due, early), (wrong, moment)] {
                let decision = try decide(state, .timer(timer.key, due: due), by: .engine, at: moment, in: world)
                #expect(decision.events.isEmpty && decision.state == state)
            }
        }
    }
}
