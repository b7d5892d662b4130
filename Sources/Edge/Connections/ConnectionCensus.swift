import Synchronization

/// How many connections each block of addresses holds open.
final class ConnectionCensus: Sendable {
    private let countMax: Int
    private let proxies: TrustedProxies
    private let counts = Mutex<[AddressBlock: Int]>([:])

    init(countMax: Int, proxies: TrustedProxies) {
        self.countMax = countMax
        self.proxies = proxies
    }

    /// Counts a new connection in.
    /// - Returns: whether it may stay; if so, ``leave(_:)`` counts it out.
    func enter(_ address: RemoteAddress) -> Bool {
        if proxies.contains(address) { return true }
        return counts.withLock { counts in
            let count = counts[address.block] ?? 0
            guard count < countMax else { return false }
            counts[address.block] = count + 1
            return true
        }
    }

    /// Counts a connection out that had been let in.
    func leave(_ address: RemoteAddress) {
        if proxies.contains(address) { return }
        counts.withLock { counts in
            let count = (counts[address.block] ?? 0) - 1
            counts[address.block] = count > 0 ? count : nil
        }
    }
}
