import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// What may be told of a month's ratings, without a database.
@Suite struct SatisfactionMonthTests {
    private static func counts(_ row: [Int64]) throws -> SatisfactionCounts {
        try #require(SatisfactionCounts(row: row))
    }

    @Test func `whatever is told, and what is left when it is subtracted, is of ten ratings at least`() throws {
        var source = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var counts: [String: SatisfactionCounts] = [:]
            for place in 0..<Int.random(in: 0...8, using: &source) {
                let top = Int64([1, 3, 12].randomElement(using: &source) ?? 1)
                let row = (0..<4).map { _ in Int64.random(in: 0...top, using: &source) }
                counts[place == 0 ? "" : "A\(place)"] = try Self.counts(row)
            }
            let all = counts.values.reduce(into: SatisfactionCounts()) { $0 += $1 }
            let month = SatisfactionMonth(of: counts)
            guard let whole = month.whole else {
                #expect(all.total < 10 && month.agencies.isEmpty)
                continue
            }
            #expect(whole == all && whole.total >= 10)
            #expect(month.agencies.allSatisfy { $0.counts.total >= 10 })
            // The lines add up to the province's: no subtraction tells of others than those that are told.
            if !month.agencies.isEmpty {
                #expect(month.agencies.reduce(into: SatisfactionCounts()) { $0 += $1.counts } == whole)
                #expect(month.agencies.dropLast().allSatisfy { !$0.key.isEmpty } && month.agencies.count > 0)
            }
            for agency in month.agencies where !agency.key.isEmpty { #expect(counts[agency.key] == agency.counts) }
        }
    }

    @Test func `a remainder that is too small takes the smallest agency with it`() throws {
        let month = SatisfactionMonth(of: [
            "A": try Self.counts([0, 0, 20, 5]), "B": try Self.counts([1, 0, 9, 1]),
            "C": try Self.counts([1, 0, 0, 0]),
        ])
        #expect(month.agencies.map(\.key) == ["A", ""])
        #expect(month.agencies.last?.counts == (try Self.counts([2, 0, 9, 1])))
        let alone = SatisfactionMonth(of: ["A": try Self.counts([0, 0, 20, 5]), "C": try Self.counts([1, 0, 0, 0])])
        #expect(alone.whole?.total == 26 && alone.agencies.isEmpty)
    }

    @Test(arguments: [
        ("2026-04-10", "2026-02-01"), ("2026-04-11", "2026-03-01"), ("2026-04-30", "2026-03-01"),
        ("2026-05-10", "2026-03-01"), ("2026-01-11", "2025-12-01"), ("2026-03-11", "2026-02-01"),
    ])
    func `a month is counted from the eleventh of the next, when none of its ratings can change`(
        day: String, month: String
    ) throws {
        let day = try #require(CivilDate(day))
        let last = SatisfactionMonth.lastCounted(on: day)
        #expect(last.description == month)
        let end = CivilDate(daysSinceEpoch: StatisticSpan.nextMonth(after: last.daysSinceEpoch) - 1)
        #expect(DossierRating(givenOn: end, level: .satisfied).changeableThrough < day)
    }

    @Test func `shares are of all ratings, rounded to hundredths of a per cent`() throws {
        #expect(try Self.counts([1, 0, 1, 1]).satisfiedShare == 6_667)
        #expect(try Self.counts([0, 0, 0, 9]).satisfiedShare == 10_000)
        #expect(SatisfactionCounts().satisfiedShare == nil)
        #expect(SatisfactionCounts(row: [1, 2, 3]) == nil && SatisfactionCounts(row: [0, 0, 0, -1]) == nil)
    }
}
