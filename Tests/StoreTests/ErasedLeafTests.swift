import Dossiers
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// What an erasure promises of the log holds for every notice of the dossier, whenever it gets its leaf.
@Suite(.database, .timeLimit(.minutes(1)))
struct ErasedLeafTests {
    /// Whether the leaves of a dossier have salts, in order; nil for one that was erased without saying when.
    private static let salts = Statement<TaskStatements.Dossier, Bool?>(
        name: "test_salts",
        sql: """
            SELECT CASE WHEN (l.salt IS NULL) = (l.erased_at IS NOT NULL) THEN l.salt IS NOT NULL END
            FROM engine.leaf l WHERE l.province = $1 AND l.dossier = $2 ORDER BY l.number
            """,
        encode: PersonalStatements.dossier, decode: { try $0.boolOrNull() })

    private static let blocked = Statement<Void, Bool>(
        name: "test_blocked",
        sql: """
            SELECT EXISTS (
                SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
            """,
        decode: { try $0.bool() })

    private struct Case {
        let store: DossierStore
        let pool: ConnectionPool
        let province = Fixture.province()
        let ids = Fixture.ids(2)
        var access: AccessRow {
            AccessRow(
                at: Fixture.now, client: "admin", officer: nil, dossiers: [ids[0]], sections: ["*"],
                purpose: "erase/request")
        }

        /// Two dossiers with values of their own, a leaf each, and a notice each that has none yet.
        func begin() async throws {
            try await store.put(province) { batch in
                batch.newDossiers = ids.map { Fixture.new($0) }
                batch.dataKeys = ids.map { DataKeyRow(dossier: $0, wrapped: [7]) }
                batch.notices = ids.map { Fixture.notice($0, 1) }
            }
            #expect(try await store.sequence(province: province, limit: 9) == 2)
            try await store.put(province) { batch in batch.notices = ids.map { Fixture.notice($0, 2) } }
        }

        func erase() async throws {
            #expect(try await store.erasePersonal(of: [ids[0]], recording: access, province: province) == [ids[0]])
        }

        /// Waits until a session of this database waits for a lock.
        func someoneIsBlocked() async throws {
            let deadline = ContinuousClock.now + .seconds(20)
            while try await pool.withSession({ try $0.run(ErasedLeafTests.blocked) }) != [true] {
                try #require(ContinuousClock.now < deadline, "nobody was ever blocked")
            }
        }

        func salts(_ place: Int) async throws -> [Bool?] {
            try await store.read(province, ErasedLeafTests.salts, .init(province: province, dossier: ids[place]))
        }
    }

    @Test func `R6 a notice that gets its leaf after its dossier was erased gets no salt`() async throws {
        try await withStore { store, pool in
            let world = Case(store: store, pool: pool)
            try await world.begin()
            try await world.erase()
            #expect(try await store.sequence(province: world.province, limit: 9) == 2)
            // Also one that was told later.
            try await store.put(world.province) { $0.notices = [Fixture.notice(world.ids[0], 3)] }
            #expect(try await store.sequence(province: world.province, limit: 9) == 1)
            #expect(try await world.salts(0) == [false, false, false])
            #expect(try await world.salts(1) == [true, true])
        }
    }

    @Test func `R6 an erasure waits for the sequencer at work, and takes the salts that it gave`() async throws {
        try await withStore { store, pool in
            let world = Case(store: store, pool: pool)
            try await world.begin()
            let (numbered, done) = (Gate(), Gate())
            async let sequencer: Void = store.commit(province: world.province) { transaction in
                let made = try transaction.sequence(limit: 9, at: nil)
                #expect(made == 2)
                numbered.open()
                #expect(done.wait())
            }
            #expect(await numbered.opened())
            async let erasure: Void = world.erase()
            try await world.someoneIsBlocked()
            done.open()
            try await sequencer
            try await erasure
            #expect(try await world.salts(0) == [false, false])
            #expect(try await world.salts(1) == [true, true])
        }
    }

    @Test func `R6 the sequencer waits for an erasure at work, and gives no salt to what it erased`() async throws {
        try await withStore { store, pool in
            let world = Case(store: store, pool: pool)
            try await world.begin()
            let (erased, done) = (Gate(), Gate())
            async let erasure: Void = store.commit(province: world.province) { transaction in
                _ = try transaction.erasePersonal(of: [world.ids[0]], recording: world.access)
                try transaction.transaction.sync()
                erased.open()
                #expect(done.wait())
            }
            #expect(await erased.opened())
            async let made = store.sequence(province: world.province, limit: 9)
            try await world.someoneIsBlocked()
            done.open()
            try await erasure
            #expect(try await made == 2)
            #expect(try await world.salts(0) == [false, false])
            #expect(try await world.salts(1) == [true, true])
        }
    }
}
