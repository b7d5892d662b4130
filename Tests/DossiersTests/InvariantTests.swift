import Dossiers
import Foundation
import JSONText
import Notices
import Procedures
import Testing
import WorkingTime

/// The invariants of design.md, on random sound procedures under random commands; a failure names its seed.
@Suite(.timeLimit(.minutes(10)))
struct InvariantTests {
    static let seeds: [UInt64] = (0..<8).map { UInt64($0) * 1_000_003 }
    /// More with `MOTCUA_RANDOM_RUNS=1000`.
    static let runsPerSeed = ProcessInfo.processInfo.environment["MOTCUA_RANDOM_RUNS"].flatMap(UInt64.init) ?? 10

    private func runs(_ seed: UInt64, _ check: (inout RandomRun, UInt64) throws -> Void) throws {
        let calendar = try TrainingCalendar.state()
        for number in 0..<Self.runsPerSeed {
            var run = try RandomRun(seed: seed &+ number, calendar: calendar)
            try check(&run, seed &+ number)
        }
    }

    @Test(arguments: seeds)
    func `folding the log gives the stored state`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<60 { run.step() }
            for (dossier, log) in run.simulator.logs {
                let stored = try #require(run.simulator.dossiers[dossier])
                let folded = log.reduce(State?.none) { evolve($0, $1) }
                #expect(folded == stored, "seed \(seed)")
                #expect(log.map(\.sequence) == Array(1...Int64(log.count)), "seed \(seed)")
                let read = try log.map { try Event(decoding: $0.encoded()) }
                #expect(read == log, "seed \(seed)")
                #expect(read.map { $0.encoded() } == log.map { $0.encoded() }, "seed \(seed)")
                #expect(try State(decoding: stored.encoded()) == stored, "seed \(seed)")
                for bytes in log.map({ $0.encoded() }) + [stored.encoded()] {
                    #expect(try JSONValue.parse(bytes).canonicalBytes == bytes, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func `every live dossier has an open task, timer, job, message or linked dossier`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<60 {
                run.step()
                for state in run.live {
                    let world = try #require(run.simulator.world(of: state))
                    let work = openWork(state, in: world)
                    let linked = state.running.compactMap(\.link).contains { link in
                        run.simulator.dossiers[link.dossier].map { !$0.hasEnded } ?? false
                    }
                    #expect(!work.tasks.isEmpty || !work.timers.isEmpty || linked, "seed \(seed): \(state)")
                    let keys = work.timers.map(\.key)
                    #expect(Set(keys).count == keys.count, "seed \(seed)")
                }
            }
            #expect(run.simulator.idleTimers.isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func `there is exactly one terminal outcome, and nothing is open after it`(_ seed: UInt64) throws {
        var ended = 0
        try runs(seed) { run, seed in
            for _ in 0..<200 { run.step() }
            for (dossier, state) in run.simulator.dossiers {
                let ends = (run.simulator.logs[dossier] ?? []).count { $0.body.kind == "ended" }
                #expect(ends == (state.hasEnded ? 1 : 0), "seed \(seed)")
                guard state.hasEnded else { continue }
                ended += 1
                #expect(state.running.isEmpty && state.clock.open.isEmpty && state.clock.stopped != nil, "seed \(seed)")
                guard let parent = state.parent else { continue }
                let told = (run.simulator.logs[dossier] ?? []).count { event in
                    if case .sent(let message) = event.body, case .ended = message.body {
                        message.to == parent.dossier
                    } else {
                        false
                    }
                }
                #expect(told == 1, "seed \(seed)")
            }
        }
        #expect(ended > 0)
    }

    @Test(arguments: seeds)
    func `a refused command changes nothing`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<60 { run.step() }
            #expect(run.changedByRefusal == 0, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func `R18 a paused clock does not advance`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<80 {
                let before = run.simulator.dossiers
                run.step()
                for state in run.live where !state.clock.open.isEmpty && state.clock.stopped == nil {
                    let world = try #require(run.simulator.world(of: state))
                    // The day on which another agency takes over is no date of the clock.
                    let whole = openWork(state, in: world).timers.filter {
                        $0.key.activation == 0 && $0.key.kind != .succession
                    }
                    #expect(whole.isEmpty, "seed \(seed)")
                    #expect(state.clock.shownPromise == nil, "seed \(seed)")
                    guard let old = before[state.dossier], !old.clock.open.isEmpty else { continue }
                    let unmoved = Set(old.clock.open.keys).intersection(state.clock.open.keys)
                    if !unmoved.isEmpty { #expect(old.clock.promised == state.clock.promised, "seed \(seed)") }
                }
            }
        }
    }

    @Test(arguments: seeds)
    func `R15 one batch and three give the same log`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<50 { run.step() }
            var states: [DossierRef: State] = [:]
            var logs: [DossierRef: [Event]] = [:]
            for (number, taken) in run.simulator.tape.enumerated() {
                let state = states[taken.dossier]
                let world = try #require(
                    run.simulator.dossiers[taken.dossier].flatMap { run.simulator.world(of: $0) })
                let decision = try decide(state, taken.command, by: taken.by, at: taken.at, in: world)
                logs[taken.dossier, default: []] += decision.events
                // Between batches a state goes to the store and comes back.
                states[taken.dossier] =
                    number % 3 == 0 ? try State(decoding: decision.state.encoded()) : decision.state
            }
            #expect(logs == run.simulator.logs, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func `a first promise stands for ever and every promise has a cause`(_ seed: UInt64) throws {
        try runs(seed) { run, seed in
            for _ in 0..<100 { run.step() }
            for (dossier, log) in run.simulator.logs {
                let promises = log.compactMap { event in
                    if case .promised(let promise) = event.body { promise } else { nil }
                }
                let state = try #require(run.simulator.dossiers[dossier])
                #expect(state.clock.firstPromised == promises.first?.date, "seed \(seed)")
                #expect(state.clock.promised == promises.last?.date, "seed \(seed)")
                #expect(promises.dropFirst().allSatisfy { $0.cause != .acceptance }, "seed \(seed)")
            }
        }
    }

    @Test func `notices are dense per dossier and say nothing that is not filled in`() throws {
        try runs(4242) { run, seed in
            for _ in 0..<80 { run.step() }
            var numbers: [String: Int] = [:]
            for notice in run.simulator.notices {
                numbers[notice.dossier, default: 0] += 1
                #expect(notice.number == numbers[notice.dossier], "seed \(seed)")
                #expect(notice.sentence?.vi.contains("{") != true, "seed \(seed)")
                #expect(!notice.paused || notice.promised == nil, "seed \(seed)")
            }
        }
    }

    @Test func `the dossiers of one birth all know each other, and those of parts know none`() throws {
        var born = 0
        try runs(777) { run, seed in
            for _ in 0..<80 { run.step() }
            let children = Set(run.simulator.dossiers.values.filter { $0.parent == nil }.map(\.dossier))
            for state in run.simulator.dossiers.values {
                let others = state.parent == nil ? children.subtracting([state.dossier]) : []
                #expect(Set(state.siblings) == others && state.siblings.count == others.count, "seed \(seed)")
            }
            born = max(born, children.count)
        }
        #expect(born > 2)
    }

    /// Every kind of event that this build writes.
    static let kinds = [
        "submitted", "opened", "claimed", "released", "reassigned", "rerouted", "completed", "closed", "counted",
        "performed", "due-moved", "call-failed", "facts-set", "accepted", "coded", "reception-due", "reception-held",
        "paused", "resumed", "restarted", "clock-stopped", "promised", "reappointed", "warned", "step-late", "late",
        "branch-ended", "link-standing", "link-ended", "late-result", "gave", "withdrawal-asked",
        "withdrawal-rejected", "interrupted", "left", "reminded", "succeeded", "ending", "stopping", "sent",
        "siblings-added", "published", "ended",
    ]

    @Test func `every kind of event that is written is known to the tests`() throws {
        let coding = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Dossiers/Coding+Event.swift")
        let text = try String(contentsOf: coding, encoding: .utf8)
        let written = text.matches(of: /case \.[a-zA-Z]+: "([a-z-]+)"\n/).map { String($0.1) }
        #expect(written.count > 40)
        #expect(Set(written) == Set(Self.kinds))
    }

    @Test func `the random runs reach every kind of event`() throws {
        var reached: [String: Int] = [:]
        for seed in Self.seeds.prefix(4) {
            try runs(seed) { run, _ in
                for _ in 0..<120 { run.step() }
                for event in run.simulator.logs.values.joined() { reached[event.body.kind, default: 0] += 1 }
            }
        }
        let rare: Set = ["reassigned", "ending"]
        #expect(Self.kinds.filter { reached[$0] == nil && !rare.contains($0) } == [], "\(reached)")
    }
}
