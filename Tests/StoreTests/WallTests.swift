import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// What the roles may do: the engine's only what belongs to the province it named, the feed's only what is published.
@Suite(.database, .timeLimit(.minutes(1)))
struct WallTests {
    @Test func `R24 a transaction of one province neither sees nor writes another`() async throws {
        try await withStore { store, pool in
            let (mine, theirs) = (Fixture.province(), Fixture.province())
            let ids = Fixture.ids(2)
            try await store.seed(mine, [ids[0]])
            try await store.seed(theirs, [ids[1]])
            let seen = try await store.commit(province: mine) {
                try $0.run(DossierStatements.existing, .init(province: theirs, ids: ids))
            }
            #expect(seen == [])
            let error = await #expect(throws: PostgresError.self) {
                try await store.commit(province: mine) { transaction in
                    try transaction.run(SequencerStatements.ensure, 30_111)
                }
            }
            #expect(error?.sqlState == "42501")
            let unnamed = try await pool.withSession {
                try $0.run(DossierStatements.existing, .init(province: theirs, ids: ids))
            }
            #expect(unnamed == [])
            #expect(try await store.dossier(ids[1], province: theirs) != nil)
        }
    }

    private static let named = Statement<Void, String>(
        name: "test_named", sql: "SELECT coalesce(current_setting('motcua.province', true), '')",
        decode: { try $0.text() })

    @Test func `R24 the province is named for the transaction alone, not for the connection's next user`() async throws
    {
        try await withStore(size: 1) { store, pool in
            let province = Fixture.province()
            let ids = Fixture.ids(1)
            try await store.seed(province, ids)
            #expect(try await store.dossier(ids[0], province: province) != nil)
            #expect(try await pool.withSession { try $0.run(Self.named) } == [""])
        }
    }

    private static let unwalled = Statement<Void, String>(
        name: "test_unwalled",
        sql: """
            SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'province'
            WHERE c.relnamespace = 'engine'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND NOT (c.relrowsecurity AND EXISTS (
                    SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'province'))
            ORDER BY 1
            """,
        decode: { try $0.text() })

    @Test func `R24 every table that knows a province stands behind the wall`() async throws {
        try await withStore { _, pool in
            let open = try await pool.withSession { try $0.run(Self.unwalled) }
            // Whoever asks for a token has no province yet.
            #expect(open == ["client"])
        }
    }

    @Test(arguments: [
        "UPDATE engine.event SET kind = 'x'", "DELETE FROM engine.access", "DELETE FROM engine.leaf",
        "UPDATE engine.notice SET body = ''", "DELETE FROM engine.dossier", "DELETE FROM engine.dossier_closed",
        "SELECT * FROM engine.event_2026_04",
        "UPDATE engine.procedure_version SET source = ''", "CREATE TABLE engine.mine (id int)",
        "DELETE FROM public.schema_migration", "UPDATE public.schema_migration SET name = name", "SET ROLE postgres",
    ])
    func `the engine's role may not`(_ sql: String) async throws {
        try await withStore { store, pool in
            try await store.ensureEventMonths(around: Fixture.now)
            let error = await #expect(throws: PostgresError.self) { try await pool.withSession { try $0.execute(sql) } }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func `R6 the feed reads notices and leaves of all provinces, and nothing else`() async throws {
        try await withStore { store, _ in
            let provinces = [Fixture.province(), Fixture.province()]
            for province in provinces {
                let id = Fixture.id()
                try await store.put(province) {
                    $0.newDossiers = [Fixture.new(id)]
                    $0.notices = [Fixture.notice(id, 1)]
                }
                #expect(try await store.sequence(province: province, limit: 10) == 1)
            }
            try await withPool(role: "motcua_feed") { pool in
                let seen = try await pool.withSession {
                    try $0.run(
                        Statement<[Int16], Int16>(
                            name: "test_feed",
                            sql: """
                                SELECT l.province FROM engine.leaf l JOIN engine.notice n USING (province, dossier, number)
                                WHERE l.province = ANY($1::smallint[]) ORDER BY 1
                                """, encode: { $1.int2Array($0) }, decode: { try $0.int2() }), provinces)
                }
                #expect(seen == provinces)
                for sql in [
                    "SELECT * FROM engine.dossier", "SELECT * FROM engine.event", "SELECT * FROM engine.sealed",
                    "SELECT * FROM engine.notice_queue", "INSERT INTO engine.sequencer VALUES (1, 0)",
                    "SELECT engine.provinces_known()", "DELETE FROM engine.notice",
                ] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await pool.withSession { try $0.execute(sql) }
                    }
                    #expect(error?.sqlState == "42501", "\(sql)")
                }
            }
        }
    }
}
