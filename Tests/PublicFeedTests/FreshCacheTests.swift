import Testing

@testable import PublicFeed

@Suite struct FreshCacheTests {
    @Test(.timeLimit(.minutes(1)))
    func `what is a little too old is served at once, while one look-up brings it up to date`() async throws {
        let cache = FreshCache<Int, Int>(countMax: 2, lifetime: .zero, grace: .seconds(600))
        #expect(try await cache.value(1) { _ in 1 } == 1)
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        for _ in 0..<3 {
            let served = try await cache.value(1) { known in
                for await _ in gate { break }
                return (known ?? 0) + 1
            }
            #expect(served == 1)
        }
        opener.yield()
        while try await cache.value(1, load: { $0 }) == 1 { await Task.yield() }
        #expect(try await cache.value(1) { $0 } == 2)
    }
}
