import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Logging
import Notices
import PublicFeed
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct EventRouteTests {
    private static let pace = {
        var pace = LiveEvents.Pace()
        pace.poll = .milliseconds(10)
        pace.heartbeat = .milliseconds(300)
        return pace
    }()

    /// Runs the site on a port, with the live events, until the body is done; then asks both to stop.
    private func serve(
        _ site: FeedSite, limits: ConnectionLimits = ConnectionLimits(), isQuick: Bool = true,
        _ body: (Int) async throws -> Void
    ) async throws {
        let live = try #require(site.feeds.live)
        let port = Mutex<Int?>(nil)
        var face = FeedSite.face
        if isQuick { face.quick = site.quick }
        let server = EdgeServer(
            router: site.router, face: face, port: 0, limits: limits, logger: TestDatabase.logger,
            onRunning: { given in port.withLock { $0 = given } })
        let group = ServiceGroup(services: [server, live], logger: TestDatabase.logger)
        let running = Task { try await group.run() }
        do {
            try await condition("the server listens and the events are told") {
                guard port.withLock({ $0 }) != nil else { return false }
                return (try? live.open(.channel(FeedChannel(province: 48, kind: .province)), after: nil)) != nil
            }
            try await body(port.withLock { $0 } ?? 0)
        } catch {
            await group.triggerGracefulShutdown()
            try await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    private func condition(_ what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !holds() {
            guard ContinuousClock.now < deadline else { throw Failure("waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [true, false])
    func `events come over a connection, and go on where it broke`(isQuick: Bool) async throws {
        try await FeedSite.with(pace: Self.pace) { site in
            try await site.publish(try FeedSite.crowd(10), from: 0)
            try await serve(site, isQuick: isQuick) { port in
                let first = try RawConnection(port: port, path: "/events?province=48&last-event-id=48-3")
                try await first.read { $0.places.count == 6 }
                #expect(first.places == (4...9).map { "48-\($0)" })
                for part in [
                    "HTTP/1.1 200 OK", "text/event-stream; charset=utf-8", "retry: ", "Access-Control-Allow-Origin: *",
                    "\"specversion\":\"1.0\"",
                    "\"dataref\":\"\(FeedSite.address)/v1/progress/000.00.41.H17-260304-0009\"",
                ] {
                    #expect(first.text.contains(part), "\(part) in \(first.text)")
                }
                try await site.publish(try FeedSite.crowd(5, from: 10), from: 10)
                try await first.read { $0.places.count == 11 }
                let second = try RawConnection(port: port, path: "/events", headers: ["Last-Event-ID: 48-12"])
                try await second.read { $0.places.count == 2 }
                #expect(second.places == ["48-13", "48-14"])
                try await second.read { $0.text.contains(":\nid: 48-14\n\n") }
            }
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a code's stream tells its holder, with where to ask for more`() async throws {
        try await FeedSite.with(pace: Self.pace) { site in
            try await site.publish([try FeedSite.notice(1, .submitted)] + FeedSite.crowd(3), from: 0)
            try await serve(site) { port in
                let own = try RawConnection(port: port, path: "/events?code=\(FeedSite.code)&last-event-id=48--1")
                try await own.read { $0.places == ["48-0"] }
                try await site.publish([try FeedSite.notice(2, .accepted)], from: 4)
                try await own.read { $0.places == ["48-0", "48-4"] }
                #expect(own.text.contains("/v1/progress/\(FeedSite.code)\""))
                #expect(!own.text.contains("Access-Control-Allow-Origin"))
                let everybody = try RawConnection(port: port, path: "/events?province=48&last-event-id=48-2")
                try await everybody.read { $0.places == ["48-3", "48-4"] }
                #expect(!everybody.text.contains(FeedSite.code.description) && !everybody.text.contains(FeedSite.root))
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [true, false])
    func `a graceful stop ends streams in order, at once`(isQuick: Bool) async throws {
        var pace = Self.pace
        pace.heartbeat = .seconds(600)
        try await FeedSite.with(pace: pace) { site in
            try await site.publish(try FeedSite.crowd(2), from: 0)
            var open: [RawConnection] = []
            try await serve(site, isQuick: isQuick) { port in
                for _ in 0..<20 {
                    let stream = try RawConnection(port: port, path: "/events?province=48")
                    try await stream.read { $0.text.contains("retry: ") }
                    open.append(stream)
                }
                try await condition("all wait") { site.feeds.seats.count == 20 }
            }
            // The last chunk of the transfer coding, and then the end of the connection: not a cut.
            for stream in open {
                try await stream.read { $0.isOver }
                #expect(stream.text.hasSuffix("0\r\n\r\n"))
            }
            #expect(site.feeds.seats.count == 0 && site.feeds.live?.openCount == 0)
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [true, false])
    func `a stream outlives the limits of ordinary connections`(isQuick: Bool) async throws {
        try await FeedSite.with(pace: Self.pace) { site in
            try await site.publish(try FeedSite.crowd(2), from: 0)
            var limits = ConnectionLimits()
            (limits.idleTimeout, limits.bodyDeadline, limits.bodyGrace) = (
                .milliseconds(100), .milliseconds(100), .milliseconds(50)
            )
            try await serve(site, limits: limits, isQuick: isQuick) { port in
                let stream = try RawConnection(port: port, path: "/events?province=48")
                // Five signs of life are more than a second.
                try await stream.read { $0.text.split(separator: ":\nid: 48-1\n\n").count > 5 }
                #expect(!stream.isOver)
            }
        }
    }

    @Test(.timeLimit(.minutes(3)), arguments: [true, false])
    func `nobody takes more seats than are theirs, and a seat is free again when its holder goes`(isQuick: Bool)
        async throws
    {
        try await FeedSite.with(seats: StreamSeats(countMax: 3, perBlockMax: 2), pace: Self.pace) { site in
            try await site.publish(try FeedSite.crowd(2), from: 0)
            try await serve(site, isQuick: isQuick) { port in
                var open: [RawConnection] = []
                for _ in 0..<2 {
                    let stream = try RawConnection(port: port, path: "/events?province=48")
                    try await stream.read { $0.text.contains("retry: ") }
                    open.append(stream)
                }
                let refused = try RawConnection(port: port, path: "/events?province=48")
                try await refused.read {
                    $0.text.contains("HTTP/1.1 429") && $0.text.lowercased().contains("retry-after: 60")
                }
                let third = try await site.respond("/events?province=48", from: "192.0.2.1")
                #expect(third.status == .ok)
                #expect(
                    try await site.respond("/events?province=48", from: "192.0.2.200").status == .serviceUnavailable)
                // The head alone takes no seat.
                #expect(try await site.respond("/events?province=48", method: .head, from: "192.0.2.9").status == .ok)
                open.removeAll()
                try await condition("the seats are free") { site.feeds.seats.count <= 1 }
                withExtendedLifetime(third) {}
            }
        }
    }

    @Test(
        .timeLimit(.minutes(3)),
        arguments: [
            ("/events?province=48", true), ("/events?province=48&last-event-id=48-0", true),
            ("/events?agency=000.00.41.H17&province=48", true), ("/events", false), ("/events?province=x", false),
            ("/events?province=48&last-event-id=1-0", false), ("/events?province=47", false),
            ("/events?province=48&agency=a&procedure=b", false), ("/events?province=48&code=\(FeedSite.code)", false),
            ("/events/x?province=48", false),
        ])
    func `a public stream begins on its connection's loop, whatever else goes the ordinary way`(
        target: String, isQuick: Bool
    ) async throws {
        try await FeedSite.with(pace: Self.pace) { site in
            try await site.publish(try FeedSite.crowd(2), from: 0)
            try await serve(site) { _ in
                let request = QuickRequest(
                    target: target, client: RemoteAddress("192.0.2.1"), arrivedMicroseconds: 1_777_000_000_000_000)
                var isStream = false
                if site.quick.concerns(target),
                    case .stream = site.quick.plan(request, on: EventLoopGroupProvider.singleton.eventLoopGroup.any())
                {
                    isStream = true
                }
                #expect(isStream == isQuick)
            }
        }
    }

    @Test func `what cannot be followed is refused with its reason`() async throws {
        try await FeedSite.with { site in
            try await site.publish(try FeedSite.crowd(1), from: 0)
            let live = try #require(site.feeds.live)
            let running = Task { try await live.run() }
            try await condition("the events are told") { (try await site.respond("/events")).status == .ok }
            for (path, status) in [
                ("/events?province=47", 404), ("/events?province=x", 404), ("/events?agency=A&procedure=B", 400),
                ("/events?province=48&last-event-id=47-1", 400), ("/events?province=48&last-event-id=48", 400),
                ("/events?province=48&agency=unknown", 200),
            ] {
                #expect(try await site.respond(path).status.code == status, "\(path)")
            }
            running.cancel()
            try await running.value
        }
    }
}
