import Testing

@testable import Edge

@Suite struct ConnectionWatchTests {
    /// Ticks every second from 0 and returns the second of the first action with that action.
    private func firstAction(
        _ watch: inout ConnectionWatch, until end: Int = 200, _ each: (inout ConnectionWatch, Int) -> Void = { _, _ in }
    ) -> (Int, ConnectionWatch.Action)? {
        for second in 0...end {
            each(&watch, second)
            let action = watch.tick(now: .seconds(second))
            if action != .none { return (second, action) }
        }
        return nil
    }

    private func watch() -> ConnectionWatch { ConnectionWatch(limits: ConnectionLimits(), now: .zero) }

    @Test func `a silent caller is closed at the idle limit`() throws {
        var watch = watch()
        let (second, action) = try #require(firstAction(&watch))
        #expect(second == 30 && action == .close)
    }

    @Test func `a body that stops is failed after the grace`() throws {
        var watch = watch()
        watch.headRead(declaredByteCount: 1000, now: .zero)
        watch.bodyRead(byteCount: 600)
        let (second, action) = try #require(firstAction(&watch))
        #expect(second == 5 && action == .failBody)
    }

    @Test func `a body that trickles just fast enough meets the deadline`() throws {
        var watch = watch()
        watch.headRead(declaredByteCount: nil, now: .zero)
        let (second, action) = try #require(firstAction(&watch) { watch, _ in watch.bodyRead(byteCount: 1000) })
        #expect(second == 30 && action == .failBody)
    }

    @Test func `a large declared body has the time of its length`() throws {
        var watch = watch()
        watch.headRead(declaredByteCount: 64 * (32 << 10), now: .zero)
        let (second, action) = try #require(firstAction(&watch) { watch, _ in watch.bodyRead(byteCount: 1000) })
        #expect(second == 64 && action == .failBody)
    }

    @Test func `a body that we do not read is not the caller's fault`() {
        var watch = watch()
        watch.headRead(declaredByteCount: 1000, now: .zero)
        watch.wantsRead = false
        #expect(firstAction(&watch) == nil)
    }

    @Test func `a handler may take its time once the body is in`() {
        var watch = watch()
        watch.headRead(declaredByteCount: 0, now: .zero)
        watch.bodyEnded()
        #expect(firstAction(&watch) == nil)
    }

    @Test func `a caller that does not read is closed at the write limit`() throws {
        var watch = watch()
        watch.headRead(declaredByteCount: 0, now: .zero)
        watch.bodyEnded()
        watch.writeStarted(now: .zero)
        watch.writeStarted(now: .zero)
        let (second, action) = try #require(
            firstAction(&watch) { watch, second in if second == 10 { watch.writeEnded(now: .seconds(10)) } })
        #expect(second == 40 && action == .close)
    }

    @Test func `the idle limit counts from the end of the answer`() throws {
        var watch = watch()
        watch.headRead(declaredByteCount: 0, now: .zero)
        watch.bodyEnded()
        watch.writeStarted(now: .zero)
        let (second, action) = try #require(
            firstAction(&watch) { watch, second in
                if second == 20 {
                    watch.writeEnded(now: .seconds(20))
                    watch.answerEnded()
                }
            })
        #expect(second == 50 && action == .close)
    }

    @Test func `lingering ends`() throws {
        var watch = watch()
        watch.linger(now: .seconds(3))
        watch.linger(now: .seconds(4))
        let (second, action) = try #require(firstAction(&watch))
        #expect(second == 5 && action == .close)
    }

    @Test func `blocks have a share and give it back`() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.1"]))
        let census = ConnectionCensus(countMax: 2, proxies: proxies)
        let address = try #require(RemoteAddress("203.0.113.9"))
        let neighbour = try #require(RemoteAddress("203.0.113.10"))
        let proxy = try #require(RemoteAddress("10.0.0.1"))
        #expect([census.enter(address), census.enter(neighbour), census.enter(address)] == [true, true, false])
        census.leave(neighbour)
        #expect(census.enter(address))
        #expect((0..<10).allSatisfy { _ in census.enter(proxy) })
    }
}
