/// How the tables of a month hang together: every agency and the whole province, each with its fields, its procedures and
/// the whole. A node is one row of one table.
struct TableLattice {
    /// The kinds of rows, by what each is told of.
    enum Level: Sendable {
        case agency
        case field
        case procedure
        case agencyField
        case agencyProcedure
        /// The province's own totals, which are told as they are.
        case whole
    }

    /// One procedure at one agency: what a dossier belongs to.
    struct Leaf: Hashable {
        var agency: Int
        var procedure: Int
    }

    let agencies: [String]
    /// In the order of their fields, so that neighbours mostly share one.
    let procedures: [String]
    let fields: [String]
    /// The place of each procedure's field.
    let fieldOf: [Int]
    /// Every leaf at which there may be dossiers, as far as anybody can tell from what is published.
    let leaves: [Leaf]
    /// The procedures of each agency and the agencies of each procedure, in order.
    let proceduresOf: [[Int]]
    let agenciesOf: [[Int]]
    private let isLeaf: [Bool]

    init(_ tables: MonthTables) {
        var agencies = Set(tables.agencies.map(\.item))
        var procedures = Set(tables.procedures.map(\.item))
        for (agency, parts) in tables.parts ?? [:] {
            agencies.insert(agency)
            procedures.formUnion(parts.procedures.map(\.item))
        }
        func field(_ procedure: String) -> String { tables.fieldOfProcedure[procedure] ?? "" }
        self.agencies = agencies.sorted()
        self.procedures = procedures.sorted { (field($0), $0) < (field($1), $1) }
        var fields = Set(tables.fields.map(\.item)).union(procedures.map(field))
        for parts in (tables.parts ?? [:]).values { fields.formUnion(parts.fields.map(\.item)) }
        self.fields = fields.sorted()
        let fieldPlaces = TableLattice.places(self.fields)
        fieldOf = self.procedures.map { fieldPlaces[field($0)] ?? 0 }
        let procedurePlaces = TableLattice.places(self.procedures)
        var isLeaf = Array(repeating: tables.parts == nil, count: agencies.count * procedures.count)
        for (place, agency) in self.agencies.enumerated() {
            for row in tables.parts?[agency]?.procedures ?? [] {
                if let procedure = procedurePlaces[row.item] { isLeaf[place * procedures.count + procedure] = true }
            }
        }
        self.isLeaf = isLeaf
        let count = procedures.count
        leaves = isLeaf.indices.filter { isLeaf[$0] }.map { Leaf(agency: $0 / count, procedure: $0 % count) }
        var proceduresOf = Array(repeating: [Int](), count: agencies.count)
        var agenciesOf = Array(repeating: [Int](), count: count)
        for leaf in leaves {
            proceduresOf[leaf.agency].append(leaf.procedure)
            agenciesOf[leaf.procedure].append(leaf.agency)
        }
        (self.proceduresOf, self.agenciesOf) = (proceduresOf, agenciesOf)
    }

    static func places(_ items: [String]) -> [String: Int] {
        Dictionary(items.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Procedures, fields and the whole: the second part of a node.
    private var columnCount: Int { procedures.count + fields.count + 1 }
    /// How many nodes there are at most.
    var nodeCount: Int { (agencies.count + 1) * columnCount }

    /// The node of an agency (nil: the province) and all of it.
    func node(agency: Int?) -> Int { (agency ?? agencies.count) * columnCount + procedures.count + fields.count }
    /// The node of an agency (nil: the province) and one procedure.
    func node(agency: Int?, procedure: Int) -> Int { (agency ?? agencies.count) * columnCount + procedure }
    /// The node of an agency (nil: the province) and one field.
    func node(agency: Int?, field: Int) -> Int {
        (agency ?? agencies.count) * columnCount + procedures.count + field
    }

    /// What kind of row a node is.
    func level(_ node: Int) -> Level {
        let (row, column) = node.quotientAndRemainder(dividingBy: columnCount)
        let isProvince = row == agencies.count
        if column < procedures.count { return isProvince ? .procedure : .agencyProcedure }
        if column < procedures.count + fields.count { return isProvince ? .field : .agencyField }
        return isProvince ? .whole : .agency
    }

    /// The nodes in which a leaf's dossiers count, the whole apart.
    func eachNode(of leaf: Leaf, _ body: (Int) -> Void) {
        let field = fieldOf[leaf.procedure]
        body(node(agency: leaf.agency, procedure: leaf.procedure))
        body(node(agency: leaf.agency, field: field))
        body(node(agency: leaf.agency))
        body(node(agency: nil, procedure: leaf.procedure))
        body(node(agency: nil, field: field))
    }

    /// Whether a leaf's dossiers count in a node.
    func holds(_ node: Int, _ leaf: Leaf) -> Bool {
        let (row, column) = node.quotientAndRemainder(dividingBy: columnCount)
        guard row == agencies.count || row == leaf.agency else { return false }
        if column < procedures.count { return column == leaf.procedure }
        return column == columnCount - 1 || column - procedures.count == fieldOf[leaf.procedure]
    }

    /// Some of a node's leaves.
    func leaves(of node: Int, atMost count: Int) -> [Leaf] {
        let (row, column) = node.quotientAndRemainder(dividingBy: columnCount)
        if row < agencies.count {
            return Array(
                proceduresOf[row].lazy.map { Leaf(agency: row, procedure: $0) }.filter { self.holds(node, $0) }
                    .prefix(count))
        }
        if column < procedures.count {
            return agenciesOf[column].prefix(count).map { Leaf(agency: $0, procedure: column) }
        }
        return Array(leaves.lazy.filter { self.holds(node, $0) }.prefix(count))
    }

    /// Whether there may be dossiers.
    func hasLeaf(_ agency: Int, _ procedure: Int) -> Bool { isLeaf[agency * procedures.count + procedure] }
}
