import Postgres
import WorkingTime

/// The statements by which the watch sees what changed.
enum WatchStatements {
    /// How far each province is, and its newest checkpoint, each by one probe of a key.
    static let provinces = Statement<Void, WatchedProvince>(
        name: "watch_provinces",
        sql: """
            SELECT c.province, c.next_n, c.caught_up_at, coalesce(
                    (SELECT k.size FROM feed.log_checkpoint k WHERE k.province = c.province ORDER BY k.size DESC LIMIT 1),
                    0),
                (SELECT d.erased_at FROM feed.dossier d WHERE d.province = c.province AND d.erased_at IS NOT NULL
                    ORDER BY d.erased_at DESC LIMIT 1)
            FROM feed.cursor c
            """,
        decode: { row in
            let province = try row.int2()
            let next = try row.int8()
            let caughtUpAt = try row.timestamptzOrNull().map(Instant.init(microseconds:))
            let standing = FeedStanding(caughtUpAt: caughtUpAt, signedSize: try row.int8())
            return WatchedProvince(
                province: province, next: next, erasedUntil: try row.timestamptzOrNull(), standing: standing)
        })

    /// The families of dossiers that were erased since, once for each code that opened them.
    static let erased = Statement<[ErasedSince], ChangedFamily>(
        name: "watch_erased",
        sql: """
            SELECT r.root, f.look_up
            FROM (
                SELECT DISTINCT d.root
                FROM unnest($1::smallint[], $2::timestamptz[]) AS g (province, since)
                JOIN feed.dossier d ON d.province = g.province AND d.erased_at > g.since
            ) AS r
            LEFT JOIN LATERAL (
                SELECT f.look_up FROM feed.dossier f WHERE f.root = r.root AND f.look_up IS NOT NULL OFFSET 0
            ) AS f ON true
            """,
        encode: {
            $1.int2Array($0.map(\.province))
            $1.timestamptzArray($0.map(\.since))
        },
        decode: { ChangedFamily(root: try $0.uuid(), code: try $0.textOrNull()) })

    /// The families of the notices that came, once for each code that opens them; also of dossiers that have a look-up
    /// code in common with one of theirs, which from then on opens nothing. A dossier that took several steps is looked for
    /// once; by keys alone, for the planner believes that a range of unknown ends is half the table.
    static let families = Statement<[NoticeRange], ChangedFamily>(
        name: "watch_families",
        sql: """
            SELECT r.root, f.look_up
            FROM (
                SELECT DISTINCT coalesce(k.root, d.root) AS root
                FROM (
                    SELECT DISTINCT n.province, n.dossier
                    FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS g (province, from_n, until_n)
                    JOIN feed.notice n ON n.province = g.province AND n.n >= g.from_n AND n.n < g.until_n
                ) AS n
                CROSS JOIN LATERAL (
                    SELECT d.root, d.look_up FROM feed.dossier d
                    WHERE d.province = n.province AND d.dossier = n.dossier OFFSET 0
                ) AS d
                LEFT JOIN LATERAL (
                    SELECT k.root FROM feed.dossier k WHERE k.look_up = d.look_up OFFSET 0
                ) AS k ON true
            ) AS r
            LEFT JOIN LATERAL (
                SELECT f.look_up FROM feed.dossier f WHERE f.root = r.root AND f.look_up IS NOT NULL OFFSET 0
            ) AS f ON true
            """,
        encode: {
            $1.int2Array($0.map(\.province))
            $1.int8Array($0.map(\.from))
            $1.int8Array($0.map(\.until))
        },
        decode: { ChangedFamily(root: try $0.uuid(), code: try $0.textOrNull()) })
}
