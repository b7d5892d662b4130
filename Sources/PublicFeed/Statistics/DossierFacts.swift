import Notices
import WorkingTime

/// What statistics know of one dossier: a fold over its notices in the order of their numbers. Pure.
///
/// Everything is told by legal instants, never by when a notice came. Folding the same notices, in however many parts,
/// gives the same facts; one that comes after a higher number has to wait for a new fold over all.
struct DossierFacts: Hashable, Sendable {
    /// How the dossier stood from a day on.
    struct Phase: Hashable, Sendable {
        /// Days since 1970.
        var day: Int
        var kind: Kind

        enum Kind: Hashable, Sendable {
            /// Submitted, not accepted.
            case pending
            /// The clock runs; in time up to and with `lastDay`, for ever when nothing was promised.
            case running(lastDay: Int?)
            /// The clock waits.
            case waiting(isLate: Bool, isSupplement: Bool, isRepeat: Bool)
            case ended
        }
    }

    /// The end that counts: status 9, else 10, else 8, 3 or 7 (domain rules, QĐ 766 formula 2.1).
    struct Finish: Hashable, Sendable {
        var at: Instant
        /// 3 for status 9, 2 for status 10, 1 for any other end.
        var rank: Int
        /// No outcome: withdrawn or stopped.
        var isOther: Bool
        /// Status 3.
        var isDeclined: Bool
        var promised: Instant?
    }

    /// A milestone of the page that was left.
    struct Step: Hashable, Sendable {
        var milestone: String
        /// Without the time in which the clock waited.
        var seconds: Int64
        /// The day on which it was left.
        var day: Int
    }

    /// The milestone that is lit, since when, and how long the dossier had waited by then.
    struct OpenStep: Hashable, Sendable {
        var milestone: String
        var since: Instant
        var waitedBefore: Int64
    }

    /// The highest number folded; 0 before the first.
    var number = 0
    /// The agency that received the dossier: the one of its legal code (TT 01/2018 art. 19), before it has one, and for
    /// a linked dossier without one, the first that held it. A notice does not say which agency answers for the result.
    var agency = ""
    var isAgencyOfCode = false
    var field = ""
    var procedure = ""
    /// As the national list has it: 1 counter, 2 online, 3 post.
    var channel = 1
    /// Never empty once a notice was folded; days never go back.
    var phases: [Phase] = []
    var receivedAt: Instant?
    /// The last date that was promised, and the first.
    var promised: Instant?
    var firstPromised: Instant?
    /// How often papers were asked for after acceptance.
    var supplements = 0
    var isAskedForPapers = false
    /// Seconds waited in all, by the waits that are over; those before acceptance; and since when it waits now.
    var waited: Int64 = 0
    var waitedBeforeReceipt: Int64 = 0
    var waitingSince: Instant?
    var finish: Finish?
    var steps: [Step] = []
    var step: OpenStep?

    /// The facts of these notices, given in any order; a repeated number counts once.
    init(_ notices: [Notice] = []) {
        for notice in notices.sorted(by: { $0.number < $1.number }) { take(notice) }
    }

    /// Folds one notice. One that is not above ``number`` changes nothing.
    mutating func take(_ notice: Notice) {
        guard notice.number > number else { return }
        number = notice.number
        identify(notice)
        if phases.isEmpty { phases = [Phase(day: notice.submitted.date.daysSinceEpoch, kind: .pending)] }
        if firstPromised == nil { firstPromised = notice.firstPromised ?? notice.promised }
        if DossierFacts.rank(notice) == nil { reopen() }
        receive(notice)
        let isWaiting = notice.finished == nil && DossierFacts.waits(notice)
        wait(isWaiting, notice)
        if let promise = notice.promised { promised = promise }
        end(notice)
        if finish == nil, receivedAt != nil { enter(standing(notice, isWaiting), on: notice.at.date) }
        walk(notice)
    }

    private mutating func identify(_ notice: Notice) {
        field = StatisticText.key(notice.field)
        procedure = StatisticText.key(notice.procedure)
        channel = notice.channel
        if let code = notice.legalCode, let agency = DossierFacts.agency(ofCode: code) {
            self.agency = StatisticText.key(agency)
            isAgencyOfCode = true
        } else if agency.isEmpty, let holder = notice.holder {
            agency = StatisticText.key(holder.agency)
        }
    }

    /// The part of a legal code before its day and counter.
    static func agency(ofCode code: String) -> String? {
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let agency = parts.first, !agency.isEmpty else { return nil }
        return String(agency)
    }

    private mutating func receive(_ notice: Notice) {
        guard receivedAt == nil else { return }
        // Nobody decides what nobody received, even if the notice of the acceptance has not come.
        let isDecided = notice.status == .decided || notice.status == .returned
        guard let received = notice.accepted ?? (isDecided ? notice.at : nil) else { return }
        reopen()
        receivedAt = received
        enter(.running(lastDay: firstPromised.map(DossierFacts.lastDay)), on: received.date)
        waitedBeforeReceipt = waited
        if let since = waitingSince {
            // A wait that acceptance ended.
            waitedBeforeReceipt = DossierFacts.sum(waited, DossierFacts.seconds(since, received))
        }
    }

    private mutating func wait(_ isWaiting: Bool, _ notice: Notice) {
        if isWaiting, waitingSince == nil {
            waitingSince = notice.at
        } else if !isWaiting, let since = waitingSince {
            waited = DossierFacts.sum(waited, DossierFacts.seconds(since, notice.at))
            waitingSince = nil
        }
        let asks = notice.stage == .needsDocuments && notice.finished == nil
        if asks, !isAskedForPapers, receivedAt != nil { supplements &+= 1 }
        isAskedForPapers = asks
    }

    private func standing(_ notice: Notice, _ isWaiting: Bool) -> Phase.Kind {
        guard isWaiting else { return .running(lastDay: notice.promised.map(DossierFacts.lastDay)) }
        let isLate: Bool
        switch phases.last?.kind {
        case .running(let lastDay?): isLate = notice.at.date.daysSinceEpoch > lastDay
        case .waiting(let wasLate, _, _): isLate = wasLate
        default: isLate = false
        }
        let isSupplement = notice.stage == .needsDocuments
        return .waiting(isLate: isLate, isSupplement: isSupplement, isRepeat: isSupplement && supplements > 1)
    }

    /// A notice that goes on after an end: it never ended. The day between is the phase's before.
    private mutating func reopen() {
        finish = nil
        guard let last = phases.last, last.kind == .ended else { return }
        phases.removeLast()
        guard phases.isEmpty else { return }
        phases = [
            Phase(day: last.day, kind: receivedAt == nil ? .pending : .running(lastDay: promised.map(Self.lastDay)))
        ]
    }

    /// Notes the end, the better one where two come.
    private mutating func end(_ notice: Notice) {
        guard let rank = DossierFacts.rank(notice), rank > finish?.rank ?? 0 else { return }
        let isOther =
            switch notice.result {
            case "withdrawn", "stopped": true
            case nil: notice.status == .withdrawn || notice.status == .stopped
            default: false
            }
        let found = Finish(
            at: notice.finished ?? notice.at, rank: rank, isOther: isOther,
            isDeclined: notice.status == .notAccepted, promised: notice.promised ?? promised)
        finish = found
        enter(.ended, on: found.at.date)
    }

    private static func rank(_ notice: Notice) -> Int? {
        switch notice.status {
        case .decided: 3
        case .returned: 2
        case .notAccepted: 1
        // "Dừng xử lý" is one code for two things; the stage keeps them apart.
        case .stopped: notice.finished != nil || notice.stage == .terminated ? 1 : nil
        case .withdrawn: notice.finished != nil || notice.stage == .withdrawn ? 1 : nil
        default: notice.finished != nil ? 1 : nil
        }
    }

    /// Moves from milestone to milestone.
    private mutating func walk(_ notice: Notice) {
        let lit = finish == nil ? notice.milestone.map(StatisticText.key) : nil
        guard lit != step?.milestone else { return }
        if let left = step {
            let at = finish.map { min($0.at, notice.at) } ?? notice.at
            let total = DossierFacts.seconds(left.since, at)
            let idle = max(0, waited &- left.waitedBefore)
            steps.append(
                Step(milestone: left.milestone, seconds: max(0, total &- idle), day: at.date.daysSinceEpoch))
        }
        step = lit.map { OpenStep(milestone: $0, since: notice.at, waitedBefore: waited) }
    }

    /// One phase a day: what ended on the day on which it began leaves no trace in any stock.
    private mutating func enter(_ kind: Phase.Kind, on date: CivilDate) {
        guard let last = phases.last, last.kind != kind else { return }
        let day = max(date.daysSinceEpoch, last.day)
        if day == last.day { phases.removeLast() }
        if phases.last?.kind != kind { phases.append(Phase(day: day, kind: kind)) }
    }

    /// Whether the clock cannot run, as the status page says it.
    private static func waits(_ notice: Notice) -> Bool {
        notice.paused || [.needsDocuments, .needsPayment, .suspended].contains(notice.stage)
    }

    /// The last day that still keeps a promise: 24:00 is the end of its day.
    static func lastDay(_ promise: Instant) -> Int { promise.adding(microseconds: -1).date.daysSinceEpoch }

    /// Whole seconds between two instants, never below 0.
    static func seconds(_ from: Instant, _ until: Instant) -> Int64 {
        max(0, (until.microseconds / 1_000_000) &- (from.microseconds / 1_000_000))
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
