import Notices
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct StatisticsContributionTests {
    private static let submitted = Histories.day("2026-03-02")
    private static let accepted = Histories.day("2026-03-03")
    private static let promised = Histories.day("2026-03-10", "17:00")

    /// A dossier that was accepted, and what came after.
    private static func facts(_ rest: Notice...) -> DossierFacts {
        DossierFacts(
            [
                Histories.notice(3, 1, at: submitted, .submitted, submitted: submitted),
                Histories.notice(
                    3, 2, at: accepted, .accepted, submitted: submitted, accepted: accepted, promised: promised),
            ] + rest)
    }

    private static func notice(
        _ number: Int, _ day: String, _ stage: PublicStage, promised: Instant? = promised, finished: Instant? = nil,
        result: String? = nil, _ change: (inout Notice) -> Void = { _ in }
    ) -> Notice {
        Histories.notice(
            3, number, at: Histories.day(day), stage, submitted: submitted, accepted: accepted, promised: promised,
            firstPromised: Self.promised, finished: finished, result: result, change)
    }

    /// The province's figures of a range of days.
    static func row(_ facts: [DossierFacts], _ from: String, _ through: String) throws -> StatisticRow {
        let query = StatisticQuery(
            province: 48, shape: .province, from: try #require(CivilDate(from)),
            through: try #require(CivilDate(through)))
        return StatisticRow.total(facts.map { StatisticsReader.row(of: $0, query, item: "") })
    }

    @Test(arguments: [
        ("2026-03-09", StatisticMeasure.finishedEarly), ("2026-03-10", .finishedOnTime),
        ("2026-03-11", .finishedLate),
    ])
    func `a result is early, on time or late by its date against the promised one`(
        day: String, measure: StatisticMeasure
    ) throws {
        let done = Self.facts(Self.notice(3, day, .decided, finished: Histories.day(day, "23:00")))
        let row = try Self.row([done], "2026-03-01", "2026-03-31")
        #expect(row[measure] == 1)
        #expect(row.withResult == 1)
        #expect(row.underWay == 0)
    }

    @Test func `handing over late what was ready in time is not late`() throws {
        let ready = Histories.day("2026-03-09")
        let done = Self.facts(
            Self.notice(3, "2026-03-09", .decided, finished: ready),
            Self.notice(4, "2026-03-20", .returned, finished: ready, result: "issued"))
        #expect(try Self.row([done], "2026-03-01", "2026-03-31")[.finishedEarly] == 1)
        let onlyReturned = Self.facts(Self.notice(4, "2026-03-20", .returned, finished: ready, result: "issued"))
        #expect(try Self.row([onlyReturned], "2026-03-09", "2026-03-09")[.finishedEarly] == 1)
    }

    @Test func `R21 an open dossier is late from the day after its promise, without anything happening`() throws {
        let open = Self.facts()
        for (day, isLate) in [("2026-03-03", false), ("2026-03-10", false), ("2026-03-11", true), ("2026-12-31", true)]
        {
            let row = try Self.row([open], "2026-03-01", day)
            #expect(row[.late] == (isLate ? 1 : 0), "\(day)")
            #expect(row[.running] == (isLate ? 0 : 1), "\(day)")
        }
    }

    @Test func `a promise until 24:00 is kept on its own day`() throws {
        let promise = Histories.day("2026-03-11", "00:00")
        let done = DossierFacts([
            Histories.notice(
                3, 1, at: Self.accepted, .accepted, submitted: Self.submitted, accepted: Self.accepted,
                promised: promise),
            Histories.notice(
                3, 2, at: Histories.day("2026-03-10", "22:00"), .decided, submitted: Self.submitted,
                accepted: Self.accepted, promised: promise, finished: Histories.day("2026-03-10", "22:00")),
        ])
        #expect(try Self.row([done], "2026-03-01", "2026-03-31")[.finishedOnTime] == 1)
    }

    @Test func `who waits for papers does not become late, and who was late stays it`() throws {
        let inTime = Self.facts(Self.notice(3, "2026-03-09", .needsDocuments))
        let late = Self.facts(Self.notice(3, "2026-03-12", .needsDocuments))
        let row = try Self.row([inTime, late], "2026-03-01", "2026-04-30")
        #expect(row[.waiting] == 1)
        #expect(row[.waitingLate] == 1)
        #expect(row[.late] == 0)
        #expect(row.underWay == 2)
    }

    @Test func `code 8 is suspended or terminated by its stage`() throws {
        let suspended = Self.facts(Self.notice(3, "2026-03-05", .suspended))
        let terminated = Self.facts(
            Self.notice(3, "2026-03-05", .terminated, finished: Histories.day("2026-03-05"), result: "stopped"))
        let paused = try Self.row([suspended], "2026-03-01", "2026-03-31")
        #expect(paused[.waiting] == 1)
        #expect(paused[.waitingOther] == 1)
        #expect(paused.finished == 0)
        let ended = try Self.row([terminated], "2026-03-01", "2026-03-31")
        #expect(ended[.finishedOther] == 1)
        #expect(ended.underWay == 0)
    }

    @Test func `a dossier that was not accepted stands outside the grid`() throws {
        let refused = DossierFacts([
            Histories.notice(3, 1, at: Self.submitted, .submitted, submitted: Self.submitted),
            Histories.notice(
                3, 2, at: Self.accepted, .refused, submitted: Self.submitted, finished: Self.accepted,
                result: "not-accepted"),
        ])
        let row = try Self.row([refused], "2026-03-01", "2026-03-31")
        #expect(row[.declined] == 1)
        #expect(row.received == 0)
        #expect(row.finished == 0)
        #expect(row[.pending] == 0)
    }

    @Test func `the time to a result leaves out the time waited`() throws {
        let done = Self.facts(
            Self.notice(3, "2026-03-04", .needsDocuments), Self.notice(4, "2026-03-07", .processing),
            Self.notice(5, "2026-03-09", .decided, finished: Histories.day("2026-03-09")))
        let row = try Self.row([done], "2026-03-01", "2026-03-31")
        #expect(row[.netSeconds] == 3 * 86_400)
        #expect(Contribution(done).durations.map(\.key.days) == [3])
    }

    @Test func `asked for papers twice counts as overdue in 2.1 and as on time in the form`() throws {
        let done = Self.facts(
            Self.notice(3, "2026-03-04", .needsDocuments), Self.notice(4, "2026-03-05", .processing),
            Self.notice(5, "2026-03-06", .needsDocuments), Self.notice(6, "2026-03-07", .processing),
            Self.notice(7, "2026-03-09", .decided, finished: Histories.day("2026-03-09")))
        let row = try Self.row([done], "2026-03-01", "2026-03-31")
        #expect(row[.finishedRepeat] == 1)
        #expect(Indicator.onTime.value(row) == 0)
        #expect(ReportForm.current.columns[8]?.value(row) == 1)
    }

    @Test func `a notice that goes on after an end opens the dossier again`() throws {
        let again = Self.facts(
            Self.notice(3, "2026-03-05", .decided, finished: Histories.day("2026-03-05")),
            Self.notice(4, "2026-03-08", .processing))
        let between = try Self.row([again], "2026-03-01", "2026-03-06")
        #expect(between.finished == 0)
        #expect(between.carried + between.received == between.finished + between.underWay)
        #expect(between.underWay == 1)
    }

    @Test func `the agency is that of the legal code, and the first holder's before there is one`() {
        let coded = Self.facts()
        #expect(coded.agency == Histories.agencies[1])
        var linked = Histories.notice(3, 1, at: Self.accepted, .accepted, submitted: Self.accepted)
        linked.holder = .init(agency: "000.02.01.H17", name: LocalText(vi: "Công an phường"))
        #expect(DossierFacts([linked]).agency == "000.02.01.H17")
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `R21 facts survive their storage, and any split of a history folds alike`(seed: UInt64) throws {
        var source = SeededSource(seed: seed)
        for dossier in 0..<20 {
            let notices = Histories.random(dossier, &source)
            let whole = DossierFacts(notices.shuffled(using: &source) + notices.prefix(2))
            var parts = DossierFacts()
            for notice in notices {
                parts.take(notice)
                parts = try #require(DossierFacts(decoding: parts.encoded()))
            }
            #expect(parts == whole, "seed \(seed), dossier \(dossier)")
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `carried over and received is always finished and under way`(seed: UInt64) throws {
        var source = SeededSource(seed: seed)
        let facts = (0..<30).map { dossier in
            // Whatever part of a history is known, in whatever order it came.
            let known = Histories.random(dossier, &source).filter { _ in Int.random(in: 0..<5, using: &source) > 0 }
            return DossierFacts(known.shuffled(using: &source))
        }
        let first = try #require(CivilDate("2025-12-25"))
        for _ in 0..<40 {
            let from = first.adding(days: Int.random(in: 0..<300, using: &source))
            let through = from.adding(days: Int.random(in: 0..<60, using: &source))
            let row = try Self.row(facts, from.description, through.description)
            #expect(row.carried + row.received == row.finished + row.underWay, "seed \(seed), \(from)…\(through)")
            let values = ReportForm.current.values(row)
            #expect(values[0] == values[1] + values[2] + values[3])
            #expect(values[4] == values[5] + values[6] + values[7])
            #expect(values[8] == values[9] + values[10])
            #expect(values[0] == values[4] + values[8], "seed \(seed), \(from)…\(through)")
            for measure in StatisticMeasure.allCases { #expect(row[measure] >= 0, "\(measure), seed \(seed)") }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `the spans of a range hold each of its days once`(seed: UInt64) {
        var source = SeededSource(seed: seed)
        let from = 20_000 + Int.random(in: 0..<800, using: &source)
        let through = from + Int.random(in: 0..<500, using: &source)
        func covered(_ spans: [StatisticSpan], _ day: Int) -> Int {
            spans.count { span in
                let start =
                    switch span.period {
                    case .day: day
                    case .month: Contribution.month(of: day)
                    case .year: Contribution.year(of: day)
                    }
                return (span.from...span.through).contains(start)
            }
        }
        for day in from - 40...through + 40 {
            #expect(
                covered(StatisticSpan.days(from, through: through), day) == ((from...through).contains(day) ? 1 : 0))
            #expect(
                covered(StatisticSpan.upTo(through).filter { $0.from <= $0.through }, day) == (day <= through ? 1 : 0))
        }
    }

    @Test(arguments: 1...5)
    func `what an agency's procedures carry over is the sum of all months before, read of few rows`(seed: UInt64) {
        var source = SeededSource(seed: seed)
        // The first of January 2014.
        let first = 16_071
        var cells: [StatisticCell: StatisticCounts] = [:]
        for _ in 0..<2_000 {
            let cell = StatisticCell(
                agency: "a", field: "f", procedure: "p", day: first + Int.random(in: 0..<13 * 365, using: &source))
            for measure in StatisticMeasure.allCases {
                cells[cell, default: .init()][measure] &+= Int64.random(in: -3...9, using: &source)
            }
        }
        let rows = StatisticsLedger.rows(cells).filter { $0.key.shape == .agencyProcedure }
        func sum(_ spans: [StatisticSpan]) -> (counts: StatisticCounts, count: Int) {
            let read = rows.filter { key, _ in
                spans.contains { $0.period == key.period && ($0.from...$0.through).contains(key.start) }
            }
            return (read.values.reduce(into: StatisticCounts()) { $0 += $1 }, read.count)
        }
        var month = Contribution.month(of: first)
        for _ in 0..<13 * 12 {
            let all = StatisticSpan(period: .month, from: CivilDate.earliest.daysSinceEpoch, through: month - 1)
            let few = sum(StatisticSpan.monthsBefore(month))
            #expect(few.counts == sum([all]).counts)
            #expect(few.count <= 13 + 11)
            month = StatisticSpan.nextMonth(after: month)
        }
    }

    @Test func `the usual duration is a percentile that single dossiers do not move`() throws {
        #expect(UsualDuration([3: 9]) == nil)
        let usual = try #require(UsualDuration([1: 2, 4: 10, 6: 6, 200: 2]))
        #expect(usual.medianDays == 4)
        #expect(usual.ninthDecileDays == 6)
        #expect(usual.count == 20)
        #expect(UsualDuration([366: 20]) == nil)
    }
}
