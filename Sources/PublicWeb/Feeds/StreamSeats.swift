import Edge
import Synchronization

/// How many live connections there are, of one address block and in all.
package final class StreamSeats: Sendable {
    /// Why there is no seat.
    package enum Refusal: Error, Hashable, Sendable {
        /// The caller's block has all of its seats.
        case block
        /// All seats are taken.
        case all
    }

    /// One seat; free again when nothing holds it any more.
    final class Seat: Sendable {
        private let free: @Sendable () -> Void

        init(_ free: @escaping @Sendable () -> Void) { self.free = free }

        deinit { free() }
    }

    private struct Taken {
        var all = 0
        var blocks: [AddressBlock?: Int] = [:]
    }

    /// How many there may be on a machine that allows so many open files.
    package static let usualCountMax = 10_000

    /// In all, and of one /24 or /56; a mobile operator has thousands behind one block, but they read pages.
    package let countMax: Int
    /// Of one address block; callers without an address share one.
    package let perBlockMax: Int
    private let taken = Mutex(Taken())

    /// No seat is taken.
    package init(countMax: Int = usualCountMax, perBlockMax: Int = 100) {
        self.countMax = countMax
        self.perBlockMax = perBlockMax
    }

    /// How many are taken.
    package var count: Int { taken.withLock { $0.all } }

    /// Takes a seat.
    func take(_ block: AddressBlock?) throws(Refusal) -> Seat {
        let refusal: Refusal? = taken.withLock { taken in
            guard taken.all < countMax else { return .all }
            guard taken.blocks[block, default: 0] < perBlockMax else { return .block }
            taken.all += 1
            taken.blocks[block, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
        return Seat { [weak self] in self?.free(block) }
    }

    private func free(_ block: AddressBlock?) {
        taken.withLock { taken in
            taken.all -= 1
            let count = (taken.blocks[block] ?? 0) - 1
            taken.blocks[block] = count > 0 ? count : nil
        }
    }
}
