import Postgres

/// How far a province's sequencer has come.
struct LeafHead: Sendable, Equatable {
    let province: Int16
    let lastN: Int64
    /// The engine's clock when this was read, in microseconds since 1970.
    let now: Int64
}

/// One leaf with its notice.
struct Leaf: Sendable, Equatable {
    let n: Int64
    /// When it was sequenced, in microseconds since 1970.
    let sequencedAt: Int64
    /// Nil for a leaf without a notice (heads that moved unseen, R6 and R19).
    let notice: SequencedNotice?
    /// The leaf names a notice that is not there.
    let isBroken: Bool
    /// What the tree takes of it, whatever it is a leaf of.
    let hash: MerkleHash
    /// Salt and head; nil for a leaf without a notice, and once the salt was erased.
    let opening: LeafOpening?
}

/// A notice as the engine stored it.
struct SequencedNotice: Sendable, Equatable {
    let dossier: String
    let number: Int32
    let root: String
    let lookUp: String?
    let body: [UInt8]
}

/// What the feed reads of the engine: `leaf` and `notice`, nothing else.
enum SourceStatements {
    /// The last leaf of each province, by one probe of the key a province.
    static let heads = Statement<Void, LeafHead>(
        name: "feed_source_heads",
        sql: """
            WITH RECURSIVE p (province) AS (
                SELECT min(province) FROM engine.leaf
                UNION ALL
                SELECT (SELECT min(l.province) FROM engine.leaf l WHERE l.province > p.province)
                FROM p WHERE p.province IS NOT NULL
            )
            SELECT p.province, h.n, clock_timestamp()
            FROM p
            CROSS JOIN LATERAL (
                SELECT l.n FROM engine.leaf l WHERE l.province = p.province ORDER BY l.n DESC LIMIT 1
            ) AS h
            ORDER BY p.province
            """,
        decode: { LeafHead(province: try $0.int2(), lastN: try $0.int8(), now: try $0.timestamptz()) })

    /// The leaves from `n` on, in order.
    static let leaves = Statement<(province: Int16, from: Int64, limit: Int32), Leaf>(
        name: "feed_source_leaves",
        sql: """
            SELECT l.n, l.sequenced_at, l.dossier IS NOT NULL, n.dossier::text, n.number::integer, n.root::text,
                n.look_up::text, n.body, l.hash, l.salt, n.head
            FROM engine.leaf l
            LEFT JOIN engine.notice n
                ON n.province = l.province AND n.dossier = l.dossier AND n.number = l.number
            WHERE l.province = $1 AND l.n >= $2
            ORDER BY l.n
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.from)
            $1.int4($0.limit)
        },
        decode: { row in
            let n = try row.int8()
            let sequencedAt = try row.timestamptz()
            let namesNotice = try row.bool()
            let dossier = try row.textOrNull()
            let number = try row.int4OrNull()
            let root = try row.textOrNull()
            let lookUp = try row.textOrNull()
            let body = try row.byteaOrNull()
            guard let hash = MerkleHash(bytes: try row.bytea()) else {
                throw PostgresError(.conversion, "leaf \(n) has a hash that is none")
            }
            let opening = LeafOpening(salt: try row.byteaOrNull(), head: try row.byteaOrNull())
            guard let dossier, let number, let root, let body else {
                return Leaf(
                    n: n, sequencedAt: sequencedAt, notice: nil, isBroken: namesNotice, hash: hash, opening: nil)
            }
            let notice = SequencedNotice(dossier: dossier, number: number, root: root, lookUp: lookUp, body: body)
            return Leaf(
                n: n, sequencedAt: sequencedAt, notice: notice, isBroken: false, hash: hash, opening: opening)
        })
}
