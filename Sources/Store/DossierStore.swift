import Dossiers
package import Postgres
import Synchronization
package import WorkingTime

/// How dossiers, events, tasks, agenda, notices and versions lie in PostgreSQL.
///
/// Every transaction belongs to one province (R9), and says so to the server: for the role `motcua_engine` row-level
/// security then hides all others. Reads are transactions of their own, on the primary.
package struct DossierStore: Sendable {
    let pool: ConnectionPool
    private let lanes: ReadLanes

    /// A store on a pool whose connections see the migrated schema; the pool stays its maker's to shut down.
    package init(pool: ConnectionPool) {
        self.pool = pool
        lanes = ReadLanes(pool: pool)
    }

    /// Runs one transaction of one province. The body runs again, from its start, on 40001 and 40P01 and when the log
    /// lacked a month; it must change nothing outside the transaction.
    /// - Throws: ``StoreError`` when a check failed; `PostgresError` `.outcomeUnknown` when COMMIT was sent and not
    ///   answered; what the body throws. All but `.outcomeUnknown` mean rolled back.
    package func commit<T: Sendable>(
        province: Int16, _ body: @Sendable (ProvinceTransaction) throws -> T
    ) async throws -> T {
        let months = EventMonths()
        do {
            return try await inProvince(province, months, body)
        } catch let error as PostgresError where error.isMissingEventMonth && !months.isEmpty {
            // The first dossier of a month, and nobody made its partition in time.
            try await ensureEventMonths(months.all)
            return try await inProvince(province, months, body)
        }
    }

    /// Makes the log's partitions for last month, this month and the two to come; to be called at start and daily.
    package func ensureEventMonths(around now: Instant) async throws {
        let today = now.date
        let first = CivilDate(daysSinceEpoch: today.daysSinceEpoch - (today.day - 1))
        // Days that surely lie in the months meant, whatever their lengths.
        try await ensureEventMonths([-15, 15, 45, 75].map { CivilDate(daysSinceEpoch: first.daysSinceEpoch + $0) })
    }

    /// Whether the database answers and takes writes; throws when it does not answer.
    /// - Parameter timeout: how long that may take; nil means the pool's time.
    package func ping(within timeout: Duration? = nil) async throws -> Bool {
        try await pool.withSession(timeout: timeout) { try $0.run(ServiceStatements.ping).first ?? false }
    }

    private func ensureEventMonths(_ days: [CivilDate]) async throws {
        for day in days.sorted() {
            // A transaction each: the lock on the log's definition is held for one partition only.
            _ = try await pool.withSession { try $0.run(EventStatements.ensureMonth, day) }
        }
    }

    private func inProvince<T: Sendable>(
        _ province: Int16, _ months: EventMonths, _ body: @Sendable (ProvinceTransaction) throws -> T
    ) async throws -> T {
        do {
            return try await pool.transaction { transaction in
                try transaction.setLocal("motcua.province", "\(province)")
                return try body(ProvinceTransaction(transaction, province: province, months: months))
            }
        } catch let error as PostgresError {
            if let error = StoreError(sqlState: error.sqlState) { throw error }
            throw error
        }
    }
}

extension DossierStore {
    /// One statement that only reads, of one province.
    func read<Parameters: Sendable, Row: Sendable>(
        _ province: Int16, _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) async throws -> [Row] {
        try await pool.read { transaction in
            try transaction.setLocal("motcua.province", "\(province)")
            let reply = transaction.enqueue(statement, parameters)
            return { try reply.rows }
        }
    }

    /// The same for a few rows by their key: shares a transaction with what others ask at the same time.
    func find<Parameters: Sendable, Row: Sendable>(
        _ province: Int16, _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) async throws -> [Row] {
        try await lanes.rows(province, statement, parameters)
    }

    /// One statement that writes, of one province; its rows.
    @discardableResult
    func write<Parameters: Sendable, Row: Sendable>(
        _ province: Int16, _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) async throws -> [Row] {
        try await commit(province: province) { try $0.run(statement, parameters) }
    }

    /// One statement that belongs to no province.
    @discardableResult
    func run<Parameters: Sendable, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) async throws -> [Row] {
        try await pool.withSession { try $0.run(statement, parameters) }
    }
}

/// The months of the log into which a transaction writes: what must exist if it fails for want of a partition.
final class EventMonths: Sendable {
    private let months = Mutex<Set<CivilDate>>([])

    var all: [CivilDate] { months.withLock { Array($0) } }
    var isEmpty: Bool { months.withLock { $0.isEmpty } }

    func add(_ rows: [EventRow]) {
        let wanted = Set(rows.map(\.dossier.receivedMonth))
        months.withLock { $0.formUnion(wanted) }
    }
}

extension PostgresError {
    /// "no partition of relation … found for row": a check violation without a constraint.
    var isMissingEventMonth: Bool {
        code == .checkViolation && constraint == nil && statement == "\(EventStatements.insert.name)"
    }
}
