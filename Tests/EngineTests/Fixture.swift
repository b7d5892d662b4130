import Dossiers
import Foundation
import JSONText
import Logging
import Notices
import Postgres
import ProcedureFiles
import Procedures
import Store
import Synchronization
import TestSupport
import Testing
import Vault
import WorkingTime

@testable import Engine

/// A clock that tests set.
final class SettableClock: Sendable {
    private let time: Mutex<Instant>

    init(_ time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }
    func set(_ instant: Instant) { time.withLock { $0 = instant } }
    func set(_ text: String) throws { set(try #require(Instant(iso8601: text))) }
    func advance(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// The files of `Workflows/`, by name.
enum Workflows {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Workflows")

    static func texts() throws -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for kind in ["calendars", "agencies", "procedures"] {
            let path = folder.appending(path: kind)
            for name in try FileManager.default.contentsOfDirectory(atPath: path.path) where name.hasSuffix(".yaml") {
                texts["\(kind)/\(name)"] = [UInt8](try Data(contentsOf: path.appending(path: name)))
            }
        }
        return texts
    }

    /// A procedure file with parts of its text replaced; fails where a part is not there.
    static func procedure(_ name: String, _ changes: [(String, String)] = []) throws -> [UInt8] {
        var text = String(decoding: try #require(try texts()["procedures/\(name).yaml"]), as: UTF8.self)
        for (old, new) in changes {
            let range = try #require(text.range(of: old), "\(old) is not in \(name)")
            text.replaceSubrange(range, with: new)
        }
        return Array(text.utf8)
    }
}

/// How a test's engine is set up.
struct EngineSetup: Sendable {
    var start = "2026-03-02T08:00"
    var settings = EngineSettings()
    var logger = TestDatabase.logger
    /// False: the engine takes its clock for the real one, and the database's beside it.
    var isTraining = true
    /// Changes the way to the database: a role, a host, a time-out.
    var change: @Sendable (inout PostgresConfiguration) -> Void = { _ in }
}

/// An engine on the test's database, with the flagship loaded and a clock that stands.
struct EngineWorld: Sendable {
    let engine: DossierEngine
    let clock: SettableClock
    let vault: PersonalVault
    /// Looks at the database past the engine, as its owner.
    let observer: Observer

    static let centre = "000.00.01.H17"
    static let province: Int16 = 48

    /// Runs `body` against a running engine, and stops it afterwards.
    static func with<Value: Sendable>(
        at start: String = "2026-03-02T08:00", settings: EngineSettings = EngineSettings(),
        _ body: @Sendable @escaping (EngineWorld) async throws -> Value
    ) async throws -> Value {
        var setup = EngineSetup()
        setup.start = start
        setup.settings = settings
        return try await with(setup, body)
    }

    /// Runs `body` against a running engine, and stops it afterwards.
    static func with<Value: Sendable>(
        _ setup: EngineSetup, _ body: @Sendable @escaping (EngineWorld) async throws -> Value
    ) async throws -> Value {
        try await stopped(setup) { world in try await world.running { try await body(world) } }
    }

    /// Runs `body` with an engine that has its files and does not run yet.
    static func stopped<Value: Sendable>(
        _ setup: EngineSetup = EngineSetup(), _ body: @Sendable (EngineWorld) async throws -> Value
    ) async throws -> Value {
        let clock = SettableClock(try #require(Instant(iso8601: setup.start)))
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let keys = try KeyFile.open(folder.appending(path: "keys").path, createIfMissing: true)
        return try await Observer.with { observer in
            try await withPool(setup) { pool in
                let vault = PersonalVault(keys: keys)
                let engine = DossierEngine(
                    pool: pool, vault: vault, clock: EngineClock(isTraining: setup.isTraining) { clock.now },
                    settings: setup.settings,
                    logger: setup.logger)
                let report = try await engine.install(try Workflows.texts(), by: "test")
                #expect(!report.hasErrors, "\(report.rows.map { "\($0.file) \($0.finding.message.en)" })")
                return try await body(
                    EngineWorld(engine: engine, clock: clock, vault: vault, observer: observer))
            }
        }
    }

    /// Runs `body` with a second engine beside this one, as on another node: the same database, keys and clock.
    func withTwin<Value: Sendable>(
        _ setup: EngineSetup = EngineSetup(), _ body: @Sendable @escaping (EngineWorld) async throws -> Value
    ) async throws -> Value {
        try await EngineWorld.withPool(setup) { pool in
            let engine = DossierEngine(
                pool: pool, vault: vault, clock: EngineClock(isTraining: setup.isTraining) { clock.now },
                settings: setup.settings,
                logger: setup.logger)
            try await engine.loadCatalogue()
            let twin = EngineWorld(engine: engine, clock: clock, vault: vault, observer: observer)
            return try await twin.running { try await body(twin) }
        }
    }

    /// Runs `body` while the engine runs, and stops it afterwards.
    func running<Value: Sendable>(_ body: @Sendable @escaping () async throws -> Value) async throws -> Value {
        let result = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask { [engine] in
                try? await engine.run()
                return nil
            }
            group.addTask {
                do { return .success(try await body()) } catch { return .failure(error) }
            }
            var result: Result<Value, any Error>?
            for await finished in group {
                if let finished { result = finished }
                group.cancelAll()
            }
            return result
        }
        return try #require(result).get()
    }

    private static func withPool<Value>(
        _ setup: EngineSetup, _ body: (ConnectionPool) async throws -> Value
    ) async throws -> Value {
        var configuration = try TestDatabase.current.configuration
        setup.change(&configuration)
        let pool = ConnectionPool(configuration, size: 6, logger: setup.logger)
        do {
            let value = try await body(pool)
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    /// Waits until `condition` gives a value; fails after 20 s.
    func eventually<Value: Sendable>(
        _ what: String, _ condition: @Sendable () async throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let value = try await condition() { return value }
            try await Task.sleep(for: .milliseconds(5))  // The condition decides, not the time.
        }
        throw Failure("never came true: \(what)")
    }
}

/// A result behind a lock.
final class BoxedResult: Sendable {
    private let box = Mutex<CommandResult?>(nil)

    var value: CommandResult? { box.withLock { $0 } }
    func set(_ result: CommandResult) { box.withLock { $0 = result } }
}
