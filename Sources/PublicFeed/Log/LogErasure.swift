import Postgres

/// Takes over from the engine which salts were erased: without salt and head a leaf says nothing any more, and stands in
/// every proof as before. What nobody can prove any more is not shown either: the dossier's picture goes with them, and how
/// its people were served as they said.
enum LogErasure {
    /// An erasure that was committed a little later than it says is not missed.
    private static let overlapMicroseconds: Int64 = 60_000_000

    /// Erases in the feed what was erased in the engine since the last time.
    /// - Returns: how many leaves lost their opening now.
    static func takeOver(_ province: Int16, from source: ConnectionPool, to feed: ConnectionPool) async throws -> Int {
        let until = try await feed.withSession { try $0.run(ErasureStatements.until, province).first ?? nil } ?? 0
        var after = (at: until - overlapMicroseconds, n: Int64(-1))
        var count = 0
        while true {
            let place = (province: province, at: after.at, n: after.n)
            let erased = try await source.withSession { try $0.run(ErasureStatements.erased, place) }
            guard let last = erased.last else { return count }
            after = (last.at, last.n)
            count += try await feed.transaction { transaction in
                // A follower that adds a notice of the dossier meanwhile would write a picture of what was there before.
                _ = try transaction.run(FeedStatements.lockCursor, province)
                let changed = try transaction.run(ErasureStatements.erase, (province: province, leaves: erased))
                let dossiers = Set(changed).sorted()
                try PictureKeeper.renew(dossiers, of: province, in: transaction)
                _ = transaction.enqueue(ErasureStatements.stamp, (province: province, dossiers: dossiers))
                _ = transaction.enqueue(
                    RatingStatements.erase, (province: province, dossiers: Set(erased.map(\.dossier)).sorted()))
                _ = transaction.enqueue(ErasureStatements.noteUntil, (province: province, at: last.at))
                try transaction.sync()
                return changed.count
            }
        }
    }
}

/// A leaf whose salt was erased.
struct ErasedLeaf: Sendable {
    let n: Int64
    let dossier: String
    let number: Int32
    /// The engine's clock, in microseconds since 1970.
    let at: Int64
}

enum ErasureStatements {
    static let erased = Statement<(province: Int16, at: Int64, n: Int64), ErasedLeaf>(
        name: "feed_source_erased",
        sql: """
            SELECT l.n, l.dossier::text, l.number::integer, l.erased_at
            FROM engine.leaf l
            WHERE l.province = $1 AND l.erased_at IS NOT NULL AND (l.erased_at, l.n) > ($2, $3)
                AND l.dossier IS NOT NULL
            ORDER BY l.erased_at, l.n
            LIMIT 500
            """,
        encode: {
            $1.int2($0.province)
            $1.timestamptz($0.at)
            $1.int8($0.n)
        },
        decode: { row in
            ErasedLeaf(
                n: try row.int8(), dossier: try row.text(), number: try row.int4(), at: try row.timestamptz())
        })

    static let until = Statement<Int16, Int64?>(
        name: "feed_log_erased_until", sql: "SELECT erased_until FROM feed.log_tree WHERE province = $1",
        encode: { $1.int2($0) }, decode: { try $0.timestamptzOrNull() })

    /// Gives back the dossier of each leaf that lost its opening.
    static let erase = Statement<(province: Int16, leaves: [ErasedLeaf]), String>(
        name: "feed_log_erase",
        sql: """
            UPDATE feed.notice n SET salt = NULL, head = NULL
            FROM unnest($2::text[], $3::integer[]) AS g (dossier, number)
            WHERE n.province = $1 AND n.dossier = g.dossier::uuid AND n.number = g.number AND n.salt IS NOT NULL
            RETURNING n.dossier::text
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.leaves.map(\.dossier))
            $1.int4Array($0.leaves.map(\.number))
        },
        decode: { try $0.text() })

    /// By this a watch sees what went. Whoever calls holds the province's cursor, so that times only grow.
    static let stamp = Statement<(province: Int16, dossiers: [String]), Void>(
        name: "feed_erased_stamp",
        sql: """
            UPDATE feed.dossier d SET erased_at = greatest(clock_timestamp(), s.last + interval '1 microsecond')
            FROM unnest($2::text[]) AS g (dossier), (
                SELECT coalesce(max(e.erased_at), '-infinity') AS last
                FROM feed.dossier e WHERE e.province = $1 AND e.erased_at IS NOT NULL
            ) AS s
            WHERE d.province = $1 AND d.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        })

    static let noteUntil = Statement<(province: Int16, at: Int64), Void>(
        name: "feed_log_erased_note",
        sql: "UPDATE feed.log_tree SET erased_until = greatest(erased_until, $2) WHERE province = $1",
        encode: {
            $1.int2($0.province)
            $1.timestamptz($0.at)
        })
}
