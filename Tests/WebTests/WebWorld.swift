import Dossiers
import Edge
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import Logging
import Postgres
import ProcedureFiles
import Procedures
import Synchronization
import TestSupport
import Testing
import Vault
import WorkingTime

@testable import Web

/// A clock that tests set.
final class SettableClock: Sendable {
    private let time: Mutex<Instant>

    init(_ time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }
    func set(_ instant: Instant) { time.withLock { $0 = instant } }
}

/// The API in front of a running engine on a database of its own, called without a socket.
struct WebWorld: Sendable {
    let engine: DossierEngine
    let api: WebAPI
    let clock: SettableClock
    /// The machine's seconds, by which tokens live.
    let seconds: Mutexed<Int64>
    let responder: EdgeResponder<APIContext>
    /// The engine's connections, to look and meddle past it.
    let pool: ConnectionPool
    /// Tokens that were asked for, by client.
    let tokens = Mutexed<[String: String]>([:])
    /// Stands before every idempotency key, so that tests that share a world do not share keys.
    var keyPrefix = ""

    static let centre = "000.00.01.H17"
    static let civilStatus = "000.01.01.H17"
    static let secret = String(repeating: "5e", count: 32)

    /// Runs `body` against a world of its own, and stops it afterwards: for tests that set the clock, or count.
    static func fresh(
        at start: String = "2026-03-02T08:30", limiter: RateLimiter = wideLimiter,
        _ body: @Sendable @escaping (WebWorld) async throws -> Void
    ) async throws {
        try await Turnstile.one.pass {
            try await TestDatabase.with { database in try await with(database, at: start, limiter: limiter, body) }
        }
    }

    /// Runs `body` against the world that most tests share: loading the procedures takes longer than any of them.
    static func shared(_ body: (WebWorld) async throws -> Void) async throws {
        try await body(try await common.value.numbered())
    }

    /// Lives as long as the process, and its database with the process's server.
    private static let common = Task<WebWorld, any Error> {
        let (worlds, give) = AsyncThrowingStream<WebWorld, any Error>.makeStream()
        Task {
            do {
                try await TestDatabase.with { database in
                    try await with(database, at: "2026-03-02T08:30", limiter: wideLimiter) { world in
                        give.yield(world)
                        // Sleeps until the process ends: this is what holds the world open.
                        try await Task.sleep(for: .seconds(86_400))
                    }
                }
            } catch { give.finish(throwing: error) }
        }
        for try await world in worlds { return world }
        throw Failure("the shared world did not start")
    }

    /// The same world with idempotency keys of its own.
    private func numbered() -> WebWorld {
        var copy = self
        copy.keyPrefix = "t\(Self.counter.add(1, ordering: .relaxed).newValue)-"
        return copy
    }

    private static let counter = Atomic<Int>(0)
    static var wideLimiter: RateLimiter {
        RateLimiter(
            name: "token", perBlock: Quota(count: 10_000, seconds: 60), overall: Quota(count: 10_000, seconds: 60))
    }

    private static func with(
        _ database: TestDatabase, at start: String, limiter: RateLimiter,
        _ body: @Sendable @escaping (WebWorld) async throws -> Void
    ) async throws {
        let clock = SettableClock(try #require(Instant(iso8601: start)))
        let pool = database.pool(size: 6)
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let keys = try KeyFile.open(folder.appending(path: "keys").path, createIfMissing: true)
        var settings = EngineSettings()
        // A machine that builds and tests at the same time is slow, not broken.
        settings.patience = .seconds(60)
        let engine = DossierEngine(
            pool: pool, vault: PersonalVault(keys: keys), clock: EngineClock { clock.now }, settings: settings,
            logger: TestDatabase.logger)
        let report = try await engine.install(try WorkflowTexts.read(), by: "test")
        #expect(!report.hasErrors, "\(report.rows.map { "\($0.file) \($0.finding.message.en)" })")
        let seconds = Mutexed<Int64>(1_772_000_000)
        let api = await WebAPI(
            engine: engine, tokenKey: keys.derivedKey(.tokenSigning).bytes, tokenLimiter: limiter,
            nowSeconds: { seconds.value })
        let world = WebWorld(
            engine: engine, api: api, clock: clock, seconds: seconds,
            responder: EdgeResponder(router: api.router(), face: api.face(), metrics: nil), pool: pool)
        try await world.addClients()
        let result = await withTaskGroup(of: Result<Void, any Error>?.self) { group in
            group.addTask {
                try? await engine.run()
                return nil
            }
            group.addTask {
                do { return .success(try await body(world)) } catch { return .failure(error) }
            }
            var result: Result<Void, any Error>?
            for await finished in group {
                if let finished { result = finished }
                group.cancelAll()
            }
            return result
        }
        await pool.shutdown()
        try? FileManager.default.removeItem(at: folder)
        let outcome = try #require(result)
        try outcome.get()
    }

    private func addClients() async throws {
        let agency: [Scope] = [.submit, .read, .personal, .work]
        try await add("desk", agency: Self.centre, roles: ["reception", "reception-head"], agency)
        try await add("other-desk", agency: "000.00.02.H17", roles: ["reception"], agency)
        try await add("town", agency: Self.civilStatus, roles: ["civil-status", "chairman"], agency)
        try await add("reader", agency: Self.centre, roles: [], [.read])
        try await add("registry", agency: nil, roles: [], [.connect], connector: "civil-registry")
        try await add("admin", agency: nil, roles: [], [.admin])
        try await add("auditor", agency: nil, roles: [], [.audit])
        try await add("gone", agency: Self.centre, roles: [], agency, isDisabled: true)
    }

    func add(
        _ id: String, agency: String?, roles: [String], _ scopes: [Scope], connector: String? = nil,
        isDisabled: Bool = false
    ) async throws {
        try await engine.addClient(
            ClientRecord(
                id: id, secretHash: ClientSecret.hash(Self.secret, with: engine), province: 48, agency: agency,
                roles: roles, scopes: scopes.map(\.rawValue), connector: connector, isDisabled: isDisabled))
    }
}

/// Lets one in after the other: worlds side by side would only take each other's time.
actor Turnstile {
    static let one = Turnstile()
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass(_ body: @Sendable () async throws -> Void) async throws {
        if isTaken { await withCheckedContinuation { waiting.append($0) } }
        isTaken = true
        defer {
            if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
        }
        try await body()
    }
}

/// A value behind a lock.
final class Mutexed<Value: Sendable>: Sendable {
    private let box: Mutex<Value>

    init(_ value: Value) { box = Mutex(value) }

    var value: Value { box.withLock { $0 } }
    func set(_ value: Value) { box.withLock { $0 = value } }
}

/// The files of `Workflows/`, by name.
enum WorkflowTexts {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Workflows")

    static func read() throws -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for kind in ["calendars", "agencies", "procedures"] {
            let path = folder.appending(path: kind)
            for name in try FileManager.default.contentsOfDirectory(atPath: path.path) where name.hasSuffix(".yaml") {
                texts["\(kind)/\(name)"] = [UInt8](try Data(contentsOf: path.appending(path: name)))
            }
        }
        return texts
    }
}
