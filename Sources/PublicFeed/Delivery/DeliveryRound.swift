/// What one round has to do for one receiver, and what its results come to. Pure.
struct DeliveryRound: Sendable {
    /// Letters that were set aside and are due: of each dossier the first.
    var due: [Letter] = []
    /// Letters by the cursor, in the order of each province.
    var fresh: [Letter] = []
    /// Letters by the cursor whose dossier has an open letter: they wait behind it.
    var behind: [Letter] = []
    /// What cannot be read by this build, with the reason.
    var unreadable: [Unreadable] = []
    /// Where the cursors stand when everything fresh is done with.
    var cursors: [Int16: Int64] = [:]

    /// A notice that no receiver can be given.
    struct Unreadable: Sendable, Equatable {
        let province: Int16
        let n: Int64
        let dossier: String
        let number: Int32
        let reason: String
    }

    /// One chain of letters to send in order, with what makes it known in the results.
    struct Chain: Sendable {
        let letters: [Letter]
        /// Whether it was set aside before.
        let isDue: Bool
    }

    /// The chains in the order in which they begin: those that wait for long first.
    var chains: [Chain] {
        var order: [Letter.Chain] = []
        var letters: [Letter.Chain: [Letter]] = [:]
        for letter in fresh {
            if letters[letter.chain] == nil { order.append(letter.chain) }
            letters[letter.chain, default: []].append(letter)
        }
        return due.map { Chain(letters: [$0], isDue: true) }
            + order.map { Chain(letters: letters[$0] ?? [], isDue: false) }
    }

    /// What became of a chain: as many results as letters were tried; the last one alone may be a failure.
    struct Result: Sendable {
        let chain: Chain
        let results: [Carried]

        /// The letter that failed.
        var failed: (letter: Letter, failure: CarryFailure)? {
            guard case .failed(let failure) = results.last, results.count <= chain.letters.count else { return nil }
            return (chain.letters[results.count - 1], failure)
        }
        /// The letters that arrived.
        var delivered: ArraySlice<Letter> { chain.letters.prefix(results.count - (failed == nil ? 0 : 1)) }
        /// The letters that were not tried because one before them failed.
        var waiting: ArraySlice<Letter> { failed == nil ? [] : chain.letters.dropFirst(results.count) }
        /// The letters that were not tried for another reason.
        var left: ArraySlice<Letter> { failed == nil ? chain.letters.dropFirst(results.count) : [] }
    }
}

/// What is written after a round.
struct RoundVerdict: Sendable {
    /// One letter that stays open, or is dead.
    struct Open: Sendable {
        let letter: Letter
        let attempts: Int
        /// Until the next try; nil: it is dead.
        let pause: Duration?
        let reason: String?
    }

    /// How the receiver stands.
    enum Endpoint: Sendable, Equatable {
        /// Nothing was tried, or it said nothing of the whole.
        case unchanged
        case well
        case failing(failures: Int, pause: Duration, reason: String)
        case disabled(reason: String)
    }

    var cursors: [Int16: Int64] = [:]
    var open: [Open] = []
    var done: [Letter] = []
    var unreadable: [DeliveryRound.Unreadable] = []
    var endpoint: Endpoint = .unchanged
    /// Letters that arrived, those by the cursor included.
    var deliveredCount = 0
    /// Tries that failed.
    var failedCount = 0
}

extension DeliveryRound {
    /// Judges the results.
    ///
    /// A receiver that took anything is well, and what it did not take is that letter's own trouble: it is set aside,
    /// its dossier waits behind it, the others go on. One that took nothing is in trouble itself: the cursors stay, and
    /// it is tried again later; after the last try it is disabled, and loses nothing. A single letter that is refused
    /// to the end with nothing else to compare it with is a dead letter.
    /// - Parameter chance: draws 0…1.
    func verdict(
        _ results: [Result], failures: Int, schedule: RetrySchedule, chance: () -> Double
    ) -> RoundVerdict {
        var verdict = RoundVerdict()
        verdict.deliveredCount = results.reduce(0) { $0 + $1.delivered.count }
        verdict.failedCount = results.count { $0.failed != nil }
        verdict.done = results.filter(\.chain.isDue).flatMap(\.delivered)
        let failed = results.compactMap { result in result.failed.map { (result, $0.letter, $0.failure) } }
        let fresh = failed.filter { !$0.0.chain.isDue }
        if verdict.deliveredCount > 0 || (fresh.isEmpty && failed.allSatisfy { $0.2.kind == .answered }) {
            for (result, letter, failure) in failed {
                verdict.setAside(letter, failure, schedule, chance)
                verdict.open += result.waiting.map { .init(letter: $0, attempts: 0, pause: .zero, reason: nil) }
            }
            verdict.endpoint = verdict.deliveredCount > 0 ? .well : .unchanged
            pass(results, into: &verdict)
            return verdict
        }
        let tried = failures + 1
        let reason = (fresh.first ?? failed.first)?.2.reason ?? ""
        if let gone = failed.first(where: { $0.2.kind == .gone }) {
            verdict.endpoint = .disabled(reason: gone.2.reason)
            return verdict
        }
        let asked = failed.compactMap(\.2.pause).max()
        if let pause = schedule.pause(afterAttempt: tried, chance: chance(), asked: asked) {
            verdict.endpoint = .failing(failures: tried, pause: pause, reason: reason)
            return verdict
        }
        guard failed.count == 1, fresh.count == 1, fresh[0].2.kind == .answered else {
            verdict.endpoint = .disabled(reason: "took nothing in \(tried) tries; the last one: \(reason)")
            return verdict
        }
        verdict.open.append(.init(letter: fresh[0].1, attempts: tried, pause: nil, reason: reason))
        verdict.open += fresh[0].0.waiting.map { .init(letter: $0, attempts: 0, pause: .zero, reason: nil) }
        verdict.endpoint = .failing(failures: 0, pause: .zero, reason: reason)
        pass(results, into: &verdict)
        return verdict
    }

    /// Moves the cursors up to the first letter that was not dealt with.
    private func pass(_ results: [Result], into verdict: inout RoundVerdict) {
        verdict.unreadable = unreadable
        verdict.open += behind.map { .init(letter: $0, attempts: 0, pause: .zero, reason: nil) }
        var kept: [Int16: Int64] = [:]
        let tried = Set(results.filter { !$0.chain.isDue }.compactMap(\.chain.letters.first?.chain))
        let left = results.flatMap(\.left) + fresh.filter { !tried.contains($0.chain) }
        for letter in left { kept[letter.province] = min(kept[letter.province] ?? .max, letter.n) }
        verdict.cursors = cursors.merging(kept) { min($0, $1) }
    }
}

extension RoundVerdict {
    fileprivate mutating func setAside(
        _ letter: Letter, _ failure: CarryFailure, _ schedule: RetrySchedule, _ chance: () -> Double
    ) {
        let attempts = letter.attempts + 1
        let pause = schedule.pause(afterAttempt: attempts, chance: chance(), asked: failure.pause)
        open.append(.init(letter: letter, attempts: attempts, pause: pause, reason: failure.reason))
    }
}
