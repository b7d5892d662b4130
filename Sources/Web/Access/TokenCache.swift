import Synchronization

/// Tokens that were verified a moment ago, by a keyed hash of their text: a signature costs more than a look-up.
///
/// An entry is good for ``keepSeconds`` at most, then the token is verified anew together with its client's record: so what
/// the record no longer allows ends within that time. A client that was shut out is stopped by the gate, at once.
final class TokenCache: Sendable {
    /// How long a verified token is believed without asking again.
    static let keepSeconds: Int64 = 60
    /// Entries at most; when they are full and none has ended, all go, which costs one verification each.
    private let countMax: Int
    private let entries = Mutex<[[UInt8]: Entry]>([:])

    private struct Entry {
        let caller: Caller
        let goodUntil: Int64
    }

    init(countMax: Int = 10_000) { self.countMax = countMax }

    /// Who bears the token of that hash, if it was verified lately.
    func caller(_ hash: [UInt8], nowSeconds: Int64) -> Caller? {
        entries.withLock { entries in
            guard let entry = entries[hash] else { return nil }
            // A clock set back must not lengthen a token's life.
            if nowSeconds < entry.goodUntil, nowSeconds >= entry.goodUntil - Self.keepSeconds { return entry.caller }
            entries[hash] = nil
            return nil
        }
    }

    /// Remembers a verified token until it ends or is to be verified anew.
    func insert(_ hash: [UInt8], _ caller: Caller, expires: Int64, nowSeconds: Int64) {
        entries.withLock { entries in
            if entries.count >= countMax {
                entries = entries.filter { $0.value.goodUntil > nowSeconds }
                if entries.count >= countMax { entries = [:] }
            }
            entries[hash] = Entry(caller: caller, goodUntil: min(expires, nowSeconds + Self.keepSeconds))
        }
    }

    /// How many tokens are remembered.
    var count: Int { entries.withLock { $0.count } }
}
