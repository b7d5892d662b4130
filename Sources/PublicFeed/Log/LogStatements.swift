import Postgres

/// The right edge of a province's tree as it is stored.
struct TreeRow: Sendable {
    let size: Int64
    let peaks: [UInt8]
}

/// New hashes of one tile, behind those that it has.
struct TileRow: Sendable {
    let tile: LogTile
    var hashes: [UInt8]
}

/// A checkpoint as it was signed.
struct CheckpointRow: Sendable {
    let size: Int64
    let note: String
}

/// How a leaf's content is told: nothing of the opening once it was erased.
struct ReceiptRow: Sendable {
    let province: Int16
    let n: Int64
    let dossier: String
    let number: Int32
    let body: [UInt8]
    let salt: [UInt8]?
    let head: [UInt8]?

    /// The same leaf without what opens it.
    var closed: ReceiptRow {
        ReceiptRow(province: province, n: n, dossier: dossier, number: number, body: [], salt: nil, head: nil)
    }
}

/// The log's statements on the feed's database.
enum LogStatements {
    typealias Place = (province: Int16, size: Int64)

    static let tree = Statement<Int16, TreeRow>(
        name: "feed_log_tree", sql: "SELECT size, peaks FROM feed.log_tree WHERE province = $1",
        encode: { $1.int2($0) }, decode: { TreeRow(size: try $0.int8(), peaks: try $0.bytea()) })

    static let trees = Statement<Void, Int16>(
        name: "feed_log_trees", sql: "SELECT province FROM feed.log_tree ORDER BY province", decode: { try $0.int2() })

    static let putTree = Statement<(province: Int16, tree: TreeRow), Void>(
        name: "feed_log_tree_put",
        sql: """
            INSERT INTO feed.log_tree (province, size, peaks) VALUES ($1, $2, $3)
            ON CONFLICT (province) DO UPDATE SET size = excluded.size, peaks = excluded.peaks
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.tree.size)
            $1.bytea($0.tree.peaks)
        })

    static let dropTiles = Statement<Int16, Void>(
        name: "feed_log_tiles_drop", sql: "DELETE FROM feed.log_tile WHERE province = $1", encode: { $1.int2($0) })

    static let appendTiles = Statement<(province: Int16, tiles: [TileRow]), Void>(
        name: "feed_log_tiles_append",
        sql: """
            INSERT INTO feed.log_tile AS t (province, level, tile, hashes)
            SELECT $1, g.level, g.tile, g.hashes
            FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS g (level, tile, hashes)
            ON CONFLICT (province, level, tile) DO UPDATE SET hashes = t.hashes || excluded.hashes
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.tiles.map { Int16(clamping: $0.tile.level) })
            $1.int8Array($0.tiles.map(\.tile.place))
            $1.byteaArray($0.tiles.map(\.hashes))
        })

    static let tile = Statement<(province: Int16, tile: LogTile), [UInt8]>(
        name: "feed_log_tile",
        sql: "SELECT hashes FROM feed.log_tile WHERE province = $1 AND level = $2 AND tile = $3",
        encode: {
            $1.int2($0.province)
            $1.int2(Int16(clamping: $0.tile.level))
            $1.int8($0.tile.place)
        },
        decode: { try $0.bytea() })

    /// No row when another key signs this tree.
    static let claimTree = Statement<(province: Int16, signer: String), Bool>(
        name: "feed_log_claim",
        sql: """
            UPDATE feed.log_tree SET signer = $2
            WHERE province = $1 AND (signer IS NULL OR signer = $2)
            RETURNING true
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.signer)
        },
        decode: { try $0.bool() })

    static let newestCheckpoint = Statement<Int16, CheckpointRow>(
        name: "feed_log_checkpoint_newest",
        sql: "SELECT size, note FROM feed.log_checkpoint WHERE province = $1 ORDER BY size DESC LIMIT 1",
        encode: { $1.int2($0) }, decode: { CheckpointRow(size: try $0.int8(), note: try $0.text()) })

    static let checkpoint = Statement<Place, CheckpointRow>(
        name: "feed_log_checkpoint",
        sql: "SELECT size, note FROM feed.log_checkpoint WHERE province = $1 AND size = $2",
        encode: place, decode: { CheckpointRow(size: try $0.int8(), note: try $0.text()) })

    static let cosignedCheckpoint = Statement<Int16, CheckpointRow>(
        name: "feed_log_checkpoint_cosigned",
        sql: """
            SELECT c.size, c.note FROM feed.log_checkpoint c
            WHERE c.province = $1 AND c.size = (SELECT max(s.size) FROM feed.log_cosignature s WHERE s.province = $1)
            """,
        encode: { $1.int2($0) }, decode: { CheckpointRow(size: try $0.int8(), note: try $0.text()) })

    static let addCheckpoint = Statement<(place: Place, note: String), Void>(
        name: "feed_log_checkpoint_add",
        sql: """
            INSERT INTO feed.log_checkpoint (province, size, note) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
            """,
        encode: {
            place($0.place, &$1)
            $1.text($0.note)
        })

    /// Those that no witness signed, a week later; never the newest.
    static let forgetCheckpoints = Statement<Place, Void>(
        name: "feed_log_checkpoints_forget",
        sql: """
            DELETE FROM feed.log_checkpoint c
            WHERE c.province = $1 AND c.size < $2 AND c.signed_at < now() - interval '7 days'
                AND NOT EXISTS (SELECT FROM feed.log_cosignature s WHERE s.province = c.province AND s.size = c.size)
            """,
        encode: place)

    static let cosignatures = Statement<Place, String>(
        name: "feed_log_cosignatures",
        sql: "SELECT line FROM feed.log_cosignature WHERE province = $1 AND size = $2 ORDER BY witness",
        encode: place, decode: { try $0.text() })

    /// The first of a witness stands: a later one says nothing more.
    static let addCosignature = Statement<(place: Place, witness: String, line: String), Void>(
        name: "feed_log_cosignature_add",
        sql: """
            INSERT INTO feed.log_cosignature (province, size, witness, line) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """,
        encode: {
            place($0.place, &$1)
            $1.text($0.witness)
            $1.text($0.line)
        })

    /// The leaves of dossiers, in order, at most `limit`.
    static let receipt = Statement<(dossiers: [(province: Int16, dossier: String)], limit: Int32), ReceiptRow>(
        name: "feed_log_receipt",
        sql: """
            SELECT n.province, n.n, n.dossier::text, n.number, n.body, n.salt, n.head
            FROM unnest($1::smallint[], $2::text[]) AS g (province, dossier)
            JOIN feed.notice n ON n.province = g.province AND n.dossier = g.dossier::uuid
            ORDER BY n.province, n.n
            LIMIT $3
            """,
        encode: {
            $1.int2Array($0.dossiers.map(\.province))
            $1.textArray($0.dossiers.map(\.dossier))
            $1.int4($0.limit)
        },
        decode: { row in
            ReceiptRow(
                province: try row.int2(), n: try row.int8(), dossier: try row.text(), number: try row.int4(),
                body: try row.bytea(), salt: try row.byteaOrNull(), head: try row.byteaOrNull())
        })

    private static let place: @Sendable (Place, inout Binds) -> Void = {
        $1.int2($0.province)
        $1.int8($0.size)
    }
}
