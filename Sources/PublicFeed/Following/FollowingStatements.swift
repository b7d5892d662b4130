import Notices
import Postgres
import WorkingTime

/// The follower's statements on the public streams.
enum FollowingStatements {
    // Joined, so that each is one probe of the key: for `= ANY`, a plan made while the table is small walks the province.
    static let completions = Statement<(province: Int16, dossiers: [String]), ToldCompletion>(
        name: "following_completions",
        sql: """
            SELECT c.dossier::text, c.number, c.status, c.stage
            FROM unnest($2::text[]) AS g (dossier)
            JOIN feed.completion c ON c.province = $1 AND c.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        },
        decode: { row in
            ToldCompletion(
                dossier: try row.text(), number: try row.int4(), status: try row.int2(), stage: try row.text())
        })

    static let standings = Statement<(province: Int16, channels: [FeedChannel]), ChannelStanding>(
        name: "following_standings",
        sql: """
            SELECT c.province, c.kind, c.key, c.count, c.told_at, c.name_vi, c.name_en
            FROM unnest($2::smallint[], $3::text[]) AS g (kind, key)
            JOIN feed.channel c ON c.province = $1 AND c.kind = g.kind AND c.key = g.key
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.channels.map(\.kindNumber))
            $1.textArray($0.channels.map(\.key))
        },
        decode: { try ChannelStanding(row: &$0) })

    static let putCompletions = Statement<(province: Int16, rows: [ToldCompletion]), Void>(
        name: "following_completions_put",
        sql: """
            INSERT INTO feed.completion (province, dossier, number, status, stage)
            SELECT $1, g.dossier::uuid, g.number, g.status, g.stage
            FROM unnest($2::text[], $3::integer[], $4::smallint[], $5::text[]) AS g (dossier, number, status, stage)
            ON CONFLICT (province, dossier) DO UPDATE SET
                number = excluded.number, status = excluded.status, stage = excluded.stage
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.dossier))
            $1.int4Array($0.rows.map(\.number))
            $1.int2Array($0.rows.map(\.status))
            $1.textArray($0.rows.map(\.stage))
        })

    static let addEntries = Statement<[CompletionEntry], Void>(
        name: "following_entries_add",
        sql: """
            INSERT INTO feed.entry (province, n, legal_code, agency, procedure, status, stage, at, told_at)
            SELECT * FROM unnest(
                $1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[],
                $8::timestamptz[], $9::timestamptz[])
            ON CONFLICT DO NOTHING
            """,
        encode: {
            $1.int2Array($0.map(\.province))
            $1.int8Array($0.map(\.n))
            $1.textArray($0.map(\.legalCode.text))
            $1.textArray($0.map(\.agency))
            $1.textArray($0.map(\.procedure))
            $1.int2Array($0.map { Int16($0.status.rawValue) })
            $1.textArray($0.map(\.stage.rawValue))
            $1.timestamptzArray($0.map(\.at.microseconds))
            $1.timestamptzArray($0.map(\.toldAt.microseconds))
        })

    static let putStandings = Statement<[ChannelStanding], Void>(
        name: "following_standings_put",
        sql: """
            INSERT INTO feed.channel AS c (province, kind, key, count, told_at, name_vi, name_en)
            SELECT * FROM unnest(
                $1::smallint[], $2::smallint[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[], $7::text[])
            ON CONFLICT (province, kind, key) DO UPDATE SET
                count = excluded.count, told_at = excluded.told_at, name_vi = excluded.name_vi, name_en = excluded.name_en
            """,
        encode: {
            $1.int2Array($0.map(\.channel.province))
            $1.int2Array($0.map(\.channel.kindNumber))
            $1.textArray($0.map(\.channel.key))
            $1.int8Array($0.map(\.count))
            $1.timestamptzArray($0.map(\.toldAt.microseconds))
            $1.textArray($0.map(\.name?.vi))
            $1.textArray($0.map(\.name?.en))
        })

    static let addPages = Statement<[PageStart], Void>(
        name: "following_pages_add",
        sql: """
            INSERT INTO feed.channel_page (province, kind, key, page, first_n)
            SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::text[], $4::bigint[], $5::bigint[])
            ON CONFLICT DO NOTHING
            """,
        encode: {
            $1.int2Array($0.map(\.channel.province))
            $1.int2Array($0.map(\.channel.kindNumber))
            $1.textArray($0.map(\.channel.key))
            $1.int8Array($0.map(\.page))
            $1.int8Array($0.map(\.firstN))
        })
}

extension ChannelStanding {
    /// The columns province, kind, key, count, told_at, name_vi, name_en.
    init(row: inout RowCursor) throws(PostgresError) {
        let province = try row.int2()
        let kind = try row.int2()
        let key = try row.text()
        guard let channel = FeedChannel(province: province, kindNumber: kind, key: key) else {
            throw PostgresError(.conversion, "feed.channel has a kind \(kind) that this build does not know")
        }
        let count = try row.int8()
        let toldAt = Instant(microseconds: try row.timestamptz())
        let vi = try row.textOrNull()
        let en = try row.textOrNull()
        self.init(channel: channel, count: count, toldAt: toldAt, name: vi.map { LocalText(vi: $0, en: en) })
    }
}

extension CompletionEntry {
    /// The columns province, n, legal_code, procedure, status, stage, at, told_at; nil when the first is NULL (an
    /// outer join), or where this build knows no such status.
    static func read(_ row: inout RowCursor) throws(PostgresError) -> CompletionEntry? {
        let province = try row.int2OrNull()
        let n = try row.int8OrNull()
        let code = try row.textOrNull()
        let procedure = try row.textOrNull()
        let statusNumber = try row.int2OrNull()
        let stage = try row.textOrNull()
        let at = try row.timestamptzOrNull()
        let toldAt = try row.timestamptzOrNull()
        guard let province, let n, let legalCode = code.flatMap(LegalCode.init(typed:)), let procedure,
            let status = statusNumber.flatMap({ NationalStatus(rawValue: Int($0)) }), let at, let toldAt
        else { return nil }
        return CompletionEntry(
            province: province, n: n, legalCode: legalCode, procedure: procedure, status: status,
            stage: stage.flatMap(PublicStage.init(rawValue:)) ?? PublicStage(of: status),
            at: Instant(microseconds: at), toldAt: Instant(microseconds: toldAt))
    }
}
