import Notices
import Synchronization

/// Families in memory, as compactly as the tables keep them and more: so that a look-up that nobody asked for lately needs
/// no database either. A million dossiers take some hundred megabytes.
///
/// ``FeedWatch`` takes from it what changes; ``ShelfKeeper`` fills it, and puts what changed there again. What is used
/// longest ago makes room, and before it what was read ahead and not used, the oldest dossiers first.
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
    private let news = Mutex<Set<String>>([])
    /// So many codes are remembered for the keeper; it takes them up twice a second.
    static let newsCountMax = 5_000

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

    /// Why a family is put, and so what makes room for it.
    enum Reason: Sendable {
        /// Somebody asked for it. Finds a place when there is room, it is here already, or it was asked for lately.
        case askedFor
        /// It is new or has changed: people will ask for it.
        case isNews
        /// It is read ahead, in a pass that began then, the newest first: what is there already stands in its place, what
        /// the pass has not come to makes room.
        case readAhead(since: ContinuousClock.Instant)
    }

    /// Puts a family.
    /// - Returns: whether it is here now.
    @discardableResult
    func put(_ key: CodeKey, _ family: ShelvedFamily, _ reason: Reason) -> Bool {
        board(key).families.withLock { families in
            switch reason {
            case .askedFor: guard families.admits(key, weight: family.weight) else { return false }
            case .isNews: break
            case .readAhead(let began):
                while !families.fill(key, family, weight: family.weight) {
                    guard families.dropOldest(of: 16, where: { $0.reading.at < began }) else { return false }
                }
                return true
            }
            families.put(key, family, weight: family.weight)
            return families.contains(key)
        }
    }

    func remove(_ keys: some Sequence<CodeKey>) {
        for key in keys { board(key).families.withLock { $0.remove(key) } }
    }

    /// Notes codes whose families are new or have changed, for the keeper. What is too much for it comes with its next pass.
    func note(_ codes: some Sequence<String>) {
        guard byteCountMax > 0 else { return }
        news.withLock { news in
            for code in codes where news.count < Self.newsCountMax { news.insert(code) }
        }
    }

    /// What was noted since this was asked before, in no order.
    func takeNews() -> [String] {
        news.withLock { news in
            defer { news = [] }
            return Array(news)
        }
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
