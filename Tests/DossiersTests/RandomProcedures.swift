import Notices
import Procedures
import WorkingTime

/// SplitMix64: the same seed gives the same run.
struct Chance: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }
}

/// Makes sound procedures: every chain leads to an end, every branch to a result, every ask has its silence.
struct ProcedureMaker {
    var chance: Chance
    private var nodes: [Node] = []
    private var linkable: [Procedure] = []

    init(seed: UInt64) { chance = Chance(seed: seed) }

    /// Two to four procedures, each of which may link those before it; the last is to be submitted.
    mutating func family() throws -> [Procedure] {
        let count = 2 + chance.below(3)
        for number in 0..<count { linkable.append(try procedure(number)) }
        return linkable
    }

    private static func text(_ name: String) -> LocalText { LocalText(vi: name) }
    private static func words(_ status: NationalStatus) -> PublicWords {
        TrainingProcedures.words("{agency} {due} {promised} {reason} {parts} {missing}", status)
    }

    private mutating func procedure(_ number: Int) throws -> Procedure {
        nodes = []
        typealias Make = TrainingProcedures
        // 0 receive, 1 receive.ask, 2 receive.silence, 3 withdrawal.confirm, then the work.
        let work = NodeIndex(4)
        nodes.append(
            Make.person(
                "receive", "reception", .centre, Self.words(.submitted),
                [
                    Make.outcome("accept", .node(work), accepts: true, words: Self.words(.accepted)),
                    Make.outcome("supplement", .node(NodeIndex(1)), needs: [Make.missing], atMost: 1),
                    Make.outcome("refuse", .end(EndIndex(0)), needs: [Make.reason]),
                ], clock: .reception))
        nodes.append(
            Make.asking("receive.ask", Self.words(.needsDocuments), silence: 2, clock: .receptionHeld, then: 0))
        nodes.append(
            Make.person(
                "receive.silence", "reception", .centre, Self.words(.needsDocuments),
                [
                    Make.outcome("sign", .end(EndIndex(0)), needs: [Make.reason]),
                    Make.answered(.node(NodeIndex(0)), byApplicant: true),
                ], clock: .reception, within: .workingDays(1)))
        nodes.append(Make.confirm())
        let endsReady = chance.isOne(in: 2)
        // The result is handed over at a step of its own, where the clock has stopped; or the chain ends the dossier.
        try chain(
            length: 1 + chance.below(4), depth: 0, block: .root, number: number,
            end: endsReady ? nil : .end(EndIndex(1)))
        if endsReady {
            nodes.append(
                Make.person(
                    "return", "reception", .centre, Self.words(.decided),
                    [Make.outcome("handed-over", .end(EndIndex(1)))], clock: .stopped))
        }
        let limits: [TimeLimit] = [.sameWorkingDay, .workingDays(1 + chance.below(6)), .workingMinutes(480)]
        let made = try Make.procedure(
            "made-\(number)", code: "1.\(number)",
            facts: [
                Make.declared("commune", .area), Fact(name: "facts.more", type: .yesNo, source: .step("receive")),
            ],
            deadline: Deadline(
                limits: [
                    .init(within: .workingDays(9), when: Make.isTrue("facts.more")),
                    .init(within: limits[chance.below(3)]),
                ], cutOff: chance.isOne(in: 2) ? Make.cutOff : nil),
            late: LateRule(warnAhead: chance.isOne(in: 2) ? .workingDays(1) : .workingMinutes(240)),
            ends: [
                Make.end("not-accepted", .notAccepted, [.notAccepted]),
                Make.end("issued", .issued, [.decided, .returned]),
                Make.end("refused", .refused, [.decided, .returned]),
                Make.end("withdrawn", .withdrawn, [.withdrawn]), Make.end("partly", .partial, [.decided, .returned]),
            ], nodes: nodes, linkedStart: 4,
            withdrawal: chance.isOne(in: 4) ? nil : Make.withdrawal(confirm: 3, end: 3, partial: 4))
        return interruptWhole(made)
    }

    /// Appends a chain of steps to ``nodes``; the last leads to `end`.
    private mutating func chain(
        length: Int, depth: Int, block: Node.Block, number: Int, end: Outcome.Target?
    ) throws {
        for place in 0..<length {
            let isLast = place == length - 1
            let here = nodes.count
            // A step's own helpers stand behind it; where the next step will be is known when they are counted.
            switch chance.below(depth > 1 ? 6 : 8) {
            case 0, 1: ask(here, block, isLast ? end : nil)
            case 2: call(here, block, isLast ? end : nil)
            case 3: time(here, block, isLast ? end : nil)
            case 4: linkStep(here, block, number, isLast ? end : nil)
            case 5: openWait(here, block, isLast ? end : nil)
            default: try fork(here, block, number, isLast ? end : nil, depth)
            }
        }
    }

    /// Where a step leads that is followed by `helpers` of its own.
    private func next(_ here: Int, helpers: Int, _ end: Outcome.Target?) -> Outcome.Target {
        end ?? .node(NodeIndex(here + helpers + 1))
    }

    private mutating func ask(_ here: Int, _ block: Node.Block, _ end: Outcome.Target?) {
        typealias Make = TrainingProcedures
        let clocks: [ClockEffect] = [.restart, .paused, .runs]
        let clock = clocks[chance.below(3)]
        let rule: AgencyRule = chance.isOne(in: 2) ? .agency : .kind("civil-status", of: "form.commune")
        let refusal: Outcome.Target = block == .root ? .end(EndIndex(2)) : .branch(result: "refused")
        let done = next(here, helpers: 2, end)
        nodes.append(
            Make.person(
                "work-\(here)", "clerk", rule, chance.isOne(in: 4) ? nil : Self.words(.processing),
                [
                    Make.outcome("done", done, gives: chance.isOne(in: 3) ? ["paper-\(here)"] : []),
                    Make.outcome(
                        "ask", .node(NodeIndex(here + 1)), needs: [Make.missing], sets: ["more": .yesNo(true)],
                        atMost: 1),
                    Make.outcome("again", .node(NodeIndex(here)), atMost: 2),
                    Make.outcome("refuse", refusal, needs: [Make.reason]),
                    Make.outcome("elsewhere", .reroute, needs: [Make.reason], atMost: 1),
                ], within: chance.isOne(in: 2) ? .workingMinutes(240) : nil, notBy: chance.isOne(in: 3) ? [0] : [],
                block: block))
        nodes.append(
            Make.asking(
                "work-\(here).ask", Self.words(.needsDocuments), silence: here + 2, clock: clock, then: here,
                block: block))
        nodes.append(
            Make.person(
                "work-\(here).silence", "clerk", rule, Self.words(.needsDocuments),
                [
                    Make.outcome("sign", refusal, needs: [Make.reason]),
                    Make.answered(.node(NodeIndex(here)), byApplicant: true),
                ], clock: clock == .runs ? .runs : .paused, within: .workingDays(1), block: block))
    }

    private mutating func call(_ here: Int, _ block: Node.Block, _ end: Outcome.Target?) {
        typealias Make = TrainingProcedures
        let done = next(here, helpers: 1, end)
        nodes.append(
            Node(
                name: "call-\(here)", title: Self.text("call"),
                kind: .call(
                    Call(
                        connector: "registry", operation: "enter", downAfter: .workingMinutes(120),
                        downTo: NodeIndex(here + 1), attempts: 2)), block: block, words: Self.words(.processing),
                outcomes: [Make.outcome("number", done)]))
        nodes.append(
            Make.person(
                "call-\(here).down", "clerk", .agency, nil, [Make.outcome("number", done)], block: block))
    }

    private mutating func time(_ here: Int, _ block: Node.Block, _ end: Outcome.Target?) {
        nodes.append(
            Node(
                name: "time-\(here)", title: Self.text("time"), kind: .time, block: block,
                within: .workingMinutes(60 + chance.below(600)),
                outcomes: [TrainingProcedures.outcome("over", next(here, helpers: 0, end))]))
    }

    /// By a message of the register, or by the time that passes.
    private func interruptions(_ message: String, to place: Int, within: TimeLimit?) -> [Interruption] {
        func way(_ name: String) -> Outcome {
            Outcome(
                name: name, title: Self.text(name), target: .node(NodeIndex(place)), atMost: 1, byPerformer: false)
        }
        return [
            Interruption(trigger: .deadline(within: within), outcome: way(Interruption.deadlineName)),
            Interruption(trigger: .message(from: "registry"), outcome: way(Interruption.name(of: message))),
        ]
    }

    /// A wait without limit: a message or, after a review, a person ends it.
    private mutating func openWait(_ here: Int, _ block: Node.Block, _ end: Outcome.Target?) {
        typealias Make = TrainingProcedures
        let done = next(here, helpers: 2, end)
        let clock: ClockEffect = chance.isOne(in: 2) ? .paused : .restart
        let paid = interruptions("paid", to: here + 2, within: nil).filter { $0.trigger == .message(from: "registry") }
        let review = Outcome(
            name: "review", title: Self.text("review"), target: .node(NodeIndex(here + 1)), byPerformer: false)
        nodes.append(
            Node(
                name: "wait-\(here)", title: Self.text("wait"), kind: .time, block: block,
                words: Self.words(.needsPayment), within: .workingDays(3), clock: clock, outcomes: [review],
                interruptions: paid,
                wait: OpenWait(
                    basis: "điều 1", remind: .workingMinutes(300), holder: chance.isOne(in: 2) ? .applicant : .outside))
        )
        nodes.append(
            Make.person(
                "wait-\(here).review", "clerk", .agency, Self.words(.needsPayment),
                [Make.outcome("wait-on", .node(NodeIndex(here)), atMost: 2), Make.outcome("done", done)],
                clock: .paused,
                within: .workingDays(1), block: block))
        nodes[here + 1].interruptions = paid
        nodes.append(
            Make.person(
                "wait-\(here).paid", "clerk", .agency, Self.words(.processing), [Make.outcome("done", done)],
                block: block)
        )
    }

    /// What interrupts the whole, and who is told of its promised date: both behind everything else.
    private mutating func interruptWhole(_ made: Procedure) -> Procedure {
        typealias Make = TrainingProcedures
        var made = made
        if chance.isOne(in: 2) {
            made.interruptions = interruptions("recall", to: made.nodes.count, within: nil)
            made.nodes.append(
                Make.person(
                    "recalled", "clerk", .agency, Self.words(.processing),
                    [Make.outcome("again", .node(NodeIndex(4)), atMost: 1), Make.outcome("done", .end(EndIndex(1)))]))
        }
        if chance.isOne(in: 2) {
            made.late.warnStep = NodeIndex(made.nodes.count)
            made.late.breachStep = NodeIndex(made.nodes.count + 1)
            for name in ["late.warn", "late.breach"] {
                made.nodes.append(
                    Make.person(
                        name, "head", .centre, nil, [Make.outcome("seen", .done)], clock: .none, block: .beside))
            }
        }
        // Of some officers' steps somebody is told, wherever they stand.
        for place in made.nodes.indices where made.nodes[place].block != .beside && chance.isOne(in: 4) {
            guard case .person = made.nodes[place].kind else { continue }
            made.nodes[place].tells = NodeIndex(made.nodes.count)
            made.nodes.append(
                Make.person(
                    made.nodes[place].name + ".tell", "head", .centre, nil, [Make.outcome("seen", .done)], clock: .none,
                    block: .beside))
        }
        return made
    }

    private mutating func linkStep(_ here: Int, _ block: Node.Block, _ number: Int, _ end: Outcome.Target?) {
        guard number > 0 else { return time(here, block, end) }
        typealias Make = TrainingProcedures
        let effects: [Link.ParentEffect] = [.restart, .extend, .own]
        let link = Link(
            procedure: linkable[chance.below(number)].name, at: .kind("police", of: "form.commune"),
            limits: chance.isOne(in: 2) ? [.init(within: .workingDays(2))] : [],
            countsFrom: chance.isOne(in: 2) ? .acceptance : .transfer, waits: effects[chance.below(3)],
            copies: chance.isOne(in: 2) ? ["more"] : [])
        let isBare = block != .root && end != nil && chance.isOne(in: 2)
        let done = next(here, helpers: 0, end)
        nodes.append(
            Node(
                name: "link-\(here)", title: Self.text("link"), kind: .link(link), block: block,
                words: chance.isOne(in: 2) ? Self.words(.processing) : nil,
                outcomes: isBare ? [] : [Make.outcome("issued", done), Make.outcome("otherwise", done)]))
    }

    private mutating func fork(
        _ here: Int, _ block: Node.Block, _ number: Int, _ end: Outcome.Target?, _ depth: Int
    ) throws {
        typealias Make = TrainingProcedures
        let count = 2 + chance.below(2)
        nodes.append(Node(name: "fork-\(here)", title: Self.text("fork"), kind: .time, block: block))
        var branches: [Fork.Branch] = []
        for branch in 0..<count {
            branches.append(
                Fork.Branch(
                    name: "b\(branch)", title: Self.text("b\(branch)"), start: NodeIndex(nodes.count),
                    when: branch > 0 && chance.isOne(in: 4) ? Make.isTrue("facts.more") : nil,
                    results: ["issued", "refused"]))
            try chain(
                length: 1 + chance.below(2), depth: depth + 1, block: .branch(fork: NodeIndex(here), branch: branch),
                number: number, end: .branch(result: "issued"))
        }
        let joins: [Fork.Join] = [.all, .any, .count(2)]
        if chance.isOne(in: 2) {
            nodes[here].interruptions = interruptions(
                "halt", to: nodes.count, within: .workingDays(1 + chance.below(2)))
            nodes.append(
                Make.person(
                    "halted-\(here)", "clerk", .agency, Self.words(.processing),
                    [Make.outcome("done", end ?? .node(NodeIndex(nodes.count + 1)))], block: block))
        }
        let done = end ?? .node(NodeIndex(nodes.count))
        nodes[here].kind = .fork(
            Fork(
                branches: branches, join: joins[chance.below(3)],
                results: [
                    .init(outcome: "complete", test: .all("issued")), .init(outcome: "partial", test: .otherwise),
                ]))
        nodes[here].words = Self.words(.processing)
        nodes[here].outcomes = [Make.outcome("complete", done), Make.outcome("partial", done)]
    }
}
