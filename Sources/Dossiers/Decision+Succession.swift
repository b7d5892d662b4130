import Procedures
import WorkingTime

/// Agencies that end while they have work: what is theirs passes to their successors at 00:00 of the day from which
/// these are there.
extension Deciding {
    mutating func succeed() throws(Refusal) {
        // Each turn passes the work on by one succession; a checked directory has no circle.
        for _ in 0..<world.directory.agencies.count {
            guard let next = state.successions(in: world.directory).first(where: { $0.due <= arrived }) else { break }
            let moved = state.running.filter { $0.agency == next.agency }
            emit(.succeeded(agency: next.agency, by: next.successor))
            isUntold = true
            for step in moved {
                guard let node = node(at: step.node) else { continue }
                publish(node, step.node, activation: step.activation)
            }
        }
        try moveDues()
    }
}

extension State {
    /// The agencies that have some of the dossier and are succeeded, by code, and when.
    func successions(in directory: AgencyDirectory) -> [(agency: String, successor: String, due: Instant)] {
        let agencies = Set(running.compactMap(\.agency) + [centre, agency])
        return agencies.sorted().compactMap { code in
            directory.succession(of: code).map { next in
                (code, next.agency.code, Instant(date: next.from, time: .midnight))
            }
        }
    }
}
