import Dispatch
import Dossiers
import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import WorkingTime

/// Rows to store, and a store to put them in.
enum Fixture {
    /// 2026-04-12T08:00 in Viet Nam.
    static let now = Instant(microseconds: 1_775_955_600_000_000)
    private static let counter = Atomic<UInt64>(0)
    private static let provinces = Atomic<Int>(0)

    /// An identity that no other test has.
    static func id(milliseconds: Int64 = now.microseconds / 1_000) -> DossierID {
        DossierID(milliseconds: milliseconds, random: (7, counter.add(1, ordering: .relaxed).newValue))
    }

    static func ids(_ count: Int) -> [DossierID] { (0..<count).map { _ in id() } }

    /// A province that no other test has.
    static func province() -> Int16 { Int16(provinces.add(1, ordering: .relaxed).newValue) }

    static func new(_ id: DossierID, head: [UInt8] = [UInt8](repeating: 1, count: 32)) -> NewDossier {
        NewDossier(
            id: id, sequence: 1, fold: 1, phase: 0, status: 1, state: Array("{}".utf8), head: head,
            procedure: "birth-registration", procedureVersion: 2, centre: "000.00.01.H17", agency: "000.12.34.H17",
            channel: 1, submittedAt: now, root: id)
    }

    static func update(_ id: DossierID, from sequence: Int64, code: String? = nil) -> DossierUpdate {
        DossierUpdate(
            id: id, expectedSequence: sequence, sequence: sequence + 1, fold: 1, phase: 0, status: 2,
            state: Array("{\"next\":true}".utf8), head: [UInt8](repeating: 2, count: 32), code: code)
    }

    static func notice(_ id: DossierID, _ number: Int32) -> NoticeRow {
        NoticeRow(
            dossier: id, number: number, root: id, lookUp: nil, recordedAt: now,
            head: [UInt8](repeating: 3, count: 32), body: Array("notice \(number) of \(id)".utf8))
    }

    static func task(
        _ id: DossierID, _ activation: Int, role: String = "civil-status", kind: OpenTask.Kind = .person,
        officer: String? = nil, due: Instant? = nil, notBefore: Instant? = nil
    ) -> TaskRow {
        TaskRow(
            dossier: id, procedure: "birth-registration",
            task: OpenTask(
                activation: activation, kind: kind, step: "check", agency: "000.12.34.H17", role: role,
                officer: officer, claims: 0, opened: now, due: due, notBefore: notBefore))
    }

    static func key(_ text: String) -> AnswerKey { AnswerKey(client: "desk", operation: "submit", key: text) }

    static func answer(_ text: String) -> AnswerRow {
        AnswerRow(
            key: key(text),
            answer: StoredAnswer(
                fingerprint: [1, 2, 3], status: 201, contentType: "application/json", body: Array(text.utf8)),
            createdAt: now)
    }
}

/// Runs the body with a store that works as `motcua_engine`: behind the wall, with that role's rights alone.
func withStore<Value>(
    size: Int = 6, _ body: (DossierStore, ConnectionPool) async throws -> Value
) async throws -> Value {
    try await withPool(role: "motcua_engine", size: size) { pool in try await body(DossierStore(pool: pool), pool) }
}

/// Runs the body with a pool of a role.
func withPool<Value>(
    role: String, size: Int = 2, _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (ConnectionPool) async throws -> Value
) async throws -> Value {
    var configuration = try TestDatabase.current.configuration
    configuration.connectionString = configuration.connectionString
        .split(separator: " ").map { $0.hasPrefix("user=") ? "user=\(role)" : String($0) }.joined(separator: " ")
    change(&configuration)
    let pool = ConnectionPool(configuration, size: size, logger: TestDatabase.logger)
    do {
        let value = try await body(pool)
        await pool.shutdown()
        return value
    } catch {
        await pool.shutdown()
        throw error
    }
}

extension DossierStore {
    /// Writes a batch and nothing else.
    func put(_ province: Int16, _ change: @Sendable (inout WriteBatch) -> Void) async throws {
        try await commit(province: province) { transaction in
            var batch = WriteBatch()
            change(&batch)
            transaction.write(batch)
        }
    }

    /// Stores new dossiers.
    func seed(_ province: Int16, _ ids: [DossierID]) async throws {
        try await put(province) { $0.newDossiers = ids.map { Fixture.new($0) } }
    }
}

/// What concurrent tasks count together.
final class Tally: Sendable {
    let count = Atomic<Int>(0)
    let isDone = Atomic<Bool>(false)
    let numbers = Mutex<[String: [Int64]]>([:])
}

/// Opened once; a connection's own thread may wait for it, and so may a task.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// Blocks a thread that is not the cooperative pool's; false when nobody opened it in ten seconds.
    func wait() -> Bool {
        let isOpen = semaphore.wait(timeout: .now() + 10) == .success
        if isOpen { semaphore.signal() }
        return isOpen
    }

    func opened() async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.wait()) }
        }
    }
}
