import CSchema
package import Logging
package import Postgres
import Synchronization
package import Testing

/// A database of its own in this process's ephemeral server.
package struct TestDatabase: Sendable {
    /// The libpq connection string, for any client.
    package let connectionString: String

    /// The rules for a pool here: fsync is off on purpose, and a busy machine fails no test by its slowness.
    package var configuration: PostgresConfiguration {
        var configuration = PostgresConfiguration(connectionString, applicationName: "motcua-test")
        configuration.allowsLossyCommits = true
        configuration.statementTimeout = .seconds(60)
        configuration.lockTimeout = .seconds(30)
        configuration.idleInTransactionTimeout = .seconds(60)
        configuration.unitTimeout = .seconds(60)
        configuration.commitTimeout = .seconds(60)
        configuration.cancelGrace = .seconds(10)
        return configuration
    }

    /// A pool here; the caller shuts it down.
    package func pool(size: Int = 4) -> ConnectionPool {
        ConnectionPool(configuration, size: size, logger: TestDatabase.logger)
    }

    /// The database of the suite that carries `.database`.
    package static var current: TestDatabase {
        get throws {
            guard let database = scoped else { throw Failure("the suite lacks the trait .database") }
            return database
        }
    }

    @TaskLocal static var scoped: TestDatabase?

    /// Shows warnings and errors only.
    package static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return logger
    }()

    /// The migrations embedded in the binary; `folder`: "" for the engine's, "feed" for the public side's.
    package static func migrations(folder: String = "") -> [Migration] {
        Migration.list(
            count: schema_file_count(), name: { schema_file_name($0) }, text: { schema_file_text($0) }, folder: folder)
    }

    /// Runs the body with a database that is dropped afterwards; `migrated`: with the schemas of the engine and of the feed, else empty.
    package static func with<Value>(
        migrated: Bool = true, _ body: (TestDatabase) async throws -> Value
    ) async throws -> Value {
        let server = try EphemeralServer.shared.get()
        let source = migrated ? try await template.value : "template0"
        let name = "test_\(counter.add(1, ordering: .relaxed).newValue)"
        try await administer(server, "CREATE DATABASE \(name) TEMPLATE \(source) STRATEGY FILE_COPY")
        let database = TestDatabase(connectionString: server.connectionString(database: name))
        do {
            let value = try await body(database)
            try await administer(server, "DROP DATABASE \(name) WITH (FORCE)")
            return value
        } catch {
            // The test's own failure says more than a second one here.
            try? await administer(server, "DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    private static let counter = Atomic<Int>(0)

    /// Migrated once a process, then copied.
    private static let template = Task {
        let server = try EphemeralServer.shared.get()
        try await administer(server, "CREATE DATABASE motcua_template TEMPLATE template0")
        let database = TestDatabase(connectionString: server.connectionString(database: "motcua_template"))
        _ = try await Migrations.apply(migrations(), to: database.configuration, logger: logger)
        _ = try await Migrations.apply(
            migrations(folder: "feed"), set: "feed", to: database.configuration, logger: logger)
        return "motcua_template"
    }

    private static func administer(_ server: EphemeralServer, _ sql: String) async throws {
        let database = TestDatabase(connectionString: server.connectionString(database: "postgres"))
        let pool = database.pool(size: 1)
        do {
            try await pool.withSession(timeout: .seconds(60)) { try $0.execute(sql) }
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            throw error
        }
    }
}

/// Gives a suite (or one test) a database of its own: `@Suite(.database) struct …` with `try TestDatabase.current`.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    let migrated: Bool

    /// Makes the database, runs the suite, drops the database.
    @concurrent package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await TestDatabase.with(migrated: migrated) { database in
            try await TestDatabase.$scoped.withValue(database) { try await function() }
        }
    }
}

extension Trait where Self == DatabaseTrait {
    /// A migrated database for the suite or test.
    package static var database: Self { DatabaseTrait(migrated: true) }
    /// An empty database for the suite or test.
    package static var emptyDatabase: Self { DatabaseTrait(migrated: false) }
}
