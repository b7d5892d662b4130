import Edge
import HTTPTypes
import Testing

@Suite struct RateLimiterTests {
    private let wide = Quota(count: 1_000_000, seconds: 1)
    private let second: Int64 = 1_000_000

    @Test func `a block spends its burst and gets it back evenly`() throws {
        let limiter = RateLimiter(name: "lookup", perBlock: Quota(count: 3, seconds: 6), overall: wide)
        let block = try #require(RemoteAddress("203.0.113.9")).block
        #expect((0..<3).map { _ in limiter.take(block, nowMicroseconds: 0).remaining } == [2, 1, 0])
        let refused = limiter.take(block, nowMicroseconds: 0)
        #expect(!refused.isAllowed)
        #expect(refused.retryAfterSeconds == 2)
        #expect(refused.resetSeconds == 6)
        #expect(!limiter.take(block, nowMicroseconds: 2 * second - 1).isAllowed)
        #expect(limiter.take(block, nowMicroseconds: 2 * second).isAllowed)
        #expect(!limiter.take(block, nowMicroseconds: 2 * second).isAllowed)
        #expect(limiter.take(block, nowMicroseconds: 60 * second).remaining == 2)
    }

    @Test func `a peek takes nothing`() throws {
        let limiter = RateLimiter(name: "lookup", perBlock: Quota(count: 1, seconds: 10), overall: wide)
        let block = try #require(RemoteAddress("203.0.113.9")).block
        #expect(limiter.peek(block, nowMicroseconds: 0).isAllowed)
        #expect(limiter.peek(block, nowMicroseconds: 0).isAllowed)
        #expect(limiter.take(block, nowMicroseconds: 0).isAllowed)
        #expect(!limiter.peek(block, nowMicroseconds: 0).isAllowed)
    }

    @Test func `the global bucket holds for all blocks together`() throws {
        let limiter = RateLimiter(
            name: "all", perBlock: Quota(count: 10, seconds: 10), overall: Quota(count: 4, seconds: 4))
        let allowed = try (0..<8).filter { number in
            limiter.take(try #require(RemoteAddress("203.0.\(number).1")).block, nowMicroseconds: 0).isAllowed
        }
        #expect(allowed == [0, 1, 2, 3])
    }

    @Test func `a full table gives newcomers one bucket together, and forgets who owes nothing`() throws {
        let limiter = RateLimiter(name: "x", perBlock: Quota(count: 1, seconds: 10), overall: wide, blockCountMax: 2)
        func take(_ number: Int, _ now: Int64) throws -> Bool {
            limiter.take(try #require(RemoteAddress("203.0.\(number).1")).block, nowMicroseconds: now).isAllowed
        }
        #expect(try [take(1, 0), take(2, 0), take(3, 0), take(4, 0), take(1, 0)] == [true, true, true, false, false])
        #expect(try [take(5, 11 * second), take(6, 11 * second), take(7, 11 * second)] == [true, true, true])
    }

    @Test func `a clock set back locks nobody out for longer than the window`() throws {
        let limiter = RateLimiter(name: "x", perBlock: Quota(count: 2, seconds: 10), overall: wide)
        let block = try #require(RemoteAddress("203.0.113.9")).block
        _ = limiter.take(block, nowMicroseconds: 1_000_000 * second)
        let refused = limiter.take(block, nowMicroseconds: 0)
        #expect(refused.retryAfterSeconds <= 10)
        // What it said holds: whoever waits so long may go on, long before the clock is where it was.
        let later = Int64(refused.retryAfterSeconds) * second
        #expect(limiter.take(block, nowMicroseconds: later).isAllowed)
        #expect(limiter.take(block, nowMicroseconds: 10 * second).isAllowed)
    }

    @Test func `a clock set back locks nobody out of what all share, and the table is swept on`() throws {
        let quota = Quota(count: 2, seconds: 10)
        let limiter = RateLimiter(name: "x", perBlock: quota, overall: quota, blockCountMax: 1)
        let (one, two) = (
            try #require(RemoteAddress("203.0.113.9")).block, try #require(RemoteAddress("198.51.100.9")).block
        )
        for _ in 0..<2 { _ = limiter.take(one, nowMicroseconds: 1_000_000 * second) }
        #expect(!limiter.take(two, nowMicroseconds: 1_000_000 * second).isAllowed)
        #expect(!limiter.take(two, nowMicroseconds: 0).isAllowed)
        #expect(limiter.take(two, nowMicroseconds: 5 * second).isAllowed)
        #expect(limiter.take(nil, nowMicroseconds: 10 * second).isAllowed)
    }

    @Test func `the headers name policy and rest`() {
        let limiter = RateLimiter(name: "lookup", perBlock: Quota(count: 30, seconds: 60), overall: wide)
        var headers: HTTPFields = [:]
        limiter.take(nil, nowMicroseconds: 0).add(to: &headers)
        #expect(headers.first { $0.name.rawName == "RateLimit-Policy" }?.value == "\"lookup\";q=30;w=60")
        #expect(headers.first { $0.name.rawName == "RateLimit" }?.value == "\"lookup\";r=29;t=2")
    }
}
