import CoreMetrics
package import Dossiers
import Logging
import Procedures
package import Store
package import WorkingTime

/// A machine's command that failed, as administrators see it.
package struct StuckView: Hashable, Sendable {
    /// What comes to a dossier by itself.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An instant that came.
        case timer
        /// A message of another dossier.
        case message
        /// A calendar was amended.
        case calendar
        /// Agencies were amended.
        case agencies
        /// Of no kind that this build knows.
        case unknown
    }

    /// The dossier to which it should have come; there may be none yet, when the message is the one that makes it.
    package var dossier: DossierRef
    /// Its key on the agenda.
    package var key: String
    /// How often it failed.
    package var tries: Int
    /// Why, the last time: one line, without values of people.
    package var error: String
    /// When it failed first, and last.
    package var first: Instant
    package var last: Instant
    /// When it is tried again; nil: not before a person frees it (R12).
    package var nextTry: Instant?

    /// Told by the key.
    package var kind: Kind {
        if key.hasPrefix("m/") { return .message }
        if key.hasPrefix(OfficeCalendar.amendmentPrefix) { return .calendar }
        if key.hasPrefix(AgencyDirectory.amendmentPrefix) { return .agencies }
        return TimerKey(text: key) == nil ? .unknown : .timer
    }
}

extension DossierEngine {
    /// A page of a province's machine commands that failed, in the order of dossiers and keys; those that are tried again by
    /// themselves are there too.
    /// - Parameter limit: 1…200.
    package func stuck(
        province: Int16, at place: PagePlace<ClearedAgenda> = .first, limit: Int
    ) async throws -> ListPage<StuckView, ClearedAgenda> {
        let limit = min(max(limit, 1), 200)
        let rows = try await asking { try await $0.stuck(at: place, limit: limit + 1, province: province) }
        let items = rows.map { row in
            StuckView(
                dossier: DossierRef(province: province, id: row.dossier), key: row.key, tries: row.tries,
                error: row.error, first: row.firstAt, last: row.lastAt,
                nextTry: row.tries >= DossierStore.triesBeforeStuck ? nil : row.retryAt)
        }
        return ListPage(items, at: place, limit: limit) { ClearedAgenda(dossier: $0.dossier.id, key: $0.key) }
    }

    /// Has the agenda try a machine's command again at once; false when it did not fail.
    package func freeStuck(_ dossier: DossierRef, key: String, by client: String) async throws -> Bool {
        let isFreed = try await asking {
            try await $0.freeStuck(dossier: dossier.id, key: key, province: dossier.province)
        }
        if isFreed { logger.notice("\(key) of \(dossier.text) was freed by \(client)") }
        return isFreed
    }

    /// Counts what is stuck, for the operator's alarm.
    func mindStuck() async {
        while !Task.isCancelled {
            do { metrics.stuck.record(try await store.stuckCount()) } catch {
                warn("what is stuck could not be counted", error)
            }
            await pause(settings.stuckInterval)
        }
    }
}
