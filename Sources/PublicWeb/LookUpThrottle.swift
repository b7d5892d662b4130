package import Edge

/// How often codes may be tried: by address block, and for codes that nobody has also over all blocks together.
///
/// Whoever looks at their own dossier spends requests only; trying codes spends misses.
package struct LookUpThrottle: Sendable {
    private let requests: RateLimiter
    private let misses: RateLimiter
    private let allMisses: RateLimiter
    private let untouched: Int
    private let nowMicroseconds: @Sendable () -> Int64

    /// Limits; a mobile operator shares one address block among thousands, so requests are generous.
    /// - Parameters:
    ///   - requests: look-ups of any kind, a block.
    ///   - misses: codes that nobody has, a block.
    ///   - allMisses: the same over all blocks: at 100 a second and 10 million dossiers one hit in 205 days.
    ///   - nowMicroseconds: the time that quotas count by, since 1970; the system's, for a training clock may run faster.
    package init(
        requests: Quota = Quota(count: 1_200, seconds: 60), misses: Quota = Quota(count: 60, seconds: 600),
        allMisses: Quota = Quota(count: 6_000, seconds: 60),
        nowMicroseconds: @escaping @Sendable () -> Int64 = EdgeClock.systemMicroseconds
    ) {
        self.nowMicroseconds = nowMicroseconds
        let unlimited = Quota(count: 1_000_000, seconds: 1)
        self.requests = RateLimiter(name: "look-up", perBlock: requests, overall: unlimited)
        self.misses = RateLimiter(name: "not-found", perBlock: misses, overall: unlimited)
        self.allMisses = RateLimiter(name: "not-found-all", perBlock: allMisses, overall: unlimited)
        untouched = misses.burst
    }

    /// Takes one look-up, before anything is looked up.
    ///
    /// When all blocks together have missed too often, only blocks that have missed lately are refused: the many who
    /// come with their own code are still served.
    /// - Returns: what is left of the block's look-ups, for the answer's RateLimit headers.
    /// - Throws: ``Problem`` 429.
    @discardableResult
    package func admit(_ stamp: EdgeStamp) throws(Problem) -> QuotaDecision { try admit(stamp.client?.block) }

    /// The same for a block of addresses; nil for a caller without an address.
    @discardableResult
    package func admit(_ block: AddressBlock?) throws(Problem) -> QuotaDecision {
        let now = nowMicroseconds()
        let request = requests.take(block, nowMicroseconds: now)
        guard request.isAllowed else { throw request.problem }
        let own = misses.peek(block, nowMicroseconds: now)
        guard own.isAllowed else { throw own.problem }
        guard own.remaining < untouched else { return request }
        let all = allMisses.peek(nil, nowMicroseconds: now)
        guard all.isAllowed else { throw all.problem }
        return request
    }

    /// Records that a code was tried which nobody has.
    /// - Returns: what is left of the block's misses, for the answer's RateLimit headers.
    @discardableResult
    package func missed(_ stamp: EdgeStamp) -> QuotaDecision {
        let now = nowMicroseconds()
        _ = allMisses.take(nil, nowMicroseconds: now)
        return misses.take(stamp.client?.block, nowMicroseconds: now)
    }
}
