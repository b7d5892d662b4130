import Notices
import Testing

@testable import PublicFeed

/// What a round's results come to.
struct DeliveryRoundTests {
    private static func letter(_ dossier: Int, _ number: Int, n: Int64, attempts: Int = 0) -> Letter {
        Letter(
            province: 1, n: n, dossier: Some.id(dossier), number: Int32(number), attempts: attempts,
            notice: Some.told(dossier, number))
    }

    private let refusal = Carried.failed(CarryFailure(kind: .answered, reason: "400"))
    private let silence = Carried.failed(CarryFailure(kind: .silent, reason: "timedOut"))

    /// Two dossiers of two letters each, and one letter that was set aside.
    private var round: DeliveryRound {
        var round = DeliveryRound()
        round.fresh = [
            Self.letter(1, 1, n: 10), Self.letter(2, 1, n: 11), Self.letter(1, 2, n: 12), Self.letter(2, 2, n: 13),
        ]
        round.cursors = [1: 14]
        return round
    }

    private func verdict(
        _ round: DeliveryRound, _ results: [[Carried]], failures: Int = 0
    ) -> RoundVerdict {
        round.verdict(
            zip(round.chains, results).map { DeliveryRound.Result(chain: $0, results: $1) }, failures: failures,
            schedule: RetrySchedule(), chance: { 0.5 })
    }

    @Test func `letters of one dossier are one chain, in order`() {
        #expect(round.chains.map { $0.letters.map(\.n) } == [[10, 12], [11, 13]])
    }

    @Test func `when all arrived the cursor moves to the end`() {
        let verdict = verdict(round, [[.delivered, .delivered], [.delivered, .delivered]], failures: 3)
        #expect(verdict.cursors == [1: 14])
        #expect(verdict.endpoint == .well)
        #expect(verdict.open.isEmpty)
        #expect(verdict.deliveredCount == 4)
    }

    @Test func `what is refused while others arrive is set aside with what follows it`() {
        let verdict = verdict(round, [[refusal], [.delivered, .delivered]])
        #expect(verdict.cursors == [1: 14])
        #expect(verdict.endpoint == .well)
        #expect(verdict.open.map(\.letter.n) == [10, 12])
        #expect(verdict.open.map(\.attempts) == [1, 0])
        #expect(verdict.open.map(\.pause) == [.seconds(5), .zero])
    }

    @Test func `a receiver that takes nothing keeps its place`() {
        for failure in [refusal, silence] {
            let verdict = verdict(round, [[failure], [failure]], failures: 1)
            #expect(verdict.cursors.isEmpty)
            #expect(verdict.open.isEmpty)
            guard case .failing(2, .seconds(20), _) = verdict.endpoint else {
                Issue.record("\(verdict.endpoint)")
                continue
            }
        }
    }

    @Test func `a receiver that takes nothing to the end is disabled and loses nothing`() {
        for results in [[[silence]], [[refusal], [refusal]]] {
            let verdict = verdict(round, results, failures: 13)
            guard case .disabled(let reason) = verdict.endpoint else {
                Issue.record("\(verdict.endpoint)")
                continue
            }
            #expect(reason.contains("14 tries"))
            #expect(verdict.cursors.isEmpty)
            #expect(verdict.open.isEmpty)
        }
    }

    @Test func `a single letter refused to the end with nothing beside it is a dead letter`() {
        var round = DeliveryRound()
        round.fresh = [Self.letter(1, 1, n: 10), Self.letter(1, 2, n: 12)]
        round.cursors = [1: 14]
        let verdict = verdict(round, [[refusal]], failures: 13)
        #expect(verdict.open.map(\.letter.n) == [10, 12])
        #expect(verdict.open.map(\.pause) == [nil, .zero])
        #expect(verdict.cursors == [1: 14])
        #expect(verdict.endpoint == .failing(failures: 0, pause: .zero, reason: "400"))
    }

    @Test func `a letter set aside goes its own way`() {
        var round = DeliveryRound()
        round.due = [Self.letter(3, 1, n: 5, attempts: 1)]
        var verdict = verdict(round, [[refusal]])
        #expect(verdict.open.map(\.attempts) == [2])
        #expect(verdict.open.map(\.pause) == [.seconds(20)])
        #expect(verdict.endpoint == .unchanged)
        verdict = self.verdict(round, [[.delivered]])
        #expect(verdict.done.map(\.n) == [5])
        verdict = self.verdict(round, [[silence]])
        #expect(verdict.open.isEmpty)
        #expect(verdict.endpoint == .failing(failures: 1, pause: .seconds(5), reason: "timedOut"))
        round.due = [Self.letter(3, 1, n: 5, attempts: 13)]
        verdict = self.verdict(round, [[refusal]])
        #expect(verdict.open.map(\.attempts) == [14])
        #expect(verdict.open.map(\.pause) == [nil])
    }

    @Test func `a receiver that is gone is disabled at once, unless it took something`() {
        let gone = Carried.failed(CarryFailure(kind: .gone, reason: "410"))
        #expect(verdict(round, [[gone]]).endpoint == .disabled(reason: "410"))
        #expect(verdict(round, [[gone], [.delivered]]).endpoint == .well)
    }

    @Test func `the cursor does not pass what was not tried`() {
        var verdict = verdict(round, [[.delivered, .delivered]])
        #expect(verdict.cursors == [1: 11])
        verdict = self.verdict(round, [[.delivered], [.delivered, .delivered]])
        #expect(verdict.cursors == [1: 12])
        verdict = self.verdict(round, [])
        #expect(verdict.cursors == [1: 10])
        #expect(verdict.endpoint == .unchanged)
    }

    @Test func `what waits behind an open letter is set aside, and what cannot be read is dead`() {
        var round = round
        round.behind = [Self.letter(4, 7, n: 9)]
        round.unreadable = [.init(province: 1, n: 8, dossier: Some.id(5), number: 1, reason: "format")]
        let verdict = verdict(round, [[.delivered, .delivered], [.delivered, .delivered]])
        #expect(verdict.open.map(\.letter.n) == [9])
        #expect(verdict.unreadable.map(\.n) == [8])
    }

    @Test func `a receiver's wish for rest counts`() {
        let busy = Carried.failed(CarryFailure(kind: .answered, reason: "429", pause: .seconds(600)))
        #expect(
            verdict(round, [[busy]]).endpoint == .failing(failures: 1, pause: .seconds(600), reason: "429"))
    }
}
