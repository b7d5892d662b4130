import Postgres
import TestSupport
import Testing

@testable import PublicFeed

/// The feed's own role may do all that delivery needs, and its statements fit the schema.
@Suite(.database, .timeLimit(.minutes(2)))
struct DeliveryRoleTests {
    @Test func `desk and courier work as motcua_feed`() async throws {
        var configuration = try TestDatabase.current.configuration
        configuration.connectionString = configuration.connectionString
            .split(separator: " ").map { $0.hasPrefix("user=") ? "user=motcua_feed" : String($0) }
            .joined(separator: " ")
        let pool = ConnectionPool(configuration, size: 2, logger: TestDatabase.logger)
        do {
            try await walk(pool)
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    private func walk(_ pool: ConnectionPool) async throws {
        let key = DeliveryKey()
        let desk = DeliveryDesk(feed: pool, key: key)
        _ = try await desk.addWebhook(
            "gazette", url: "https://example.vn/", reach: .internet,
            filter: .init(provinces: [48], agencies: ["000.00.01.H17"], procedures: ["birth"]), fromStart: false)
        try await desk.connectPortal(
            "national-portal", url: "https://example.vn/", reach: .internet, filter: .init(),
            settings: PortalSettings(unit: "H17", username: "dn"), password: "x", fromStart: true)
        _ = try await desk.rotate("gazette", overlapSeconds: 3600)
        await #expect(throws: DeskRefusal.self) { try await desk.rotate("national-portal", overlapSeconds: 0) }
        try await desk.pause("gazette", reason: "x")
        try await desk.resume("gazette", skipping: true)
        try await desk.reconcile("national-portal")
        #expect(try await desk.isReconciling("national-portal"))
        let courier = Courier(
            feed: pool, key: key, logger: TestDatabase.logger, pace: DeliveryWorld.fast, nowSeconds: { 0 })
        // Nothing was ever sent: the comparison ends with nothing to ask.
        try await courier.workOnce()
        #expect(try await !desk.isReconciling("national-portal"))
        #expect(try await desk.list().map(\.id) == ["gazette", "national-portal"])
        #expect(try await desk.deadLetters("gazette", limit: 1).isEmpty)
        #expect(try await desk.replay("gazette", nil) == 0)
        #expect(try await desk.portal("national-portal")?.refusedCount == 0)
        #expect(try await desk.portalTroubles("national-portal", limit: 1).isEmpty)
        try await DeliveryMeters().report(pool)
        try await desk.remove("national-portal")
        #expect(try await desk.list().map(\.id) == ["gazette"])
    }
}
