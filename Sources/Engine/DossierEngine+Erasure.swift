package import Dossiers
import Logging
package import Store
package import WorkingTime

/// Why personal values are erased; it stands in the register.
package enum ErasureReason: String, Hashable, Sendable, CaseIterable {
    /// The time for which the procedure keeps them is over.
    case retention
    /// The person whose they are asked for it, and the law allows it.
    case request
    /// A court or an inspector ordered it.
    case order
}

/// That a dossier's personal values were erased.
package struct Erasure: Hashable, Sendable {
    /// When, for the first time.
    package let at: Instant
    /// Why.
    package let reason: ErasureReason
}

/// How an erasure came out.
package enum ErasureResult: Hashable, Sendable {
    /// Done, and in the register. `erased`: the dossiers that still had values. `elsewhere`: linked dossiers that another
    /// province keeps, whose administrators must be asked.
    case erased([DossierRef], elsewhere: [DossierRef])
    /// These of the family have not ended; nothing was erased.
    case notEnded([DossierRef])
    /// There is no such dossier.
    case noDossier
}

extension DossierEngine {
    /// Erases the personal values of a dossier and of those linked from it, for good, once all have ended: forms, notes,
    /// documents and the keys that open them. Events, notices, statistics and the register of accesses stay; backups keep
    /// the values until they expire.
    package func erasePersonal(
        of dossier: DossierRef, reason: ErasureReason, by client: String
    ) async throws -> ErasureResult {
        guard try await self.dossier(dossier) != nil else { return .noDossier }
        let family = try await [dossier] + linked(from: dossier)
        let (here, elsewhere) = (
            family.filter { $0.province == dossier.province }, family.filter { $0.province != dossier.province }
        )
        var open: [DossierRef] = []
        for member in here where try await self.dossier(member)?.state.hasEnded == false { open.append(member) }
        guard open.isEmpty else { return .notEnded(open) }
        let access = AccessRow(
            at: clock.now(), client: client, officer: nil, dossiers: here.map(\.id), sections: ["*"],
            purpose: "erase/\(reason.rawValue)")
        let erased = try await asking {
            try await $0.erasePersonal(of: here.map(\.id), recording: access, province: dossier.province)
        }
        logger.notice("personal values of \(dossier.text) were erased by \(client): \(reason.rawValue)")
        return .erased(erased.map { DossierRef(province: dossier.province, id: $0) }, elsewhere: elsewhere)
    }

    /// Since when, and why, a dossier has no personal values any more; nil while it has them, or never had any.
    package func erasure(of dossier: DossierRef) async throws -> Erasure? {
        // The register also names dossiers of the family that had nothing to erase.
        guard try await asking({ try await $0.dataKey(of: dossier.id, province: dossier.province) }) == nil,
            let row = try await asking({ try await $0.erasure(of: dossier.id, province: dossier.province) }),
            let reason = ErasureReason(rawValue: String(row.purpose.dropFirst("erase/".count)))
        else { return nil }
        return Erasure(at: row.at, reason: reason)
    }

    /// A page of the register of a dossier: who read, or erased, its personal values, newest first.
    /// - Parameter limit: 1…200.
    package func accesses(
        of dossier: DossierRef, at place: PagePlace<Int64> = .first, limit: Int
    ) async throws -> ListPage<RecordedAccess, Int64> {
        let limit = min(max(limit, 1), 200)
        let rows = try await asking {
            try await $0.accesses(of: dossier.id, at: place, limit: limit + 1, province: dossier.province)
        }
        return ListPage(rows, at: place, limit: limit, key: \.id)
    }

    /// The dossiers that were ever linked from one, at any depth, by its log: also of those that have ended, in every
    /// province. At most 1,000.
    private func linked(from root: DossierRef) async throws -> [DossierRef] {
        var found: [DossierRef] = []
        var todo = [root]
        while let next = todo.popLast(), found.count < 1_000 {
            var after: Int64 = 0
            while true {
                let page = try await events(of: next, after: after, limit: 1_000)
                for event in page {
                    guard case .sent(let message) = event.body, case .start = message.body,
                        !found.contains(message.to)
                    else { continue }
                    found.append(message.to)
                    todo.append(message.to)
                }
                guard page.count == 1_000, let last = page.last?.sequence else { break }
                after = last
            }
        }
        return found
    }
}
