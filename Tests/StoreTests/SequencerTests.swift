import Dossiers
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import Store

@Suite(.database, .timeLimit(.minutes(1)))
struct SequencerTests {
    struct Leaf: Sendable, Equatable {
        let n: Int64
        let dossier: DossierID
        let number: Int32
        let agrees: Bool
    }

    /// The leaves of a province in order, each with its hash computed anew.
    private static let leaves = Statement<Int16, Leaf>(
        name: "test_leaves",
        sql: """
            SELECT l.n, l.dossier, l.number,
                l.hash = sha256(decode('00', 'hex') || l.salt || sha256(n.body) || n.head) AND octet_length(l.salt) = 16
            FROM engine.leaf l
            JOIN engine.notice n USING (province, dossier, number)
            WHERE l.province = $1 ORDER BY l.n
            """,
        encode: { $1.int2($0) },
        decode: { Leaf(n: try $0.int8(), dossier: try $0.dossier(), number: try $0.int4(), agrees: try $0.bool()) })

    @Test func `a notice that commits late is numbered late, and never passed over`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(2)
            try await store.seed(province, ids)
            let (queued, go) = (Gate(), Gate())
            async let late: Void = store.commit(province: province) { transaction in
                var batch = WriteBatch()
                batch.notices = [Fixture.notice(ids[0], 1)]
                transaction.write(batch)
                try transaction.transaction.sync()
                queued.open()
                #expect(go.wait())
            }
            #expect(await queued.opened())
            try await store.put(province) { $0.notices = [Fixture.notice(ids[1], 1)] }
            #expect(try await store.sequence(province: province, limit: 100) == 1)
            go.open()
            try await late
            #expect(try await store.provincesWithNotices().contains(province))
            #expect(try await store.sequence(province: province, limit: 100, at: Fixture.now) == 1)
            let leaves = try await store.read(province, Self.leaves, province)
            #expect(leaves.map(\.dossier) == [ids[1], ids[0]])
            #expect(leaves.map(\.n) == [0, 1] && leaves.allSatisfy { $0.agrees })
            #expect(try await !store.provincesWithNotices().contains(province))
        }
    }

    @Test func `new dossiers do not wait for a sequencer at work`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let id = Fixture.id()
            try await store.put(province) {
                $0.newDossiers = [Fixture.new(id)]
                $0.notices = [Fixture.notice(id, 1)]
            }
            let (numbered, done) = (Gate(), Gate())
            async let sequencer: Void = store.commit(province: province) { transaction in
                let made = try transaction.sequence(limit: 10, at: nil)
                #expect(made == 1)
                numbered.open()
                #expect(done.wait())
            }
            #expect(await numbered.opened())
            // Would end by `lock_timeout`.
            try await store.seed(province, Fixture.ids(2))
            done.open()
            try await sequencer
        }
    }

    @Test func `two sequencers beside many writers leave no gap and no notice twice`() async throws {
        try await withStore(size: 8) { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(6)
            try await store.seed(province, ids)
            let perWriter: Int32 = 25
            let tally = Tally()
            try await withThrowingTaskGroup(of: Void.self) { sequencers in
                for _ in 0..<2 {
                    sequencers.addTask {
                        var isLast = false
                        while true {
                            let count = try await store.sequence(province: province, limit: 7)
                            tally.count.add(count, ordering: .relaxed)
                            // One more round after the writers' end, so that nothing is left behind.
                            if count == 0, isLast { return }
                            isLast = tally.isDone.load(ordering: .acquiring)
                        }
                    }
                }
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for id in ids {
                        writers.addTask {
                            for number in 1...perWriter {
                                try await store.put(province) { $0.notices = [Fixture.notice(id, number)] }
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                tally.isDone.store(true, ordering: .releasing)
                try await sequencers.waitForAll()
            }
            let leaves = try await store.read(province, Self.leaves, province)
            let total = ids.count * Int(perWriter)
            #expect(tally.count.load(ordering: .relaxed) == total)
            #expect(leaves.map(\.n) == Array(0..<Int64(total)))
            #expect(leaves.allSatisfy { $0.agrees })
            for id in ids {
                #expect(leaves.filter { $0.dossier == id }.map(\.number) == Array(1...perWriter))
            }
        }
    }

    @Test func `changes are told once a dossier, and the cursor moves past what the filter leaves out`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(3)
            try await store.put(province) { batch in
                batch.newDossiers = ids.map { Fixture.new($0) }
                batch.newDossiers[1].centre = "other"
                batch.notices = [
                    Fixture.notice(ids[0], 1), Fixture.notice(ids[1], 1), Fixture.notice(ids[2], 1),
                    Fixture.notice(ids[0], 2),
                ]
            }
            #expect(try await store.sequence(province: province, limit: 3) == 3)
            #expect(try await store.sequence(province: province, limit: 3) == 1)
            #expect(try await store.sequence(province: province, limit: 3) == 0)
            let all = try await store.changedDossiers(after: -1, limit: 10, province: province)
            #expect(all == ChangedDossiers(dossiers: [ids[1], ids[2], ids[0]], last: 3))
            let other = try await store.changedDossiers(after: 1, centre: "other", limit: 1, province: province)
            #expect(other == ChangedDossiers(dossiers: [], last: 2))
            let none = try await store.changedDossiers(after: 3, limit: 10, province: province)
            #expect(none == ChangedDossiers(dossiers: [], last: 3))
        }
    }
}
