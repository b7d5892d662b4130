import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// How branches join: all, any, so many; losers are stopped and shown as such.
struct JoinTests {
    /// receive → fork of three persons → return.
    private static func forked(_ join: Fork.Join) throws -> Procedure {
        typealias Make = TrainingProcedures
        func branch(_ number: Int) -> Node {
            Make.person(
                "vote-\(number)", "member", .centre, nil,
                [
                    Make.outcome("yes", .branch(result: "issued")),
                    Make.outcome("no", .branch(result: "refused"), needs: [Make.reason]),
                ], block: .branch(fork: NodeIndex(1), branch: number))
        }
        let fork = Fork(
            branches: (0..<3).map {
                .init(name: "m\($0)", title: Make.text("Người \($0)"), start: NodeIndex(2 + $0), results: ["issued"])
            }, join: join,
            results: [
                .init(outcome: "complete", test: .all("issued")), .init(outcome: "none", test: .none("issued")),
                .init(outcome: "partial", test: .otherwise),
            ])
        let done = Outcome.Target.node(NodeIndex(5))
        return try Make.procedure(
            "vote", code: "1.2", facts: [], deadline: Deadline(limits: [.init(within: .workingDays(3))]),
            ends: [Make.end("returned", .issued, [.returned], "Xong: {parts}.")],
            nodes: [
                Make.person(
                    "receive", "reception", .centre, nil,
                    [Make.outcome("accept", .node(NodeIndex(1)), accepts: true)], clock: .reception),
                Node(
                    name: "fork", title: Make.text("fork"), kind: .fork(fork),
                    outcomes: ["complete", "none", "partial"].map { Make.outcome($0, done) }),
                branch(0), branch(1), branch(2),
                Make.person(
                    "return", "reception", .centre, nil, [Make.outcome("handed-over", .end(EndIndex(0)))],
                    clock: .stopped),
            ])
    }

    struct Vote: Sendable {
        var join: Fork.Join
        var votes: [String]
        var outcome: String
    }

    static let votes: [Vote] = [
        Vote(join: .all, votes: ["yes", "yes", "yes"], outcome: "complete"),
        Vote(join: .all, votes: ["yes", "no", "yes"], outcome: "partial"),
        Vote(join: .all, votes: ["no", "no", "no"], outcome: "none"),
        Vote(join: .any, votes: ["yes"], outcome: "partial"),
        Vote(join: .any, votes: ["no", "yes"], outcome: "partial"),
        Vote(join: .any, votes: ["no", "no", "no"], outcome: "none"),
        Vote(join: .count(2), votes: ["yes", "yes"], outcome: "partial"),
        Vote(join: .count(2), votes: ["yes", "no", "yes"], outcome: "partial"),
        Vote(join: .count(2), votes: ["no", "no", "yes"], outcome: "partial"),
    ]

    @Test(arguments: votes)
    func `branches join when they should, and not before`(_ vote: Vote) throws {
        let procedure = try Self.forked(vote.join)
        var simulator = try TrainingProvince.simulator(at: "2026-03-02T08:00", [procedure])
        let root = try simulator.submit(procedure, centre: "000.01.H17", facts: [:])
        func complete(_ step: String, _ outcome: String) throws {
            let state = try #require(simulator.dossiers[root])
            let running = try #require(state.running.first { procedure[$0.node].name == step }, "\(step)")
            guard case .person(let role, _, _) = procedure[running.node].kind else { return }
            try simulator.perform(
                .complete(
                    activation: running.activation, outcome: outcome, said: outcome == "no" ? Story.reason : [:]),
                on: root, by: .officer(id: "o", agency: "000.01.H17", roles: [role]))
        }
        try complete("receive", "accept")
        for (number, answer) in vote.votes.enumerated() {
            #expect(simulator.dossiers[root]?.clock.stopped == nil)
            try complete("vote-\(number)", answer)
        }
        let state = try #require(simulator.dossiers[root])
        #expect(state.running.map { procedure[$0.node].name } == ["return"])
        #expect(state.clock.stopped != nil)
        let outcomes = simulator.logs[root]?.compactMap { event -> String? in
            if case .completed(_, let outcome, _) = event.body { outcome } else { nil }
        }
        #expect(outcomes?.last == vote.outcome)
        #expect(state.parts.count == 3)
        #expect(state.parts.count { $0.outcome == "stopped" } == 3 - vote.votes.count)
    }

    @Test func `a fork of which no branch is chosen is left at once`() throws {
        typealias Make = TrainingProcedures
        var procedure = try Self.forked(.all)
        guard case .fork(var fork) = procedure.nodes[1].kind else { return }
        for number in fork.branches.indices { fork.branches[number].when = Make.isTrue("facts.never") }
        procedure.nodes[1].kind = .fork(fork)
        var simulator = try TrainingProvince.simulator(at: "2026-03-02T08:00", [procedure])
        let root = try simulator.submit(procedure, centre: "000.01.H17", facts: [:])
        try simulator.perform(
            .complete(activation: 1, outcome: "accept", said: [:]), on: root,
            by: .officer(id: "o", agency: "000.01.H17", roles: ["reception"]))
        #expect(simulator.dossiers[root]?.running.map { procedure[$0.node].name } == ["return"])
    }

    @Test func `a faulty file whose empty fork leads back to itself stops instead of turning for ever`() throws {
        typealias Make = TrainingProcedures
        var procedure = try Self.forked(.all)
        guard case .fork(var fork) = procedure.nodes[1].kind else { return }
        fork.branches = []
        procedure.nodes[1].kind = .fork(fork)
        for number in procedure.nodes[1].outcomes.indices {
            procedure.nodes[1].outcomes[number].target = .node(NodeIndex(1))
        }
        var simulator = try TrainingProvince.simulator(at: "2026-03-02T08:00", [procedure])
        let root = try simulator.submit(procedure, centre: "000.01.H17", facts: [:])
        try simulator.perform(
            .complete(activation: 1, outcome: "accept", said: [:]), on: root,
            by: .officer(id: "o", agency: "000.01.H17", roles: ["reception"]))
        #expect(simulator.dossiers[root]?.hasEnded == false)
    }
}
