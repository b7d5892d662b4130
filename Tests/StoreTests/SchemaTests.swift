import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// What every table keeps, read from the catalogue of a migrated database.
@Suite(.database, .timeLimit(.minutes(1)))
struct SchemaTests {
    private func names(_ sql: Statement<Void, String>) async throws -> [String] {
        try await withPool(role: "postgres") { pool in try await pool.withSession { try $0.run(sql) } }
    }

    @Test func `province leads every key and index of what belongs to a province`() async throws {
        let wrong = try await names(
            Statement(
                name: "test_index_order",
                sql: """
                    SELECT i.indexrelid::regclass::text
                    FROM pg_index i
                    JOIN pg_class c ON c.oid = i.indrelid
                    JOIN pg_attribute first ON first.attrelid = c.oid AND first.attnum = i.indkey[0]
                    WHERE c.relnamespace = 'engine'::regnamespace AND first.attname <> 'province'
                        AND c.relname NOT IN ('client', 'installation', 'procedure_version', 'workflow_file')
                    """, decode: { try $0.text() }))
        #expect(wrong == [])
    }

    @Test func `every table has a comment`() async throws {
        let bare = try await names(
            Statement(
                name: "test_comments",
                sql: """
                    SELECT c.relname::text
                    FROM pg_class c
                    WHERE c.relnamespace = 'engine'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                        AND obj_description(c.oid) IS NULL
                    """, decode: { try $0.text() }))
        #expect(bare == [])
    }

    @Test func `every table of a province stands behind the wall`() async throws {
        let open = try await names(
            Statement(
                name: "test_walls",
                sql: """
                    SELECT c.relname::text
                    FROM pg_class c
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'province'
                    WHERE c.relnamespace = 'engine'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                        AND NOT c.relrowsecurity
                    """, decode: { try $0.text() }))
        #expect(open == ["client"])
    }

    @Test func `no foreign key and no trigger`() async throws {
        let found = try await names(
            Statement(
                name: "test_triggers",
                sql: """
                    SELECT c.conname::text FROM pg_constraint c
                    WHERE c.connamespace = 'engine'::regnamespace AND c.contype = 'f'
                    UNION ALL
                    SELECT t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                    WHERE c.relnamespace = 'engine'::regnamespace
                    """, decode: { try $0.text() }))
        #expect(found == [])
    }

    @Test(arguments: [
        ("dossier", ["sequence", "fold", "phase", "status", "state", "head", "code"]),
        ("task", ["officer", "claims", "lease_until"]), ("counter", ["last"]), ("sequencer", ["next_n"]),
    ])
    func `no index holds a column that changes with each step`(_ table: String, _ columns: [String]) async throws {
        let definitions = try await withPool(role: "postgres") { pool in
            try await pool.withSession {
                try $0.run(
                    Statement<String, String>(
                        name: "test_index_columns",
                        sql: """
                            SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
                            WHERE i.indrelid = ('engine.' || $1)::regclass
                            """, encode: { $1.text($0) }, decode: { try $0.text() }), table)
            }
        }
        #expect(!definitions.isEmpty)
        for column in columns {
            let word = try Regex("\\b\(column)\\b")
            #expect(definitions.allSatisfy { !$0.split(separator: " USING ")[1].contains(word) }, "\(column)")
        }
    }

    @Test func `a month of the log is made once, by many at the same time`() async throws {
        try await withStore { store, pool in
            let day = try #require(CivilDate("2031-05-17"))
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await pool.withSession { try $0.run(EventStatements.ensureMonth, day) }.first == true
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
        }
    }

    @Test func `a dossier of a month without a partition is stored all the same`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id(milliseconds: 2_000_000_000_000)
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.events = EventRow.chain(
                    previousHead: EventRow.firstHead,
                    events: [EventRow(dossier: id, sequence: 1, recordedAt: Fixture.now, kind: "submitted", body: [1])])
            }
            #expect(try await store.events(of: id, limit: 10, province: province).map(\.sequence) == [1])
        }
    }

    @Test func `the months around a day reach from the last to the second next`() async throws {
        try await withStore { store, pool in
            let day = try #require(CivilDate("2040-01-31"))
            try await store.ensureEventMonths(around: Instant(date: day, time: .midnight))
            let months = try await pool.withSession {
                try $0.run(
                    Statement<Void, String>(
                        name: "test_months",
                        sql: """
                            SELECT c.relname::text FROM pg_class c
                            WHERE c.relispartition AND c.relkind = 'r' AND c.relname ~ '^event_(2039|2040)' ORDER BY 1
                            """, decode: { try $0.text() }))
            }
            #expect(months == ["event_2039_12", "event_2040_01", "event_2040_02", "event_2040_03"])
        }
    }

    @Test(arguments: [("2026-04-30T16:59:59", "2026-04-01"), ("2026-04-30T17:00:00", "2026-05-01")])
    func `the month of receipt is Viet Nam's`(_ utc: String, _ month: String) throws {
        let date = try #require(CivilDate(String(utc.prefix(10))))
        let clock = utc.dropFirst(11).split(separator: ":").compactMap { Int64($0) }
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
        #expect(Fixture.id(milliseconds: seconds * 1_000).receivedMonth == CivilDate(month))
    }
}
