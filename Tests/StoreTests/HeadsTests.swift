import Dossiers
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// R19: the daily leaf of heads that moved without a notice.
@Suite(.database, .timeLimit(.minutes(1)))
struct HeadsTests {
    struct Leaf: Sendable {
        let n: Int64
        let body: [UInt8]?
        let agrees: Bool
    }

    private static let leaves = Statement<Int16, Leaf>(
        name: "test_heads_leaves",
        sql: """
            SELECT l.n, h.body,
                h.body IS NULL OR l.dossier IS NULL AND l.number IS NULL
                    AND l.hash = sha256(decode('00', 'hex') || l.salt || sha256(h.body) || decode(repeat('00', 32), 'hex'))
            FROM engine.leaf l
            LEFT JOIN engine.heads h ON h.province = l.province AND h.n = l.n
            WHERE l.province = $1
            ORDER BY l.n
            """,
        encode: { $1.int2($0) },
        decode: { Leaf(n: try $0.int8(), body: try $0.byteaOrNull(), agrees: try $0.bool()) })

    private static func event(_ id: DossierID, _ sequence: Int64, after head: [UInt8], at: Instant) -> EventRow {
        EventRow.chain(
            previousHead: head,
            events: [
                EventRow(
                    dossier: id, sequence: sequence, recordedAt: at, kind: "claimed", body: Array("\(sequence)".utf8))
            ])[0]
    }

    private static func entries(_ body: [UInt8]) -> Set<[UInt8]> {
        Set(stride(from: 0, to: body.count, by: 48).map { Array(body[$0..<min($0 + 48, body.count)]) })
    }

    private static func entry(_ id: DossierID, _ head: [UInt8]) -> [UInt8] {
        [id.high, id.low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
            + head
    }

    @Test func `R19 heads that moved without a notice get one leaf a day, so that a cut tail shows`() async throws {
        try await withStore { store, _ in
            let province = Fixture.province()
            let ids = Fixture.ids(3).sorted()
            let now = Fixture.now
            let first = ids.map { Self.event($0, 1, after: EventRow.firstHead, at: now) }
            try await store.put(province) { batch in
                batch.newDossiers = zip(ids, first).map { Fixture.new($0, head: $1.hash) }
                batch.events = first
                // The first dossier's head is in a notice.
                var notice = Fixture.notice(ids[0], 1)
                notice.head = first[0].hash
                batch.notices = [notice]
            }
            #expect(try await store.sequence(province: province, limit: 9) == 1)
            let day = now.date
            // An hour later: what was recorded within ten minutes of a reading is in the next leaf again.
            #expect(try await store.sequenceHeads(province: province, day: day, now: now.adding(seconds: 3_600)) == 2)
            #expect(try await store.sequenceHeads(province: province, day: day, now: now.adding(seconds: 3_600)) == nil)
            // Two servers at the same moment make one leaf.
            let next = now.adding(seconds: 86_400)
            let second = Self.event(ids[0], 2, after: first[0].hash, at: next)
            try await store.put(province) { batch in
                var update = Fixture.update(ids[0], from: 1)
                update.head = second.hash
                batch.updates = [update]
                batch.events = [second]
            }
            let made = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await store.sequenceHeads(
                            province: province, day: next.date, now: next.adding(seconds: 3_600))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(made.compactMap { $0 } == [1])
            let leaves = try await store.read(province, Self.leaves, province)
            #expect(leaves.map(\.n) == [0, 1, 2] && leaves.allSatisfy(\.agrees))
            #expect(leaves[0].body == nil)
            let entered = Self.entries(try #require(leaves[1].body))
            #expect(entered == [Self.entry(ids[1], first[1].hash), Self.entry(ids[2], first[2].hash)])
            // Only what moved since: of the others nothing new is to be said.
            #expect(try #require(leaves[2].body) == Self.entry(ids[0], second.hash))
            // A third day on which nothing moved makes no leaf, and the notices' numbers go on behind the heads'.
            let third = next.adding(seconds: 86_400)
            #expect(
                try await store.sequenceHeads(province: province, day: third.date, now: third.adding(seconds: 3_600))
                    == 0)
            try await store.put(province) { $0.notices = [Fixture.notice(ids[1], 1)] }
            #expect(try await store.sequence(province: province, limit: 9) == 1)
            #expect(try await store.read(province, Self.leaves, province).map(\.n) == [0, 1, 2, 3])
            let changes = try await store.changedDossiers(after: -1, limit: 9, province: province)
            #expect(changes.dossiers == [ids[0], ids[1]] && changes.last == 3)
        }
    }
}
