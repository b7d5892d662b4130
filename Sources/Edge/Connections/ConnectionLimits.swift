/// What one connection, one caller and all callers together may take.
package struct ConnectionLimits: Hashable, Sendable {
    /// Open connections in all; further ones wait in the kernel's queue.
    package var connectionCountMax: Int = 2000
    /// Open connections of one /24 or /56; further ones are closed at once. Listed proxies are exempt.
    package var connectionCountPerBlockMax: Int = 200
    /// From the opening, or the end of the last answer, to a complete request head.
    package var idleTimeout: Duration = .seconds(30)
    /// For a whole body, however steadily it comes; a declared length may stretch it (``bodyBytesPerSecond``).
    package var bodyDeadline: Duration = .seconds(30)
    /// A body longer than this times ``bodyDeadline`` has its length divided by this to arrive.
    package var bodyBytesPerSecond: Int = 32 << 10
    /// Slower than this on average, after ``bodyGrace``, and the body is refused.
    package var bodyBytesPerSecondMin: Int = 512
    /// For so long a body may be as slow as it likes.
    package var bodyGrace: Duration = .seconds(5)
    /// For 64 KiB of an answer to leave for the network.
    package var writeDeadline: Duration = .seconds(30)
    /// After our last byte: the caller's chance to read it while we discard what it still sends.
    package var lingerTime: Duration = .seconds(2)
    /// From the stop signal until requests in flight are cut.
    package var stopDeadline: Duration = .seconds(10)
    /// One header field, in bytes.
    package var headerFieldByteCountMax: Int = 16 << 10
    /// All header fields together, in bytes.
    package var headerListByteCountMax: Int = 32 << 10
    /// How many header fields.
    package var headerFieldCountMax: Int = 100

    /// The limits of production.
    package init() {}

    /// How long a body of that declared length may take in all.
    func bodyTime(declaredByteCount: Int?) -> Duration {
        let seconds = Int64((declaredByteCount ?? 0) / max(1, bodyBytesPerSecond))
        return max(bodyDeadline, .seconds(seconds))
    }

    /// How often a connection looks at its clocks: often enough for the shortest limit.
    var tick: Duration {
        let shortest = min(idleTimeout, bodyDeadline, bodyGrace, writeDeadline, lingerTime)
        return min(.seconds(1), max(.milliseconds(10), shortest / 4))
    }
}
