import Notices
import Synchronization

/// Families in memory, as compactly as the tables keep them and more: so that a look-up that nobody asked for lately needs
/// no database either. A million dossiers take some hundred megabytes.
///
/// ``FeedWatch`` takes from it what changes; ``ShelfKeeper`` fills it. What is used longest ago makes room.
package final class PictureShelf: Sendable {
    /// One of many locks, so that no two callers wait for each other, and no table that grows keeps all waiting.
    private final class Board: Sendable {
        let families: Mutex<BoundedCache<CodeKey, ShelvedFamily>>
        init(weightMax: Int) { families = Mutex(BoundedCache(countMax: .max, weightMax: weightMax)) }
    }

    private let boards: [Board]
    /// How many bytes it may take, about.
    package let byteCountMax: Int
    let table = SharedUnitTable()
    private let emptied = Mutex(0)

    /// An empty shelf; of no bytes: nothing is ever kept.
    package init(byteCountMax: Int) {
        self.byteCountMax = byteCountMax
        let count = 64
        boards = (0..<count).map { _ in Board(weightMax: byteCountMax / count) }
    }

    private func board(_ key: CodeKey) -> Board {
        boards[Int((key.number &* 0x9E37_79B9_7F4A_7C15) >> 58)]
    }

    func family(_ key: CodeKey) -> ShelvedFamily? { board(key).families.withLock { $0.value(key) } }

    /// Puts a family, when there is room, it is here already, or it was asked for lately.
    func put(_ key: CodeKey, _ family: ShelvedFamily) {
        board(key).families.withLock { families in
            if families.admits(key, weight: family.weight) { families.put(key, family, weight: family.weight) }
        }
    }

    /// Puts a family only where nothing has to make room for it.
    /// - Returns: whether it is here now.
    func fill(_ key: CodeKey, _ family: ShelvedFamily) -> Bool {
        board(key).families.withLock { families in
            let has = families.contains(key)
            guard has || families.weight + family.weight <= families.weightMax else { return false }
            families.put(key, family, weight: family.weight)
            return true
        }
    }

    func remove(_ keys: some Sequence<CodeKey>) {
        for key in keys { board(key).families.withLock { $0.remove(key) } }
    }

    /// How often it was emptied: whoever filled it before that has to begin again.
    package var emptiedCount: Int { emptied.withLock { $0 } }

    func removeAll() {
        emptied.withLock { $0 += 1 }
        for board in boards {
            // What goes is freed after the lock is open.
            let gone = board.families.withLock { families in
                let gone = families
                families = BoundedCache(countMax: families.countMax, weightMax: families.weightMax)
                return gone
            }
            _ = consume gone
        }
    }

    /// How many families there are, and how much they weigh.
    package var size: (count: Int, byteCount: Int) {
        boards.reduce(into: (0, 0)) { size, board in
            let (count, weight) = board.families.withLock { ($0.count, $0.weight) }
            size.0 += count
            size.1 += weight
        }
    }
}
