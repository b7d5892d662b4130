import Dossiers
import Notices
import Procedures
import Store
import WorkingTime

/// The state of a batch while its commands are decided.
struct Work {
    private let batch: Batch
    private let loaded: LoadedBatch
    /// The logs of dossiers that an older fold wrote.
    private let logs: [DossierID: [EventRow]]
    /// The open rows of those, and of dossiers that are told of an amendment.
    private let open: [DossierID: OpenRows]
    private var inHand: [DossierID: InHand] = [:]
    private var outcomes: [Batch.Outcome?]
    /// Results to render once every code is known.
    private var results: [(index: Int, result: CommandResult)] = []
    /// Answers given in this batch, by key: a twin in the same batch gets the first one's.
    private var claimed: [AnswerKey: Int] = [:]
    /// Clients' own references that lead to a dossier already.
    private var references: [ClientReference: DossierID]
    /// What is written, as far as it was gathered and not taken yet.
    private var writes = WriteBatch()
    /// The answers to store.
    private(set) var answers: [AnswerRow] = []
    private var result = Batch.Result(outcomes: [], messages: [], hasOutgoing: false, hasNotices: false, eventCount: 0)

    init(
        batch: Batch, loaded: LoadedBatch, logs: [DossierID: [EventRow]] = [:], open: [DossierID: OpenRows] = [:]
    ) {
        self.batch = batch
        self.loaded = loaded
        self.logs = logs
        self.open = open
        references = loaded.references
        outcomes = Array(repeating: nil, count: batch.commands.count)
    }

    /// Decides one command.
    mutating func handle(_ index: Int) {
        let pending = batch.commands[index]
        if let identity = pending.identity {
            if let answer = loaded.answers[identity.key] {
                outcomes[index] = answer.fingerprint == identity.fingerprint ? .answered(answer) : .keyReused
                return
            }
            if let first = claimed[identity.key] {
                // The same request twice in one batch: held back, it finds the first one's answer in the next.
                let isSame = batch.commands[first].identity?.fingerprint == identity.fingerprint
                outcomes[index] = isSame ? .held : .keyReused
                return
            }
        }
        guard !loaded.held.contains(pending.dossier.id) else {
            outcomes[index] = .held
            return
        }
        guard var dossier = take(pending) else {
            outcomes[index] = .notHere
            return
        }
        if let identity = pending.identity { claimed[identity.key] = index }
        if let key = pending.consumes { dossier.consumed.insert(key) }
        decide(pending, index, &dossier)
        inHand[pending.dossier.id] = dossier
    }

    private mutating func decide(_ pending: Pending, _ index: Int, _ dossier: inout InHand) {
        if dossier.state == nil, pending.isMachine, !pending.isStart {
            return
        }
        if let stale = stale(pending.expectation, dossier) {
            return results.append((index, stale))
        }
        guard let world = dossier.world, dossier.state != nil || pending.makesDossier else {
            return results.append((index, .noDossier))
        }
        if let reference = pending.reference, let taken = references[reference] {
            return results.append((index, .referenceTaken(DossierRef(province: batch.province, id: taken))))
        }
        let moment = Moment(
            arrived: pending.arrived, recorded: max(loaded.recorded, dossier.state?.recorded ?? loaded.recorded))
        do throws(Refusal) {
            let decision = try Dossiers.decide(
                dossier.state, pending.command, by: pending.by, at: moment, in: world)
            dossier.state = decision.state
            dossier.events += decision.events
            if dossier.newcomer == nil, dossier.before == nil { dossier.newcomer = pending.newcomer }
            if let reference = pending.reference { references[reference] = pending.dossier.id }
            // A linked dossier that is started again keeps its form and its key: the new ones would make it unreadable.
            if !decision.events.isEmpty {
                writes.sealed += pending.sealed
                if let key = pending.dataKey { writes.dataKeys.append(key) }
            }
            results.append((index, .done(DossierView(state: decision.state, lookUp: dossier.lookUp, world: world))))
        } catch {
            let view = dossier.state.map { DossierView(state: $0, lookUp: dossier.lookUp, world: world) }
            results.append((index, .refused(error, on: view)))
        }
    }

    /// The dossiers that were accepted in this batch.
    var awaitingCodes: Set<DossierID> {
        Set(inHand.lazy.filter { $0.value.state?.codeWanted != nil && !$0.value.events.isEmpty }.map(\.key))
    }

    /// Gives every acceptance its number, dense for its agency and day (R22). `wanting`: sorted.
    mutating func issueCodes(for wanting: [DossierID], _ transaction: ProvinceTransaction) throws {
        guard !wanting.isEmpty else { return }
        var counts: [CounterRequest] = []
        for id in wanting {
            guard let wanted = inHand[id]?.state?.codeWanted else { continue }
            if let row = counts.firstIndex(where: { $0.agency == wanted.agency && $0.day == wanted.day }) {
                counts[row].count += 1
            } else {
                counts.append(CounterRequest(agency: wanted.agency, day: wanted.day, count: 1))
            }
        }
        var next = try transaction.nextNumbers(counts)
        for id in wanting {
            guard var dossier = inHand[id], let state = dossier.state, let wanted = state.codeWanted,
                let world = dossier.world,
                let row = counts.firstIndex(where: { $0.agency == wanted.agency && $0.day == wanted.day })
            else { continue }
            let moment = Moment(arrived: state.clock.accepted ?? state.recorded, recorded: state.recorded)
            let decision = try Dossiers.decide(
                state, .issueCode(number: next[row]), by: .engine, at: moment, in: world)
            next[row] += 1
            dossier.state = decision.state
            dossier.events += decision.events
            inHand[id] = dossier
        }
    }

    /// Renders the answers of these dossiers' commands and gathers what is written for them; to be called once for each.
    mutating func gather(_ isMeant: (DossierID) -> Bool) throws {
        for (index, outcome) in results where isMeant(batch.commands[index].dossier.id) {
            let pending = batch.commands[index]
            guard let identity = pending.identity, let render = pending.render else { continue }
            var answer = render(withCode(outcome))
            answer.fingerprint = identity.fingerprint
            answers.append(AnswerRow(key: identity.key, answer: answer, createdAt: loaded.recorded))
            outcomes[index] = .answered(answer)
        }
        for id in inHand.keys.filter(isMeant).sorted() {
            guard let dossier = inHand[id] else { continue }
            try DossierWrites(province: batch.province, id: id, dossier: dossier, recorded: loaded.recorded)
                .add(to: &writes, &result)
        }
    }

    /// Hands over what was gathered since the last time.
    mutating func takeWrites() -> WriteBatch {
        defer { writes = WriteBatch() }
        return writes
    }

    /// What the caller does after the commit. A machine's command that needed nothing is answered by its own row being gone.
    var outcome: Batch.Result {
        var whole = result
        whole.outcomes = outcomes.map { $0 ?? .answered(StoredAnswer.none) }
        return whole
    }

    /// The result with the dossier's legal code, which may have been issued after the command was decided.
    private func withCode(_ result: CommandResult) -> CommandResult {
        guard case .done(var view) = result, view.state.code == nil, view.state.codeWanted != nil else {
            return result
        }
        view.state.code = inHand[view.state.dossier.id]?.state?.code
        return .done(view)
    }

    /// The dossier of a command, decoded once a batch; nil where this node cannot work on it.
    private func take(_ pending: Pending) -> InHand? {
        if let there = inHand[pending.dossier.id] { return there }
        guard let stored = loaded.dossiers[pending.dossier.id] else {
            var fresh = InHand(stored: nil, before: nil, state: nil)
            fresh.world = pending.pinned(in: batch.shelf)
            // A new dossier whose version is not loaded here waits for a node that has it.
            return pending.makesDossier && fresh.world == nil ? nil : fresh
        }
        guard let state = stored.state(log: logs[stored.id]),
            let world = batch.shelf.world(state.procedure, state.version)
        else { return nil }
        return InHand(
            stored: stored, before: state, state: state, world: world, rows: open[stored.id].map(OpenWork.init))
    }

    /// Nil where the caller's tag is right; else what it gets.
    private func stale(_ expectation: Expectation?, _ dossier: InHand) -> CommandResult? {
        guard let expectation, let state = dossier.state, let world = dossier.world else { return nil }
        let isRight =
            switch expectation {
            case .sequence(let sequence): state.sequence == sequence
            // A task that is over is not stale: `decide` says so in its own words.
            case .claims(let activation, let count):
                state.running.allSatisfy { $0.activation != activation || $0.claims == count }
            }
        return isRight ? nil : .stale(DossierView(state: state, lookUp: dossier.lookUp, world: world))
    }
}

extension Pending {
    /// Whether it is the message that makes a linked dossier.
    var isStart: Bool {
        if case .message(let message) = command, case .start = message.body { return true }
        return false
    }

    /// Whether a dossier that is not there yet may begin with it.
    var makesDossier: Bool {
        if case .submit = command { return true }
        return isStart
    }

    /// The version that a new dossier is pinned to.
    func pinned(in shelf: CatalogueSnapshot) -> World? {
        if let newcomer { return shelf.world(newcomer.procedure, newcomer.version) }
        if case .message(let message) = command, case .start(let start) = message.body {
            return shelf.world(start.procedure, start.version)
        }
        return nil
    }
}
