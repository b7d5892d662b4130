import Dossiers
@testable import Engine
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

/// A clock that tests set.
final class SettableClock: Sendable {
    private let time: Mutex<Instant>

    init(_ time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }
    func set(_ instant: Instant) { time.withLock { $0 = instant } }
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
}

/// An engine on the suite's database, with the flagship loaded and a clock that stands.
struct EngineWorld: Sendable {
    let engine: Engine
    let clock: SettableClock
    let pool: ConnectionPool

    static let centre = "000.00.01.H17"
    static let province: Int16 = 48

    /// Runs `body` against a running engine, and stops it afterwards.
    static func with<Value: Sendable>(
        at start: String = "2026-03-02T08:00", settings: EngineSettings = EngineSettings(),
        _ body: @Sendable @escaping (EngineWorld) async throws -> Value
    ) async throws -> Value {
        let instant = try #require(Instant(iso8601: start))
        let clock = SettableClock(instant)
        let pool = try TestDatabase.current.pool(size: 6)
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let keys = try KeyFile.open(folder.appending(path: "keys").path, createIfMissing: true)
        let engine = Engine(
            pool: pool, vault: Vault(keys: keys), clock: EngineClock { clock.now }, settings: settings,
            logger: TestDatabase.logger)
        let report = try await engine.install(try Workflows.texts(), by: "test")
        #expect(!report.hasErrors, "\(report.rows.map { "\($0.file) \($0.finding.message.en)" })")
        let world = EngineWorld(engine: engine, clock: clock, pool: pool)
        let result = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask {
                try? await engine.run()
                return nil
            }
            group.addTask {
                do { return .success(try await body(world)) } catch { return .failure(error) }
            }
            var result: Result<Value, any Error>?
            for await finished in group {
                if let finished { result = finished }
                group.cancelAll()
            }
            return result
        }
        await pool.shutdown()
        try? FileManager.default.removeItem(at: folder)
        return try #require(result).get()
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
