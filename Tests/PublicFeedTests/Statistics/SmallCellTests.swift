import PublicSamples
import Testing

@testable import PublicFeed

@Suite struct SmallCellTests {
    /// Tables of made-up counts of each procedure at each agency, all adding up.
    private struct Month {
        var parts: [(agency: String, procedure: String, row: StatisticRow)] = []
        static let fields = ["p0": "f0", "p1": "f0", "p2": "f1", "p3": "f1", "p4": "f2", "q": "f0"]

        func tables(isSettled: Bool = true) -> MonthTables {
            func rows(_ key: (Int) -> String, of places: [Int]) -> [StatisticRow] {
                Dictionary(grouping: places, by: key).map { item, places in
                    var total = StatisticRow.total(places.map { parts[$0].row })
                    total.item = item
                    return total
                }.sorted { $0.item < $1.item }
            }
            func field(_ place: Int) -> String { Month.fields[parts[place].procedure] ?? "" }
            let all = Array(parts.indices)
            var split: [String: MonthTables.Parts] = [:]
            for (agency, places) in Dictionary(grouping: all, by: { parts[$0].agency }) {
                split[agency] = .init(
                    fields: rows(field, of: places), procedures: rows({ parts[$0].procedure }, of: places))
            }
            return MonthTables(
                agencies: rows({ parts[$0].agency }, of: all), fields: rows(field, of: all),
                procedures: rows({ parts[$0].procedure }, of: all), parts: isSettled ? split : nil,
                fieldOfProcedure: Month.fields)
        }

        mutating func add(_ agency: String, _ procedure: String, _ change: (inout StatisticRow) -> Void) {
            var row = StatisticRow(item: procedure)
            change(&row)
            row.period[.running] =
                row.carried + row.received - row.finished - row[.late] - row.waiting - row.opening[.running]
            parts.append((agency, procedure, row))
        }

        static func random(_ source: inout SeededSource) -> Month {
            var month = Month()
            for agency in ["a", "b", "c", "d"].prefix(Int.random(in: 1...4, using: &source)) {
                for procedure in ["p0", "p1", "p2", "p3", "p4"] where Int.random(in: 0..<4, using: &source) > 0 {
                    let size = Int64([3, 12, 80].randomElement(using: &source) ?? 3)
                    month.add(agency, procedure) { row in
                        func draw(_ limit: Int64) -> Int64 { Int64.random(in: 0...max(0, limit), using: &source) }
                        for channel in [StatisticMeasure.receivedCounter, .receivedOnline, .receivedPost] {
                            row.period[channel] = draw(size)
                        }
                        row.opening[.running] = draw(size)
                        var rest = row.carried + row.received
                        for end in [
                            StatisticMeasure.finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated,
                            .finishedOther, .late, .waiting, .waitingLate,
                        ] {
                            row.period[end] = draw(rest) / 2
                            rest -= row.period[end]
                        }
                        row.period[.finishedRepeat] = draw(row.period[.finishedEarly])
                        row.period[.waitingOther] = draw(row.period[.waiting])
                        row.period[.waitingRepeat] = draw(row.period[.waiting] - row.period[.waitingOther])
                        row.period[.pending] = draw(size)
                        row.period[.declined] = draw(4)
                        row.period[.netSeconds] = row.withResult * 86_400 + draw(80_000)
                    }
                }
            }
            return month
        }
    }

    /// Everything that is told of a month, as (row, figure, value).
    private static func told(_ month: PublishedMonth, _ tables: MonthTables) -> [(
        KnownMonth.Row, StatisticFormula, Int64?
    )] {
        var told: [(KnownMonth.Row, StatisticFormula, Int64?)] = []
        func figures(_ rows: [PublishedMonth.Row], _ place: (String) -> KnownMonth.Row) {
            for row in rows {
                for figure in PublicFigure.allCases { told.append((place(row.item), figure.formula, row[figure])) }
            }
        }
        func columns(_ lines: [PublishedMonth.FormLine], _ place: (String) -> KnownMonth.Row) {
            for line in lines {
                for (number, value) in zip(ReportForm.numbers, line.values) {
                    told.append((place(line.item), ReportForm.current.columns[number] ?? .init(), value))
                }
            }
        }
        figures(month.agencies) { .init(agency: $0) }
        figures(month.fields) { .init(field: $0) }
        figures(month.procedures) { .init(procedure: $0) }
        columns(month.form(agency: nil)) { .init(field: $0) }
        for agency in month.agencies.map(\.item) {
            columns(month.form(agency: agency)) { .init(agency: agency, field: $0) }
            columns([month.formTotal(agency: agency)].compactMap { $0 }) { _ in .init(agency: agency) }
        }
        for part in month.parts {
            figures([part.row]) { .init(agency: part.agency, procedure: $0) }
            // The mean with the number it is the mean of tells the sum.
            let row = tables.parts?[part.agency]?.procedures.first { $0.item == part.row.item }
            let sum = part.meanSeconds == nil ? nil : row?[.netSeconds]
            told.append((.init(agency: part.agency, procedure: part.row.item), StatisticFormula(.netSeconds), sum))
        }
        return told
    }

    private static func truth(_ formula: StatisticFormula, _ row: KnownMonth.Row, _ month: Month) -> Int64 {
        formula.value(
            StatisticRow.total(
                month.parts.filter { part in
                    row.agency ?? part.agency == part.agency && row.procedure ?? part.procedure == part.procedure
                        && row.field ?? Month.fields[part.procedure] == Month.fields[part.procedure]
                }.map(\.row)))
    }

    @Test(arguments: 0..<40 as Range<UInt64>, [true, false])
    func `no figure from 1 to 4 can be worked out from all tables of a month together`(
        seed: UInt64, isSettled: Bool
    ) throws {
        var source = SeededSource(seed: seed)
        let month = Month.random(&source)
        let tables = month.tables(isSettled: isSettled)
        let told = Self.told(PublishedMonth(tables), tables)
        var known = KnownMonth(
            isSettled
                ? month.parts.map {
                    .init(agency: $0.agency, field: Month.fields[$0.procedure] ?? "", procedure: $0.procedure)
                }
                : tables.agencies.flatMap { agency in
                    tables.procedures.map {
                        .init(agency: agency.item, field: Month.fields[$0.item] ?? "", procedure: $0.item)
                    }
                })
        // What the province's own totals tell is told.
        let before = known
        for (row, formula, value) in told {
            guard let value else { continue }
            #expect(value == Self.truth(formula, row, month), "seed \(seed): \(row)")
            known.learn(formula, of: row)
        }
        for (row, formula, value) in told where !before.knows(formula, of: row) {
            let isNet = formula == StatisticFormula(.netSeconds)
            let counted =
                isNet ? StatisticFormula(.finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated) : formula
            guard (1..<5).contains(Self.truth(counted, row, month)) else { continue }
            #expect(value == nil, "seed \(seed): \(row) \(formula)")
            #expect(!known.knows(formula, of: row), "seed \(seed): \(row) \(formula)")
        }
    }

    @Test func `to hold back no more than what is small would not be enough`() {
        var source = SeededSource(seed: 3)
        let month = Month.random(&source)
        let tables = month.tables()
        let told = Self.told(PublishedMonth(tables), tables)
        var known = KnownMonth(
            month.parts.map {
                .init(agency: $0.agency, field: Month.fields[$0.procedure] ?? "", procedure: $0.procedure)
            })
        let before = known
        let small = told.filter { (1..<5).contains(Self.truth($0.1, $0.0, month)) }
        for (row, formula, _) in told where !(1..<5).contains(Self.truth(formula, row, month)) {
            known.learn(formula, of: row)
        }
        #expect(small.contains { !before.knows($0.1, of: $0.0) && known.knows($0.1, of: $0.0) })
    }

    @Test func `nothing is held back where nothing is small`() {
        var month = Month()
        for agency in ["a", "b"] {
            for procedure in ["p0", "p1", "p2"] {
                month.add(agency, procedure) { row in
                    (row.period[.receivedCounter], row.period[.receivedOnline], row.period[.receivedPost]) = (
                        60, 70, 80
                    )
                    (row.period[.finishedEarly], row.period[.finishedOnTime], row.period[.finishedLate]) = (90, 60, 30)
                    (row.period[.late], row.opening[.running]) = (9, 7)
                    row.period[.netSeconds] = 180_000
                }
            }
        }
        let tables = month.tables()
        let published = PublishedMonth(tables)
        for (row, formula, value) in Self.told(published, tables) { #expect(value != nil, "\(row) \(formula)") }
        #expect(published.parts.map(\.meanSeconds) == Array(repeating: 1_000, count: 6))
    }

    @Test func `a single small figure costs few others`() {
        var month = Month()
        for agency in ["a", "b", "c", "d"] {
            for procedure in ["p0", "p1", "p2", "p3"] {
                month.add(agency, procedure) { row in
                    (row.period[.receivedCounter], row.period[.receivedOnline], row.period[.receivedPost]) = (
                        60, 70, 80
                    )
                    (row.period[.finishedEarly], row.period[.finishedOnTime]) = (90, 60)
                    row.period[.finishedLate] = agency == "a" && procedure == "p0" ? 2 : 30
                }
            }
        }
        let published = PublishedMonth(month.tables())
        let hidden = published.parts.reduce(0) { $0 + $1.row.figures.values.count { $0 == nil } }
        #expect((4...16).contains(hidden), "\(hidden)")
        let totals = published.agencies + published.procedures + published.fields
        #expect(totals.allSatisfy { !$0.holdsBack })
    }

    @Test func `counts that are known to be one each are not told by their sum`() throws {
        var month = Month()
        for procedure in ["p0", "p1", "p2", "p3", "p4"] { month.add("a", procedure) { $0.period[.receivedOnline] = 1 } }
        month.add("a", "q") { $0.period[.receivedOnline] = 9 }
        let last = try #require(PublishedMonth(month.tables()).parts.last)
        #expect(last.row.item == "q" && last.row[.received] == nil)
    }

    @Test func `a difference between two figures is not told when it is small`() throws {
        // Two who wait count as settled in indicator 2.1, and nobody is told that two wait.
        var month = Month()
        for agency in ["a", "b"] {
            month.add(agency, "p0") { row in
                (row.period[.receivedCounter], row.period[.finishedEarly], row.period[.finishedOnTime]) = (150, 60, 40)
                (row.period[.finishedLate], row.period[.waiting]) = (20, 2)
            }
        }
        for part in PublishedMonth(month.tables()).parts {
            #expect([PublicFigure.onTime766, .early, .onTime].map { part.row[$0] }.contains(nil))
        }
    }
}
