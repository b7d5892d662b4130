package import WorkingTime

/// What everybody is told of a month of a province: the one source of its pages, forms, JSON and open data, so that small
/// cells are held back over all of them together (``SmallCells``).
///
/// All of it is of one moment: figures and what is held back of them belong together, and are kept and replaced together.
package struct PublishedMonth: Sendable {
    /// A row of a breakdown.
    package struct Row: Sendable {
        /// Agency, field or procedure.
        package let item: String
        fileprivate let told: ArraySlice<Int64?>

        /// The figure; nil where it is held back.
        package subscript(figure: PublicFigure) -> Int64? { told[told.startIndex + FigureSpace.place(figure)] }

        /// All of them; nil where they are held back.
        package var figures: [PublicFigure: Int64?] {
            Dictionary(zip(PublicFigure.allCases, told)) { first, _ in first }
        }

        /// Whether anything is held back.
        package var holdsBack: Bool { told.prefix(PublicFigure.allCases.count).contains(nil) }
    }

    /// A line of the form.
    package struct FormLine: Sendable {
        /// The field.
        package let item: String
        /// Columns 3 to 13; nil where it is held back.
        package let values: [Int64?]
    }

    /// One procedure at one agency.
    package struct Part: Sendable {
        /// The receiving agency's code.
        package let agency: String
        /// The procedure's row.
        package let row: Row
        /// The mean time to a result without the time waited; nil where it is held back or nothing ended.
        package let meanSeconds: Int64?
    }

    /// Nothing below it is told, 0 apart.
    package static let leastCount = SmallCells.least

    /// The last day that the figures tell of; nil where there are none.
    package let through: CivilDate?
    /// Whether the month's figures are published and change no more.
    package let isSettled: Bool
    /// The province's own figures, which are told as they are.
    package let whole: StatisticRow
    /// What is told of each table; of some, where not all were read.
    let tables: [ToldTable.Key: ToldTable]

    /// Joins what was kept.
    init(through: CivilDate?, isSettled: Bool, whole: StatisticRow, tables: [ToldTable.Key: ToldTable]) {
        self.through = through
        self.isSettled = isSettled
        self.whole = whole
        self.tables = tables
    }

    /// Holds back what has to be of a month's tables.
    package init(_ tables: MonthTables, through: CivilDate? = nil) {
        self.init(
            through: through, isSettled: tables.parts != nil, whole: tables.whole, tables: ToldTable.all(of: tables))
    }

    /// By agency.
    package var agencies: [Row] { rows(.init(shape: .agency)) }
    /// By field.
    package var fields: [Row] { rows(.init(shape: .field)) }
    /// By procedure.
    package var procedures: [Row] { rows(.init(shape: .procedure)) }

    /// Each procedure at each agency, in the order of both; empty while the month is not settled.
    package var parts: [Part] {
        tables.keys.filter { $0.shape == .agencyProcedure }.map(\.scope).sorted().flatMap { agency in
            rows(.init(shape: .agencyProcedure, scope: agency)).map { row in
                Part(agency: agency, row: row, meanSeconds: row.told[row.told.startIndex + FigureSpace.netSeconds])
            }
        }
    }

    /// The lines of form II.06a for the province, or for one agency (empty while the month is not settled).
    package func form(agency: String?) -> [FormLine] {
        let key = agency.map { ToldTable.Key(shape: .agencyField, scope: $0) } ?? .init(shape: .field)
        return rows(key).map { FormLine($0) }
    }

    /// The last line of an agency's form; nil while the month is not settled, or for an agency without dossiers.
    package func formTotal(agency: String) -> FormLine? {
        guard isSettled else { return nil }
        return agencies.first { $0.item == agency }.map { FormLine($0) }
    }

    private func rows(_ key: ToldTable.Key) -> [Row] {
        guard let table = tables[key] else { return [] }
        return table.items.indices.map { Row(item: table.items[$0], told: table.figures(of: $0)) }
    }
}

extension PublishedMonth.FormLine {
    fileprivate init(_ row: PublishedMonth.Row) {
        let columns = row.told.dropFirst(FigureSpace.place(column: ReportForm.numbers.lowerBound))
        self.init(item: row.item, values: Array(columns.prefix(ReportForm.numbers.count)))
    }
}
