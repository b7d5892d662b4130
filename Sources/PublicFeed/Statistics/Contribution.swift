import WorkingTime

/// Whose figures a cell holds, and of which day.
struct StatisticCell: Hashable, Sendable {
    var agency: String
    var field: String
    var procedure: String
    /// Days since 1970.
    var day: Int
}

/// Results of a procedure in a month that took so many days.
struct DurationCell: Hashable, Sendable {
    var procedure: String
    /// The first day of the month, since 1970.
    var month: Int
    /// Calendar days from acceptance, without those that the dossier waited; 366 stands for that and more.
    var days: Int
}

/// Stays at a milestone of a procedure that ended in a month.
struct StepCell: Hashable, Sendable {
    var procedure: String
    var milestone: String
    /// The first day of the month, since 1970.
    var month: Int
}

/// What one dossier adds to the counters (R21), or the difference between two such.
struct Contribution: Hashable, Sendable {
    var cells: [StatisticCell: StatisticCounts] = [:]
    var durations: [DurationCell: Int64] = [:]
    var steps: [StepCell: StepTotal] = [:]

    /// How many stays, and how long in all.
    struct StepTotal: Hashable, Sendable {
        var count: Int64 = 0
        var seconds: Int64 = 0
    }

    /// Nothing.
    init() {}

    /// The rules by which facts become cells and ``DossierFacts`` are folded: a build with other rules has another
    /// number, and counts every province anew when it starts. So does one that notes corrections otherwise: 3 is the first
    /// by which they depend on the leaves alone.
    static let rules: Int32 = 3

    /// What the facts of one dossier come to.
    init(_ facts: DossierFacts) {
        addStocks(facts)
        addFlows(facts)
        for step in facts.steps {
            let cell = StepCell(
                procedure: facts.procedure, milestone: step.milestone, month: Contribution.month(of: step.day))
            steps[cell, default: StepTotal()].count += 1
            steps[cell, default: StepTotal()].seconds &+= step.seconds
        }
        dropZeros()
    }

    /// What has to be added to the counters when a dossier's facts change.
    static func difference(_ old: DossierFacts?, _ new: DossierFacts) -> Contribution {
        var difference = Contribution(new)
        if let old { difference.add(Contribution(old), times: -1) }
        return difference
    }

    /// Adds another, or takes it away (`times` −1).
    mutating func add(_ other: Contribution, times: Int64 = 1) {
        gather(other, times: times)
        dropZeros()
    }

    /// As ``add(_:times:)``, and leaves what comes to nothing: for many in a row.
    mutating func gather(_ other: Contribution, times: Int64 = 1) {
        for (cell, counts) in other.cells {
            if times < 0 { cells[cell, default: .init()] -= counts } else { cells[cell, default: .init()] += counts }
        }
        for (cell, count) in other.durations { durations[cell, default: 0] &+= count &* times }
        for (cell, total) in other.steps {
            steps[cell, default: StepTotal()].count &+= total.count &* times
            steps[cell, default: StepTotal()].seconds &+= total.seconds &* times
        }
    }

    private mutating func dropZeros() {
        cells = cells.filter { !$0.value.isZero }
        durations = durations.filter { $0.value != 0 }
        steps = steps.filter { $0.value != StepTotal() }
    }

    private mutating func count(_ facts: DossierFacts, _ day: Int, _ measure: StatisticMeasure, _ amount: Int64 = 1) {
        let cell = StatisticCell(
            agency: facts.agency, field: facts.field, procedure: facts.procedure, day: day)
        cells[cell, default: .init()][measure] &+= amount
    }

    /// In on the first day, out on the day that ends it.
    private mutating func stay(_ facts: DossierFacts, _ measure: StatisticMeasure, from: Int, until: Int?) {
        guard from != until else { return }
        count(facts, from, measure, 1)
        if let until { count(facts, until, measure, -1) }
    }

    /// A running dossier turns late on the day after its last: that day is known beforehand, so nothing has to happen
    /// at midnight.
    private mutating func addStocks(_ facts: DossierFacts) {
        for (place, phase) in facts.phases.enumerated() {
            let until = place + 1 < facts.phases.count ? facts.phases[place + 1].day : nil
            switch phase.kind {
            case .pending: stay(facts, .pending, from: phase.day, until: until)
            case .running(nil): stay(facts, .running, from: phase.day, until: until)
            case .running(let lastDay?):
                let turn = max(phase.day, lastDay + 1)
                if let until, until <= turn {
                    stay(facts, .running, from: phase.day, until: until)
                } else {
                    stay(facts, .running, from: phase.day, until: turn)
                    stay(facts, .late, from: turn, until: until)
                }
            case .waiting(let isLate, let isSupplement, let isRepeat):
                stay(facts, isLate ? .waitingLate : .waiting, from: phase.day, until: until)
                if !isLate, !isSupplement { stay(facts, .waitingOther, from: phase.day, until: until) }
                if isRepeat { stay(facts, .waitingRepeat, from: phase.day, until: until) }
            case .ended: break
            }
        }
    }

    private mutating func addFlows(_ facts: DossierFacts) {
        let ended = facts.phases.last.flatMap { $0.kind == .ended ? $0.day : nil }
        guard facts.receivedAt != nil, let first = facts.phases.first(where: { $0.kind != .pending }) else {
            if let ended, facts.finish?.isDeclined ?? false { count(facts, ended, .declined) }
            return
        }
        let channel: StatisticMeasure =
            switch facts.channel {
            case 2: .receivedOnline
            case 3: .receivedPost
            default: .receivedCounter
            }
        count(facts, first.day, channel)
        if let ended, let finish = facts.finish { addFinish(facts, finish, on: ended) }
    }

    private mutating func addFinish(_ facts: DossierFacts, _ finish: DossierFacts.Finish, on day: Int) {
        guard !finish.isOther else { return count(facts, day, .finishedOther) }
        let date = finish.at.date.daysSinceEpoch
        let standing: StatisticMeasure
        if let promised = finish.promised ?? facts.firstPromised {
            let last = DossierFacts.lastDay(promised)
            standing = date < last ? .finishedEarly : date == last ? .finishedOnTime : .finishedLate
        } else {
            standing = .finishedUndated
        }
        count(facts, day, standing)
        if facts.supplements > 1, standing != .finishedLate { count(facts, day, .finishedRepeat) }
        if let first = facts.firstPromised, date > DossierFacts.lastDay(first) { count(facts, day, .finishedLateFirst) }
        guard let received = facts.receivedAt else { return }
        let waited = max(0, facts.waited &- facts.waitedBeforeReceipt)
        count(facts, day, .netSeconds, max(0, DossierFacts.seconds(received, finish.at) &- waited))
        let days = date - received.date.daysSinceEpoch - Int(waited / 86_400)
        let cell = DurationCell(
            procedure: facts.procedure, month: Contribution.month(of: day), days: min(max(days, 0), 366))
        durations[cell, default: 0] += 1
    }

    /// The first day of a day's month, since 1970.
    static func month(of day: Int) -> Int { day - (CivilDate(daysSinceEpoch: day).day - 1) }

    /// The first day of a day's year, since 1970.
    static func year(of day: Int) -> Int {
        let date = CivilDate(daysSinceEpoch: day)
        return CivilDate(year: date.year, month: 1, day: 1)?.daysSinceEpoch ?? day
    }
}
