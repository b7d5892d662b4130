import CLibpq
package import Logging

/// One numbered step of a schema; its text never changes once it has been applied anywhere.
package struct Migration: Sendable {
    /// The order; numbers rise, gaps are allowed.
    package let number: Int
    /// The file's name, such as `0001_engine.sql`.
    package let name: String
    /// One or many commands; it runs in a transaction, which it must not end.
    package let sql: String

    /// A step with all its parts given.
    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// A step whose number leads its file's name (`0001_engine.sql`); nil when the name does not begin with digits.
    package init?(name: String, sql: String) {
        let file = name.split(separator: "/").last ?? ""
        guard let number = Int(file.prefix { $0.isASCII && $0.isNumber }) else { return nil }
        self.init(number: number, name: name, sql: sql)
    }

    /// The numbered files of an embedded folder, for the three functions of `CSchema`:
    /// `Migration.list(count: schema_file_count(), name: schema_file_name, text: schema_file_text)`.
    ///
    /// `folder`: only the files of this folder below Schema/, "" for its own; files without a number are left out.
    package static func list(
        count: Int, name: (Int) -> UnsafePointer<CChar>?, text: (Int) -> UnsafePointer<CChar>?, folder: String = ""
    ) -> [Migration] {
        (0..<max(count, 0)).compactMap { index in
            guard let name = name(index).map({ String(cString: $0) }), let text = text(index) else { return nil }
            guard name.split(separator: "/").dropLast().joined(separator: "/") == folder else { return nil }
            return Migration(name: name, sql: String(cString: text))
        }
    }
}

/// Why a schema was left as it was; one line for the operator.
package struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and with which migration.
    package let description: String
    /// The database's error, when a migration failed there; its message quotes only our own SQL.
    package let cause: PostgresError?
}

/// Brings a schema up to date, each migration in a transaction of its own, one migrator at a time.
package enum Migrations {
    private struct Applied: Sendable, Equatable {
        let number: Int64
        let name: String
        let isUnchanged: Bool?
    }

    /// Held to the end of each migration's transaction; the number is "MotCua" in ASCII.
    private static let lock = Statement<Void, Void>(
        name: "migration_lock", sql: "SELECT pg_advisory_xact_lock(x'4d6f74437561'::bit(48)::bigint)")

    private static let create = """
        SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
        CREATE TABLE IF NOT EXISTS public.schema_migration (
            set text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            name text NOT NULL,
            checksum bytea NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (set, number)
        )
        """

    /// The applied ones with their given text's comparison, and nothing for those that are given alone.
    private static let list = Statement<(set: String, numbers: [Int64], texts: [String]), Applied>(
        name: "migration_list",
        sql: """
            SELECT m.number, m.name, m.checksum = sha256(convert_to(g.text, 'UTF8'))
            FROM public.schema_migration m
            LEFT JOIN unnest($2::bigint[], $3::text[]) AS g (number, text) ON g.number = m.number
            WHERE m.set = $1 ORDER BY m.number
            """,
        encode: {
            $1.text($0.set)
            $1.int8Array($0.numbers)
            $1.textArray($0.texts)
        },
        decode: { Applied(number: try $0.int8(), name: try $0.text(), isUnchanged: try $0.boolOrNull()) })

    private static let record = Statement<(set: String, migration: Migration), Void>(
        name: "migration_record",
        sql: """
            INSERT INTO public.schema_migration (set, number, name, checksum)
            VALUES ($1, $2, $3, sha256(convert_to($4::text, 'UTF8')))
            """,
        encode: {
            $1.text($0.set)
            $1.int8(Int64($0.migration.number))
            $1.text($0.migration.name)
            $1.text($0.migration.sql)
        })

    /// Identifies the transaction, to notice a migration that ends it.
    private static let transactionID = Statement<Void, String>(
        name: "migration_transaction", sql: "SELECT pg_current_xact_id()::text",
        decode: { try $0.text() })

    /// Applies what is missing and returns the names applied; throws `MigrationError` before anything is changed when
    /// an applied migration was changed, removed, renamed or overtaken.
    ///
    /// `set` keeps histories apart that share a database. Connects directly, not through a pooler; another migrator is
    /// waited for, up to `timeout`, which is the limit of each migration too.
    package static func apply(
        _ migrations: [Migration], set: String = "engine", to configuration: PostgresConfiguration,
        timeout: Duration = .seconds(3_600), logger: Logger
    ) async throws -> [String] {
        try checkOrder(migrations)
        var configuration = configuration
        configuration.statementTimeout = .zero
        configuration.lockTimeout = .zero
        configuration.idleInTransactionTimeout = .zero
        configuration.commitTimeout = timeout
        let pool = ConnectionPool(configuration, size: 1, logger: logger)
        do {
            var applied: [String] = []
            while let name = try await applyNext(migrations, set, pool, timeout) {
                logger.info("migration applied", metadata: ["name": "\(name)"])
                applied.append(name)
            }
            await pool.shutdown()
            return applied
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    /// Throws `MigrationError` unless all of these are applied and unchanged, and no others; changes nothing, so that a role
    /// will do that may read `schema_migration` alone.
    package static func verify(
        _ migrations: [Migration], set: String = "engine", in configuration: PostgresConfiguration, logger: Logger
    ) async throws {
        let pool = ConnectionPool(configuration, size: 1, logger: logger)
        let parameters = (set, migrations.map { Int64($0.number) }, migrations.map(\.sql))
        let read: Result<[Applied], any Error>
        do { read = .success(try await pool.withSession { try $0.run(list, parameters) }) } catch {
            read = .failure(error)
        }
        await pool.shutdown()
        let applied = try read.get()
        try compare(applied, with: migrations)
        if let next = migrations.first(where: { $0.number > Int(applied.last?.number ?? -1) }) {
            throw MigrationError(description: "\(next.name) is not applied yet", cause: nil)
        }
    }

    /// One migration in one transaction; nil when none is missing.
    private static func applyNext(
        _ migrations: [Migration], _ set: String, _ pool: ConnectionPool, _ timeout: Duration
    ) async throws -> String? {
        try await pool.transaction(options: .init(attempts: 1, timeout: timeout)) { transaction -> String? in
            _ = try transaction.run(lock)
            try transaction.execute(create)
            let parameters = (set, migrations.map { Int64($0.number) }, migrations.map(\.sql))
            let applied = try transaction.run(list, parameters)
            try compare(applied, with: migrations)
            guard let next = migrations.first(where: { $0.number > Int(applied.last?.number ?? -1) }) else {
                return nil
            }
            let before = try transaction.run(transactionID)
            do {
                try transaction.execute(next.sql)
            } catch let error as PostgresError {
                throw MigrationError(
                    description: "\(next.name) failed and was rolled back: \(error)"
                        + (error.position.map { " (at character \($0))" } ?? ""), cause: error)
            }
            guard try transaction.run(transactionID) == before else {
                throw MigrationError(
                    description: "\(next.name) ends its transaction: remove COMMIT or ROLLBACK", cause: nil)
            }
            _ = transaction.enqueue(record, (set, next))
            return next.name
        }
    }

    private static func checkOrder(_ migrations: [Migration]) throws {
        for (earlier, later) in zip(migrations, migrations.dropFirst()) where earlier.number >= later.number {
            throw MigrationError(
                description: "\(later.name) must have a higher number than \(earlier.name)", cause: nil)
        }
    }

    private static func compare(_ applied: [Applied], with migrations: [Migration]) throws {
        func fail(_ text: String) -> MigrationError { MigrationError(description: text, cause: nil) }
        for row in applied {
            guard let given = migrations.first(where: { $0.number == Int(row.number) }) else {
                throw fail(
                    "\(row.name) is applied in the database but missing here: is this program older than the schema?")
            }
            guard given.name == row.name else { throw fail("\(row.name) was applied; here it is named \(given.name)") }
            guard row.isUnchanged == true else { throw fail("\(row.name) was changed after it had been applied") }
        }
        let last = applied.last?.number ?? -1
        let known = applied.map(\.number)
        for migration in migrations where migration.number <= Int(last) && !known.contains(Int64(migration.number)) {
            throw fail("\(migration.name) comes before one that is already applied: give it a higher number")
        }
    }
}
