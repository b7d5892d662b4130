/// What everybody is told of a month of a province: the one source of its pages, forms, JSON and open data, so that small
/// cells are held back over all of them together (``SmallCells``).
package struct PublishedMonth: Sendable {
    /// A row of a breakdown.
    package struct Row: Sendable {
        /// Agency, field or procedure.
        package let item: String
        /// Nil where it is held back.
        package let figures: [PublicFigure: Int64?]

        /// The figure; nil where it is held back.
        package subscript(figure: PublicFigure) -> Int64? { figures[figure] ?? nil }

        /// Whether anything is held back.
        package var holdsBack: Bool { figures.values.contains { $0 == nil } }
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

    /// Whether the month's figures are published and change no more.
    package let isSettled: Bool
    private let cells: SmallCells
    private let tables: MonthTables

    /// Holds back what has to be of a month's tables.
    package init(_ tables: MonthTables) {
        self.tables = tables
        cells = SmallCells(tables)
        isSettled = tables.parts != nil
    }

    /// As ``init(_:)``, and lets others have a turn now and then: a large province's month takes seconds.
    package init(yielding tables: MonthTables) async {
        self.tables = tables
        cells = await SmallCells(yielding: tables)
        isSettled = tables.parts != nil
    }

    /// By agency.
    package var agencies: [Row] {
        let places = TableLattice.places(cells.lattice.agencies)
        return tables.agencies.compactMap { row in
            places[row.item].map { self.row(row.item, cells.lattice.node(agency: $0)) }
        }
    }

    /// By field.
    package var fields: [Row] {
        let places = TableLattice.places(cells.lattice.fields)
        return tables.fields.compactMap { row in
            places[row.item].map { self.row(row.item, cells.lattice.node(agency: nil, field: $0)) }
        }
    }

    /// By procedure.
    package var procedures: [Row] {
        let places = TableLattice.places(cells.lattice.procedures)
        return tables.procedures.compactMap { row in
            places[row.item].map { self.row(row.item, cells.lattice.node(agency: nil, procedure: $0)) }
        }
    }

    /// Each procedure at each agency, in the order of both; empty while the month is not settled.
    package var parts: [Part] {
        let agencies = TableLattice.places(cells.lattice.agencies)
        let procedures = TableLattice.places(cells.lattice.procedures)
        return (tables.parts ?? [:]).sorted { $0.key < $1.key }.flatMap { agency, parts in
            parts.procedures.sorted { $0.item < $1.item }.compactMap { row -> Part? in
                guard let place = agencies[agency], let procedure = procedures[row.item] else { return nil }
                let node = cells.lattice.node(agency: place, procedure: procedure)
                let told = self.row(row.item, node)
                return Part(agency: agency, row: told, meanSeconds: mean(told, node))
            }
        }
    }

    /// The lines of form II.06a for the province, or for one agency (empty while the month is not settled).
    package func form(agency: String?) -> [FormLine] {
        let fields = TableLattice.places(cells.lattice.fields)
        guard let agency else {
            return tables.fields.compactMap { row in
                fields[row.item].map { line(row.item, cells.lattice.node(agency: nil, field: $0)) }
            }
        }
        guard let place = TableLattice.places(cells.lattice.agencies)[agency] else { return [] }
        return (tables.parts?[agency]?.fields ?? []).compactMap { row in
            fields[row.item].map { line(row.item, cells.lattice.node(agency: place, field: $0)) }
        }
    }

    /// The last line of an agency's form; nil while the month is not settled, or for an agency without dossiers.
    package func formTotal(agency: String) -> FormLine? {
        guard isSettled, let place = TableLattice.places(cells.lattice.agencies)[agency] else { return nil }
        return line("", cells.lattice.node(agency: place))
    }

    private func row(_ item: String, _ node: Int) -> Row {
        var figures: [PublicFigure: Int64?] = [:]
        for (place, figure) in PublicFigure.allCases.enumerated() { figures[figure] = .some(cells.told(node, place)) }
        return Row(item: item, figures: figures)
    }

    private func line(_ item: String, _ node: Int) -> FormLine {
        FormLine(item: item, values: ReportForm.numbers.map { cells.told(node, FigureSpace.place(column: $0)) })
    }

    /// Told only with the number of dossiers that it is the mean of.
    private func mean(_ row: Row, _ node: Int) -> Int64? {
        let ends = [PublicFigure.early, .onTime, .late, .undated].map { row[$0] }
        let known = ends.compactMap { $0 }
        let count = known.reduce(0, +)
        guard known.count == ends.count, count >= SmallCells.least else { return nil }
        return cells.told(node, FigureSpace.netSeconds).map { $0 / count }
    }
}
