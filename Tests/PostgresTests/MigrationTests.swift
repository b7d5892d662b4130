import CSchema
import Glibc
import Postgres
import TestSupport
import Testing

@Suite struct MigrationTests {
    private let first = Migration(
        number: 1, name: "0001_first.sql", sql: "CREATE TABLE a (id int); CREATE TABLE b (id int)")
    private let second = Migration(number: 2, name: "0002_second.sql", sql: "ALTER TABLE a ADD COLUMN more text")

    private func apply(_ migrations: [Migration], _ database: TestDatabase, set: String = "engine") async throws
        -> [String]
    {
        try await Migrations.apply(migrations, set: set, to: database.configuration, logger: TestDatabase.logger)
    }

    private func expectApplied(
        _ names: [String], from migrations: [Migration], set: String = "engine", in database: TestDatabase
    ) async throws {
        let applied = try await apply(migrations, database, set: set)
        #expect(applied == names)
    }

    private func expectRefused(_ migrations: [Migration], saying words: String, in database: TestDatabase) async throws
    {
        let line = try await refusal(of: migrations, database)
        #expect(line.contains(words))
    }

    /// The error's line for a run that must fail, after which the database is as it was before.
    private func refusal(of migrations: [Migration], _ database: TestDatabase) async throws -> String {
        let before = try await tables(database)
        let error = await #expect(throws: MigrationError.self) { try await apply(migrations, database) }
        let after = try await tables(database)
        #expect(before == after)
        return error?.description ?? ""
    }

    private func tables(_ database: TestDatabase) async throws -> [String] {
        let list = Statement<Void, String>(
            name: "columns",
            sql: """
                SELECT table_name || '.' || column_name FROM information_schema.columns
                WHERE table_schema = 'public' ORDER BY 1
                """, decode: { try $0.text() })
        let pool = database.pool(size: 1)
        let result = await Result { try await pool.withSession { try $0.run(list) } }
        await pool.shutdown()
        return try result.get()
    }

    @Test func `what is missing is applied, once, in order, and sets are kept apart`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            try await expectApplied(["0001_first.sql"], from: [first], in: database)
            try await expectApplied(["0002_second.sql"], from: [first, second], in: database)
            try await expectApplied([], from: [first, second], in: database)
            let other = Migration(number: 1, name: "0001_feed.sql", sql: "CREATE TABLE feed (id int)")
            try await expectApplied(["0001_feed.sql"], from: [other], set: "feed", in: database)
            let columns = try await tables(database)
            #expect(columns.contains("a.more"))
        }
    }

    @Test func `changed, missing, renamed and late ones are refused`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            _ = try await apply([first, second], database)
            let changed = Migration(number: 1, name: first.name, sql: first.sql + " ")
            let renamed = Migration(number: 1, name: "0001_other.sql", sql: first.sql)
            let third = Migration(number: 3, name: "0003_third.sql", sql: "CREATE TABLE c (id int)")
            try await expectRefused([changed, second, third], saying: "changed", in: database)
            try await expectRefused([second, third], saying: "missing", in: database)
            try await expectRefused([renamed, second, third], saying: "named", in: database)
            try await expectRefused([second, first, third], saying: "higher number", in: database)
            let late = Migration(number: 0, name: "0000_late.sql", sql: "CREATE TABLE z (id int)")
            try await expectRefused([late, first, second], saying: "higher number", in: database)
        }
    }

    @Test func `one that fails leaves the database as it was`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            _ = try await apply([first], database)
            let broken = Migration(number: 2, name: "0002_broken.sql", sql: "CREATE TABLE c (id int); SELECT 1/0")
            try await expectRefused([first, broken], saying: "0002_broken.sql", in: database)
            let ends = Migration(number: 2, name: "0002_ends.sql", sql: "SELECT 1; COMMIT; BEGIN")
            try await expectRefused([first, ends], saying: "ends its transaction", in: database)
            try await expectApplied(["0002_second.sql"], from: [first, second], in: database)
        }
    }

    @Test func `what is missing or changed is seen without changing anything`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            func seen(_ given: [Migration]) async throws -> String {
                do {
                    try await Migrations.verify(given, in: database.configuration, logger: TestDatabase.logger)
                    return "as it should be"
                } catch let error as MigrationError { return error.description }
            }
            try await expectApplied(["0001_first.sql"], from: [first], in: database)
            let before = try await tables(database)
            let changed = Migration(number: 1, name: "0001_first.sql", sql: "CREATE TABLE other (id int)")
            #expect(try await seen([first]) == "as it should be")
            #expect(try await seen([first, second]) == "0002_second.sql is not applied yet")
            #expect(try await seen([changed]).contains("was changed"))
            #expect(try await seen([]).contains("missing here"))
            #expect(try await tables(database) == before)
        }
    }

    @Test func `two migrators at once apply each once`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            let list = (1...10).map {
                Migration(number: $0, name: "\($0)_t.sql", sql: "SELECT pg_sleep(0.01); CREATE TABLE t\($0) (id int)")
            }
            async let one = apply(list, database)
            async let two = apply(list, database)
            let applied = try await one + two
            #expect(applied.sorted() == list.map(\.name).sorted())
        }
    }

    @Test func `the embedded schema is the folder Schema`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let embedded = (0..<schema_file_count()).compactMap { schema_file_name($0).map { String(cString: $0) } }
        let files = sqlFiles(in: "/\(root)/Schema", below: "")
        try #require(!files.isEmpty)
        #expect(embedded.sorted() == files.sorted(), "add the file to Sources/CSchema/schema.c")
        for index in 0..<schema_file_count() {
            let name = try #require(schema_file_name(index).map { String(cString: $0) })
            let text = try #require(schema_file_text(index).map { String(cString: $0) })
            let isSame = Array(text.utf8) == bytes(of: "/\(root)/Schema/\(name)")
            #expect(isSame, "\(name) differs: build again")
        }
        for folder in ["", "feed"] {
            let numbers = TestDatabase.migrations(folder: folder).map(\.number)
            #expect(numbers == numbers.sorted())
        }
    }

    @Test func `the embedded schema migrates an empty database`() async throws {
        try await TestDatabase.with { database in
            let applied = try await Migrations.apply(
                TestDatabase.migrations(), to: database.configuration, logger: TestDatabase.logger)
            #expect(applied == [], "the template has them all")
        }
    }

    private func sqlFiles(in folder: String, below prefix: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".sql") { names.append(prefix + name) }
            if entry.pointee.d_type == UInt8(DT_DIR), !name.hasPrefix(".") {
                names += sqlFiles(in: "\(folder)/\(name)", below: "\(prefix)\(name)/")
            }
        }
        return names
    }

    private func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&buffer, 1, buffer.count, file)
        return Array(buffer.prefix(count))
    }
}
