import Dossiers

/// A command that a load client sent, and what came back.
struct LoadCall: Sendable {
    /// What it must have done in its dossier's log, once.
    enum Effect: Hashable, Sendable {
        case submitted(reference: String)
        case completed(activation: Int, outcome: String)
        case claimed(activation: Int)
    }

    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
        /// The dossier's sequence that a success names.
        var sequence: Int64?
        var returned: Duration
    }

    /// The request as it went out.
    struct Sent: Sendable {
        var client: String
        var path: String
        var tag: String?
        var body: [UInt8]
    }

    var key: String
    /// Nil of the adapter's calls and of submissions.
    var officer: String?
    /// Nil of a submission that nobody answered.
    var dossier: String?
    var effect: Effect
    /// Since the load began.
    var invoked: Duration
    var sent: Sent
    /// Nil: nobody knows what came of it.
    var answer: Answer?

    var isDone: Bool { answer.map { (200..<300).contains($0.status) } ?? false }
}

/// The rules of the idempotency contract, each linear in the log: what was acknowledged is there once and where it was
/// said to be, what nobody answered is there at most once.
enum Checker {
    /// What is wrong; empty when the database is whole and keeps every promise that the calls were given.
    static func faults(_ calls: [LoadCall], _ evidence: Evidence) -> [String] {
        var faults = evidence.faults
        for call in calls { faults += effectFaults(call, evidence) + answerFaults(call, evidence) }
        return faults + orderFaults(calls)
    }

    private static func effectFaults(_ call: LoadCall, _ evidence: Evidence) -> [String] {
        let found = places(of: call, evidence)
        switch call.answer {
        case nil: return found.count <= 1 ? [] : ["\(call.key) was not answered and done \(found.count) times"]
        case let answer? where !call.isDone:
            return found.isEmpty ? [] : ["\(call.key) was refused with \(answer.status) and done"]
        case let answer?:
            guard found.count == 1, let place = found.first else {
                return ["\(call.key) was acknowledged and done \(found.count) times"]
            }
            guard let sequence = answer.sequence else { return [] }
            let last = call.dossier.flatMap { evidence.dossiers[$0]?.sequence } ?? 0
            if place > sequence || sequence > last {
                return ["\(call.key) was acknowledged at \(sequence) and stands at \(place) of \(last)"]
            }
            return []
        }
    }

    /// The numbers of the events by which a call shows in the log, done by whom it was sent for.
    private static func places(of call: LoadCall, _ evidence: Evidence) -> [Int64] {
        if case .submitted(let reference) = call.effect {
            return (evidence.references[reference] ?? []).filter { call.dossier == nil || call.dossier == $0 }.flatMap {
                (evidence.events[$0] ?? []).compactMap { event in
                    guard case .submitted? = (try? Event(decoding: event.body))?.body else { return nil }
                    return event.sequence
                }
            }
        }
        return (call.dossier.flatMap { evidence.events[$0] } ?? []).compactMap { logged in
            guard let event = try? Event(decoding: logged.body), isBy(event.by, call) else { return nil }
            switch (event.body, call.effect) {
            case (.completed(let activation, let outcome, _), .completed(let wanted, let name))
            where activation == wanted && outcome == name:
                return logged.sequence
            // An officer has taken over meanwhile: the answer is recorded, once, without effect.
            case (.lateResult(let text), .completed(let wanted, let name)) where text == "call \(wanted) \(name)":
                return logged.sequence
            case (.claimed(let activation, _), .claimed(let wanted)) where activation == wanted: return logged.sequence
            default: return nil
            }
        }
    }

    private static func isBy(_ actor: Actor, _ call: LoadCall) -> Bool {
        switch actor {
        case .officer(let id, _, _): id == call.officer
        case .connector: call.officer == nil
        case .applicant, .engine: false
        }
    }

    /// The first answer is the one that lies in the database, byte for byte.
    private static func answerFaults(_ call: LoadCall, _ evidence: Evidence) -> [String] {
        guard let answer = call.answer else { return [] }
        guard let stored = evidence.answers[call.key] else { return ["\(call.key): the answer was not kept"] }
        return stored.status == answer.status && stored.body == answer.body
            ? [] : ["\(call.key): another answer was kept"]
    }

    /// What was acknowledged before another command was sent stands before it.
    private static func orderFaults(_ calls: [LoadCall]) -> [String] {
        var faults: [String] = []
        for (dossier, calls) in Dictionary(
            grouping: calls.filter { $0.isDone && $0.dossier != nil }, by: { $0.dossier ?? "" })
        {
            for first in calls {
                for second in calls {
                    guard let before = first.answer, let after = second.answer, before.returned < second.invoked,
                        let low = before.sequence, let high = after.sequence, low >= high
                    else { continue }
                    faults.append("\(dossier): \(second.key) came after \(first.key) and stands before it")
                }
            }
        }
        return faults
    }
}
