import Notices
import WorkingTime

/// How a dossier stands against its promise at a moment (clock.md, rule 19).
enum Punctuality: Hashable, Sendable {
    /// No promise to keep now: none given, the clock does not run, or it is not yet due.
    case inTime
    /// The promised hour has passed, its day has not.
    case pastHour
    /// The promised day has passed while the clock runs.
    case late
    /// It ended on or before the promised day.
    case endedInTime
    /// It ended after the promised day.
    case endedLate

    init(of notice: Notice, now: Instant) {
        guard let promised = notice.promised else {
            self = .inTime
            return
        }
        let lastDay = promised.adding(microseconds: -1).date
        if let finished = notice.finished {
            self =
                Punctuality.isOutcome(notice.result) ? (finished.date > lastDay ? .endedLate : .endedInTime) : .inTime
        } else if notice.paused || Punctuality.waitsForApplicant(notice.stage) || now <= promised {
            self = .inTime
        } else {
            self = now.date > lastDay ? .late : .pastHour
        }
    }

    /// The instants at which the answer may change by time alone.
    static func turns(of notice: Notice) -> [Instant] {
        guard notice.finished == nil else { return [] }
        let until = [notice.action?.until].compactMap { $0 }
        guard let promised = notice.promised else { return until }
        let lastDay = promised.adding(microseconds: -1).date
        return until + [promised, Instant(date: lastDay.adding(days: 1), time: .midnight)]
    }

    /// Whether the legal clock cannot run because the applicant has to act.
    static func waitsForApplicant(_ stage: PublicStage) -> Bool {
        stage == .needsDocuments || stage == .needsPayment
    }

    /// A withdrawn or stopped dossier kept or broke no promise.
    private static func isOutcome(_ result: String?) -> Bool {
        result == "issued" || result == "partial" || result == "refused"
    }
}
