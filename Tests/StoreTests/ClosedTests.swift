import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// R23: ended dossiers move away, and come back for a command.
@Suite(.database, .timeLimit(.minutes(2)))
struct ClosedTests {
    private static let later = Fixture.now.adding(seconds: 100)

    /// Ended dossiers with one event each.
    private static func seed(_ store: DossierStore, _ province: Int16, _ ids: [DossierID]) async throws {
        try await store.put(province) { batch in
            batch.newDossiers = ids.map { id in
                var row = Fixture.new(id)
                row.phase = 2
                row.code = "c-\(id)"
                row.client = "desk"
                row.clientReference = "r-\(id)"
                return row
            }
            batch.events = ids.map { id in
                EventRow.chain(
                    previousHead: EventRow.firstHead,
                    events: [EventRow(dossier: id, sequence: 1, recordedAt: Fixture.now, kind: "ended", body: [1])])[0]
            }
        }
    }

    private static let places = Statement<Int16, String>(
        name: "test_places",
        sql: """
            SELECT 'open ' || d.id FROM engine.dossier d WHERE d.province = $1
            UNION ALL
            SELECT 'closed ' || d.id FROM engine.dossier_closed d WHERE d.province = $1
            ORDER BY 1
            """, encode: { $1.int2($0) }, decode: { try $0.text() })

    private func places(_ store: DossierStore, _ province: Int16) async throws -> Set<String> {
        Set(try await store.read(province, Self.places, province))
    }

    @Test func `R23 what ended long ago moves, page by page; what is open, young or has a message stays`() async throws
    {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(5)
            try await Self.seed(store, province, ids)
            let running = Fixture.id()
            try await store.put(province) { batch in
                batch.newDossiers = [Fixture.new(running)]
                batch.agendaSet = [AgendaRow(dossier: ids[1], key: "m/x/1", dueAt: Fixture.now, payload: [1])]
            }
            #expect(try await store.closeEnded(province: province, before: Fixture.now).moved == 0)
            var (after, moved, pages): (DossierID?, Int, Int) = (nil, 0, 0)
            repeat {
                let page = try await store.closeEnded(province: province, before: Self.later, after: after, limit: 2)
                moved += page.moved
                pages += 1
                after = page.next
            } while after != nil
            #expect(moved == 4 && pages == 4)
            let expected = ids.map { $0 == ids[1] ? "open \($0)" : "closed \($0)" } + ["open \(running)"]
            #expect(try await places(store, province) == Set(expected))
        }
    }

    @Test func `R23 look-ups and lists read closed dossiers as they read open ones`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(3)
            try await Self.seed(store, province, ids)
            let before = try await store.dossier(ids[0], province: province)
            let page = try await store.dossiers(.init(centre: "000.00.01.H17"), limit: 9, province: province)
            #expect(try await store.closeEnded(province: province, before: Self.later).moved == 3)
            let found = try await store.dossier(ids[0], province: province)
            #expect(found == before && found != nil)
            #expect(try await store.dossier(code: "c-\(ids[1])", province: province)?.id == ids[1])
            #expect(
                try await store.dossier(client: "desk", reference: "r-\(ids[2])", province: province)?.id == ids[2])
            #expect(try await store.dossiers(.init(centre: "000.00.01.H17"), limit: 9, province: province) == page)
            // A reference that a closed dossier has is taken.
            let reference = ClientReference(client: "desk", reference: "r-\(ids[2])")
            let loaded = try await store.commit(province: province) {
                try $0.load(dossiers: [], keys: [], references: [reference])
            }
            #expect(loaded.references == [reference: ids[2]])
        }
    }

    @Test func `R23 a command for a closed dossier brings it back under its lock, two at once too`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(2)
            try await Self.seed(store, province, ids)
            _ = try await store.closeEnded(province: province, before: Self.later)
            let sequences = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while true {
                            let sequence = try await store.commit(province: province) { transaction -> Int64? in
                                let loaded = try transaction.load(dossiers: [ids[0]], keys: [])
                                // Held by another is asked again; "not there" would be a lie.
                                guard !loaded.held.contains(ids[0]) else { return nil }
                                let sequence = try #require(loaded.dossiers[ids[0]]).sequence
                                var batch = WriteBatch()
                                batch.updates = [Fixture.update(ids[0], from: sequence)]
                                transaction.write(batch)
                                return sequence
                            }
                            if let sequence { return sequence }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sequences.sorted() == Array(1...8))
            #expect(try await places(store, province) == ["open \(ids[0])", "closed \(ids[1])"])
            // A newcomer is not looked for there, and what is nowhere stays nowhere.
            let none = Fixture.id()
            let loaded = try await store.commit(province: province) {
                try $0.load(dossiers: [none, ids[1]], keys: [], newcomers: [ids[1]])
            }
            #expect(loaded.dossiers.isEmpty && loaded.held.isEmpty)
        }
    }

    @Test func `R23 a dossier that a command holds is not moved under it`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            try await Self.seed(store, province, [id])
            let (held, go) = (Gate(), Gate())
            async let command: Void = store.commit(province: province) { transaction in
                _ = try transaction.load(dossiers: [id], keys: [])
                held.open()
                #expect(go.wait())
                var batch = WriteBatch()
                batch.updates = [Fixture.update(id, from: 1)]
                transaction.write(batch)
            }
            #expect(await held.opened())
            #expect(try await store.closeEnded(province: province, before: Self.later).moved == 0)
            go.open()
            try await command
            #expect(try await places(store, province) == ["open \(id)"])
        }
    }
}
