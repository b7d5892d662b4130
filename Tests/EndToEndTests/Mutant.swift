import Dossiers

/// A lie planted in what a run left behind: the checker must find every one, or its silence means nothing.
struct Mutant: Sendable {
    let name: String
    let plant: @Sendable (inout Evidence, inout [LoadCall]) -> Bool

    /// Each changes one thing; those that touch the log cover their traces by chaining it anew.
    static let all: [Mutant] = log + records + calls

    private static func done(_ calls: [LoadCall], _ evidence: Evidence) -> LoadCall? {
        calls.first { call in
            if case .completed = call.effect, call.isDone, call.answer?.sequence != nil { return true }
            return false
        }
    }

    private static func place(of call: LoadCall, _ evidence: Evidence) -> (String, Int)? {
        guard let dossier = call.dossier, case .completed(let activation, _) = call.effect else { return nil }
        let place = evidence.events[dossier]?.firstIndex { logged in
            guard case .completed(activation, _, _)? = (try? Event(decoding: logged.body))?.body else { return false }
            return true
        }
        return place.map { (dossier, $0) }
    }

    private static func onLog(
        _ name: String, _ change: @escaping @Sendable (inout [Evidence.Logged], Int) -> Void
    ) -> Mutant {
        Mutant(name: name) { evidence, calls in
            guard let call = done(calls, evidence), let (dossier, place) = place(of: call, evidence) else {
                return false
            }
            var list = evidence.events[dossier] ?? []
            change(&list, place)
            evidence.events[dossier] = list
            evidence.rechain(dossier)
            return true
        }
    }

    private static let log: [Mutant] = [
        onLog("an acknowledged event is dropped") { list, place in list.remove(at: place) },
        onLog("an acknowledged event is doubled") { list, place in list.append(list[place]) },
        onLog("the last event is dropped") { list, _ in list.removeLast() },
        onLog("two events are swapped") { list, place in list.swapAt(place, place - 1) },
        onLog("another officer did it") { list, place in
            guard var event = try? Event(decoding: list[place].body) else { return }
            event.by = .officer(id: "nobody", agency: "000.00.01.H17", roles: ["reception"])
            list[place].body = event.encoded()
        },
        Mutant(name: "one byte of an event is another") { evidence, calls in
            guard let call = done(calls, evidence), let (dossier, place) = place(of: call, evidence) else {
                return false
            }
            evidence.events[dossier]?[place].body[3] ^= 1
            return true
        },
        Mutant(name: "a number is left out") { evidence, calls in
            guard let dossier = done(calls, evidence)?.dossier, let count = evidence.events[dossier]?.count else {
                return false
            }
            evidence.events[dossier]?[count - 1].sequence += 1
            evidence.dossiers[dossier]?.sequence += 1
            return true
        },
        Mutant(name: "a whole dossier is gone") { evidence, calls in
            guard let dossier = done(calls, evidence)?.dossier else { return false }
            evidence.events[dossier] = nil
            evidence.dossiers[dossier] = nil
            return true
        },
    ]

    private static let records: [Mutant] = [
        Mutant(name: "the head is another") { evidence, calls in
            guard let dossier = done(calls, evidence)?.dossier else { return false }
            evidence.dossiers[dossier]?.head[0] ^= 1
            return true
        },
        Mutant(name: "the state is an older one") { evidence, calls in
            guard let dossier = done(calls, evidence)?.dossier, let first = evidence.events[dossier]?.first,
                let event = try? Event(decoding: first.body)
            else { return false }
            evidence.dossiers[dossier]?.state = evolve(nil, event).encoded()
            return true
        },
        Mutant(name: "a dossier waits for nothing") { evidence, _ in
            guard let dossier = evidence.dossiers.first(where: { !$0.value.hasEnded })?.key else { return false }
            evidence.dossiers[dossier]?.isMoving = false
            return true
        },
        Mutant(name: "a notice did not reach the public side") { evidence, _ in
            guard let notice = evidence.told.keys.first else { return false }
            evidence.told[notice] = nil
            return true
        },
        Mutant(name: "the public side tells something else") { evidence, _ in
            guard let notice = evidence.told.keys.first else { return false }
            evidence.told[notice] = "0"
            return true
        },
        Mutant(name: "a leaf is missing") { evidence, _ in
            guard evidence.leaves.count > 2 else { return false }
            evidence.leaves.remove(at: 1)
            return true
        },
        Mutant(name: "a leaf commits to something else") { evidence, _ in
            guard !evidence.leaves.isEmpty else { return false }
            evidence.leaves[0].isTrue = false
            return true
        },
        Mutant(name: "a message is stuck") { evidence, _ in
            evidence.stuck.append("m/1")
            return true
        },
    ]

    private static let calls: [Mutant] = [
        Mutant(name: "an answer names a number that was never given") { evidence, calls in
            guard let place = calls.firstIndex(where: { $0.isDone && $0.answer?.sequence != nil }) else { return false }
            calls[place].answer?.sequence = 100_000
            return true
        },
        Mutant(name: "the kept answer is another") { evidence, calls in
            guard let key = calls.first(where: \.isDone)?.key else { return false }
            evidence.answers[key]?.body.append(0x20)
            return true
        },
        Mutant(name: "the answer was not kept") { evidence, calls in
            guard let key = calls.first(where: \.isDone)?.key else { return false }
            evidence.answers[key] = nil
            return true
        },
        Mutant(name: "a submission made two dossiers") { evidence, calls in
            for call in calls {
                guard case .submitted(let reference) = call.effect, call.isDone, let dossier = call.dossier else {
                    continue
                }
                evidence.references[reference]?.append(dossier)
                return true
            }
            return false
        },
        Mutant(name: "what was refused was done") { evidence, calls in
            guard let place = calls.firstIndex(where: { $0.isDone }) else { return false }
            calls[place].answer?.status = 409
            evidence.answers[calls[place].key]?.status = 409
            return true
        },
        Mutant(name: "a stale read: the later command names the earlier number") { evidence, calls in
            for (place, call) in calls.enumerated() where call.isDone && call.answer?.sequence != nil {
                let later = calls.firstIndex {
                    $0.dossier == call.dossier && $0.isDone && ($0.answer?.sequence ?? 0) > (call.answer?.sequence ?? 0)
                        && $0.invoked > (call.answer?.returned ?? .zero)
                }
                guard let later else { continue }
                let (low, high) = (calls[place].answer?.sequence, calls[later].answer?.sequence)
                calls[place].answer?.sequence = high
                calls[later].answer?.sequence = low
                return true
            }
            return false
        },
    ]
}
