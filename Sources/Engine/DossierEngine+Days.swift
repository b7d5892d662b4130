import Dossiers
import Logging
import Store
import WorkingTime

/// What is done once a day in each province.
extension DossierEngine {
    /// How long after its end a dossier moves to the closed ones (R23).
    static let closesAfterSeconds: Int64 = 30 * 86_400

    /// Once a day, after midnight in Viet Nam: heads that moved without a notice get their leaf, and what ended 30 days ago
    /// moves away. Several servers do no harm: the first one's work is found done.
    func mindDays() async {
        var done: [Int16: CivilDate] = [:]
        while !Task.isCancelled {
            do {
                let now = clock.now()
                for province in try await store.provincesKnown() where done[province] != now.date {
                    try await closeDay(province, now: now)
                    if Task.isCancelled { break }
                    done[province] = now.date
                }
            } catch { warn("the day's work is not done yet", error) }
            await pause(settings.dayInterval)
        }
    }

    /// The work of one province after midnight.
    func closeDay(_ province: Int16, now: Instant) async throws {
        let yesterday = CivilDate(daysSinceEpoch: now.date.daysSinceEpoch - 1)
        if let count = try await store.sequenceHeads(province: province, day: yesterday, now: now), count > 0 {
            logger.info("province \(province): \(count) heads without a notice have their leaf")
        }
        var after: DossierID?
        var moved = 0
        repeat {
            let page = try await store.closeEnded(
                province: province, before: now.adding(seconds: -DossierEngine.closesAfterSeconds), after: after)
            moved += page.moved
            after = page.next
            // Small batches with room between them: people's commands come first.
            await pause(.milliseconds(20))
        } while after != nil && !Task.isCancelled
        if moved > 0 { logger.info("province \(province): \(moved) dossiers that ended 30 days ago were moved away") }
    }
}
