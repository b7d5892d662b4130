/// Ways to move dossiers so that one row is another one and the province's totals are the same, one node after another:
/// its memory is used again and again, as there are some tens of ways for each of some ten thousand nodes.
struct DossierMoves {
    /// What a way does to one row.
    struct Step {
        let node: Int
        /// How often the change is made there; negative: against its direction.
        var times: Int64
        /// What it costs to hold one more of its figures back.
        var weight = 0
        /// The figures that are told there, a bit each.
        var open: UInt64 = 0
        /// Those that may come to 0 or less in another world.
        var low: UInt64 = 0
    }

    /// The steps of all ways, one way behind the other.
    var steps: [Step] = []
    /// Where each way ends in ``steps``.
    private var ends: [Int] = []

    /// How many ways there are.
    var count: Int { ends.count }

    /// The steps of a way.
    func range(_ way: Int) -> Range<Int> { (way == 0 ? 0 : ends[way - 1])..<ends[way] }

    /// Finds the ways of a node: from one leaf to another, or around a rectangle of four, which leaves the totals of its
    /// agencies and procedures as they are.
    mutating func find(_ node: Int, _ lattice: TableLattice) {
        steps.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        typealias Leaf = TableLattice.Leaf
        for first in lattice.leaves(of: node, atMost: 3) {
            let near = Neighbours(of: first.procedure, in: lattice.proceduresOf[first.agency])
            let field = lattice.fieldOf[first.procedure]
            // A field's own figure changes only with one of another field.
            let procedures = near.first(3) { _ in true } + near.first(2) { lattice.fieldOf[$0] != field }
            let agencies = Neighbours(of: first.agency, in: lattice.agenciesOf[first.procedure])
            for procedure in procedures {
                for agency in agencies.first(3, where: { lattice.hasLeaf($0, procedure) }) {
                    let start = steps.count
                    add(first, 1, from: start, lattice)
                    add(Leaf(agency: first.agency, procedure: procedure), -1, from: start, lattice)
                    add(Leaf(agency: agency, procedure: first.procedure), -1, from: start, lattice)
                    add(Leaf(agency: agency, procedure: procedure), 1, from: start, lattice)
                    end(start, node)
                }
            }
            for procedure in procedures {
                add(first, Leaf(agency: first.agency, procedure: procedure), node, lattice)
            }
            for agency in agencies.first(4, where: { _ in true }) {
                add(first, Leaf(agency: agency, procedure: first.procedure), node, lattice)
            }
            for other in lattice.leaves.lazy.filter({ !lattice.holds(node, $0) }).prefix(2) {
                add(first, other, node, lattice)
            }
        }
    }

    private mutating func add(
        _ first: TableLattice.Leaf, _ other: TableLattice.Leaf, _ node: Int, _ lattice: TableLattice
    ) {
        let start = steps.count
        add(first, 1, from: start, lattice)
        add(other, -1, from: start, lattice)
        end(start, node)
    }

    /// Adds what one dossier more or less at a leaf does to the rows that count it.
    private mutating func add(
        _ leaf: TableLattice.Leaf, _ sign: Int64, from start: Int, _ lattice: TableLattice
    ) {
        lattice.eachNode(of: leaf) { place in
            for known in start..<steps.count where steps[known].node == place {
                steps[known].times += sign
                return
            }
            steps.append(Step(node: place, times: sign))
        }
    }

    /// Ends a way; one that leaves the node as it is is none.
    private mutating func end(_ start: Int, _ node: Int) {
        var kept = start
        var isWay = false
        for place in start..<steps.count where steps[place].times != 0 {
            isWay = isWay || steps[place].node == node
            steps[kept] = steps[place]
            kept += 1
        }
        steps.removeLast(steps.count - (isWay ? kept : start))
        if isWay { ends.append(steps.count) }
    }

    /// The neighbours of an item among items in order, the other of a pair first: what is held back together should be
    /// the same rows again and again.
    private struct Neighbours {
        private let items: [Int]
        private let place: Int

        init(of item: Int, in items: [Int]) {
            self.items = items
            // In order, hence halved.
            var (low, high) = (0, items.count)
            while low < high {
                let middle = (low + high) / 2
                if items[middle] < item { low = middle + 1 } else { high = middle }
            }
            place = low
        }

        /// The nearest few that will do.
        func first(_ count: Int, where isFit: (Int) -> Bool) -> [Int] {
            var found: [Int] = []
            func take(_ place: Int) {
                if found.count < count, items.indices.contains(place), isFit(items[place]) {
                    found.append(items[place])
                }
            }
            take(place ^ 1)
            for distance in 1...max(1, items.count) where found.count < count {
                if place + distance != place ^ 1 { take(place + distance) }
                if place - distance != place ^ 1 { take(place - distance) }
            }
            return found
        }
    }
}
