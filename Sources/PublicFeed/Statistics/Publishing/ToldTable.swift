internal import Crypto

/// What is told of one table of a month, as it is kept.
struct ToldTable: Hashable, Sendable {
    /// Which table of the month.
    struct Key: Hashable, Sendable {
        var shape: StatisticShape
        /// The agency of which the items are parts; empty for the province's tables.
        var scope = ""
    }

    /// The number of figures a row.
    static let width = FigureSpace.toldCount

    /// Agencies, fields or procedures.
    let items: [String]
    /// The figures of ``FigureSpace``, row by row; nil where one is held back, or no table has it. In the place of the sum
    /// of times stands the mean, which is what is told.
    let figures: [Int64?]

    /// The figures of a row.
    func figures(of row: Int) -> ArraySlice<Int64?> { figures[row * ToldTable.width..<(row + 1) * ToldTable.width] }

    /// What figures there are, and how each is counted: what another build kept in another layout is not read.
    static let layout: Int64 = {
        let text = FigureSpace(.current).formulas.map { formula in
            formula.terms.map { "\($0.sign) \($0.measure.rawValue) \($0.place == .opening)" }.joined(separator: ",")
        }.joined(separator: ";")
        return SHA256.hash(data: Array("\(SmallCells.least);\(width);\(text)".utf8)).prefix(8)
            .reduce(0) { $0 << 8 | Int64($1) }
    }()

    /// Applies the rule of small cells to the tables of a month.
    static func all(of tables: MonthTables) -> [Key: ToldTable] {
        let cells = SmallCells(tables)
        let lattice = cells.lattice
        let agencies = TableLattice.places(lattice.agencies)
        let fields = TableLattice.places(lattice.fields)
        let procedures = TableLattice.places(lattice.procedures)
        var told: [Key: ToldTable] = [
            Key(shape: .agency): cells.table(tables.agencies) { agencies[$0].map { lattice.node(agency: $0) } },
            Key(shape: .field): cells.table(tables.fields) { fields[$0].map { lattice.node(agency: nil, field: $0) } },
            Key(shape: .procedure): cells.table(tables.procedures) {
                procedures[$0].map { lattice.node(agency: nil, procedure: $0) }
            },
        ]
        for (agency, parts) in tables.parts ?? [:] {
            guard let place = agencies[agency] else { continue }
            told[Key(shape: .agencyField, scope: agency)] = cells.table(parts.fields) {
                fields[$0].map { lattice.node(agency: place, field: $0) }
            }
            told[Key(shape: .agencyProcedure, scope: agency)] = cells.table(parts.procedures) {
                procedures[$0].map { lattice.node(agency: place, procedure: $0) }
            }
        }
        return told
    }
}

extension SmallCells {
    /// What is told of some rows.
    fileprivate func table(_ rows: [StatisticRow], _ node: (String) -> Int?) -> ToldTable {
        var items: [String] = []
        var figures: [Int64?] = []
        for row in rows.sorted(by: { $0.item < $1.item }) {
            guard let node = node(row.item) else { continue }
            items.append(row.item)
            for figure in 0..<ToldTable.width {
                figures.append(figure == FigureSpace.netSeconds ? mean(node) : told(node, figure))
            }
        }
        return ToldTable(items: items, figures: figures)
    }

    /// Told only with the number of dossiers that it is the mean of.
    private func mean(_ node: Int) -> Int64? {
        let ends = [PublicFigure.early, .onTime, .late, .undated].map { told(node, FigureSpace.place($0)) }
        let known = ends.compactMap { $0 }
        let count = known.reduce(0, +)
        guard known.count == ends.count, count >= SmallCells.least else { return nil }
        return told(node, FigureSpace.netSeconds).map { $0 / count }
    }
}
