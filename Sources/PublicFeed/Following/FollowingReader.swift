import Notices
package import Postgres
import WorkingTime

/// A public stream as a document: the newest entries, or a page that will not change any more.
package struct ChannelDocument: Sendable {
    /// The stream with its name and length.
    package let standing: ChannelStanding
    /// Newest first; never empty.
    package let entries: [CompletionEntry]
    /// Which page this is; nil for the newest entries.
    package let page: Int64?
    /// The page before, with older entries; nil at the beginning of the stream.
    package let older: Int64?
    /// The page after, when it is full; nil for the newest entries.
    package let newer: Int64?
    /// Neither entries nor links will ever change.
    package let isFinal: Bool

    init?(standing: ChannelStanding, asked page: Int64?, entries: [CompletionEntry]) {
        let size = ChannelStanding.pageSize
        if let page {
            guard page >= 0, page < standing.count / size else { return nil }
            newer = page + 1 < standing.count / size ? page + 1 : nil
            isFinal = newer != nil
        } else {
            newer = nil
            isFinal = false
        }
        guard !entries.isEmpty else { return nil }
        self.standing = standing
        self.page = page
        self.entries = entries.sorted { $0.n > $1.n }
        let first = page ?? standing.currentPage
        older = first > 0 ? first - 1 : nil
    }
}

/// Reads the public streams from the feed's database: one bounded query by an index for each document and second, however
/// many ask.
package final class FollowingReader: Sendable {
    private struct Key: Hashable {
        let channel: FeedChannel
        let page: Int64?
    }

    private let feed: ConnectionPool
    private let documents: FreshCache<Key, ChannelDocument>
    private let lists: FreshCache<Int16, [ChannelStanding]>
    private let known: FreshCache<Int16, [Int16]>

    /// A reader that serves what it has for `lifetime` before it asks the database again.
    /// - Parameter documentCountMax: how many documents are remembered; about 30 kB each.
    package init(feed: ConnectionPool, documentCountMax: Int = 500, lifetime: Duration = .seconds(1)) {
        self.feed = feed
        documents = FreshCache(countMax: documentCountMax, lifetime: lifetime)
        lists = FreshCache(countMax: 64, lifetime: lifetime * 10)
        known = FreshCache(countMax: 1, lifetime: lifetime * 10)
    }

    /// A stream's newest entries, or one of its pages; nil when there is no such stream, or the page is not full yet.
    /// - Parameter page: from 0, the oldest; nil for the newest entries.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func document(_ channel: FeedChannel, page: Int64? = nil) async throws -> ChannelDocument? {
        try await documents.value(Key(channel: channel, page: page)) { [feed] known in
            if let known, known.isFinal { return known }
            return try await feed.withSession(timeout: .seconds(5)) { session in
                let rows = try session.run(FollowingReaderStatements.document, (channel: channel, page: page))
                guard let standing = rows.first?.standing else { return nil }
                return ChannelDocument(standing: standing, asked: page, entries: rows.compactMap(\.entry))
            }
        }
    }

    /// A province's streams, for people to choose from: the whole province first, then agencies, then procedures, at
    /// most 1,000; nil for a province of which nothing was told.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func channels(province: Int16) async throws -> [ChannelStanding]? {
        try await lists.value(province) { [feed] _ in
            let rows = try await feed.withSession(timeout: .seconds(5)) {
                try $0.run(FollowingReaderStatements.channels, province)
            }
            return rows.isEmpty ? nil : rows
        }
    }

    /// The provinces that the feed knows, in order.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func provinces() async throws -> [Int16] {
        try await known.value(0) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { try $0.run(FollowingReaderStatements.provinces) }
        } ?? []
    }
}

/// The public readers' statements on the streams, each by an index and with a limit.
enum FollowingReaderStatements {
    /// The stream's standing with each entry of one page, or of the newest 50…99. Of the three branches only the one of
    /// the stream's kind is executed.
    static let document = Statement<
        (channel: FeedChannel, page: Int64?), (standing: ChannelStanding, entry: CompletionEntry?)
    >(
        name: "following_document",
        sql: """
            SELECT c.province, c.kind, c.key, c.count, c.told_at, c.name_vi, c.name_en,
                e.province, e.n, e.legal_code, e.procedure, e.status, e.stage, e.at, e.told_at
            FROM feed.channel c
            JOIN feed.channel_page p ON p.province = c.province AND p.kind = c.kind AND p.key = c.key
                AND p.page = coalesce($4, greatest(c.count / 50 - 1, 0))
            LEFT JOIN LATERAL (
                (SELECT * FROM feed.entry e WHERE $2 = 0 AND e.province = $1 AND e.n >= p.first_n
                ORDER BY e.n LIMIT CASE WHEN $4::bigint IS NULL THEN 99 ELSE 50 END)
                UNION ALL
                (SELECT * FROM feed.entry e WHERE $2 = 1 AND e.province = $1 AND e.agency = $3 AND e.n >= p.first_n
                ORDER BY e.n LIMIT CASE WHEN $4::bigint IS NULL THEN 99 ELSE 50 END)
                UNION ALL
                (SELECT * FROM feed.entry e WHERE $2 = 2 AND e.province = $1 AND e.procedure = $3 AND e.n >= p.first_n
                ORDER BY e.n LIMIT CASE WHEN $4::bigint IS NULL THEN 99 ELSE 50 END)
            ) AS e ON true
            WHERE c.province = $1 AND c.kind = $2 AND c.key = $3
            """,
        encode: {
            $1.int2($0.channel.province)
            $1.int2($0.channel.kindNumber)
            $1.text($0.channel.key)
            $1.int8($0.page)
        },
        decode: { row in (try ChannelStanding(row: &row), try CompletionEntry.read(&row)) })

    static let channels = Statement<Int16, ChannelStanding>(
        name: "following_channels",
        sql: """
            SELECT province, kind, key, count, told_at, name_vi, name_en FROM feed.channel
            WHERE province = $1 ORDER BY kind, key LIMIT 1000
            """,
        encode: { $1.int2($0) }, decode: { try ChannelStanding(row: &$0) })

    static let provinces = Statement<Void, Int16>(
        name: "following_provinces", sql: "SELECT province FROM feed.cursor ORDER BY province",
        decode: { try $0.int2() })

    /// A stream's entries after one place and up to another, in order.
    static let after = Statement<
        (channel: FeedChannel, after: Int64, until: Int64, limit: Int32), CompletionEntry?
    >(
        name: "following_after",
        sql: """
            SELECT e.province, e.n, e.legal_code, e.procedure, e.status, e.stage, e.at, e.told_at FROM (
                (SELECT * FROM feed.entry e WHERE $2 = 0 AND e.province = $1 AND e.n > $4 AND e.n <= $5
                ORDER BY e.n LIMIT $6)
                UNION ALL
                (SELECT * FROM feed.entry e WHERE $2 = 1 AND e.province = $1 AND e.agency = $3
                AND e.n > $4 AND e.n <= $5 ORDER BY e.n LIMIT $6)
                UNION ALL
                (SELECT * FROM feed.entry e WHERE $2 = 2 AND e.province = $1 AND e.procedure = $3
                AND e.n > $4 AND e.n <= $5 ORDER BY e.n LIMIT $6)
            ) AS e
            ORDER BY e.n
            """,
        encode: {
            $1.int2($0.channel.province)
            $1.int2($0.channel.kindNumber)
            $1.text($0.channel.key)
            $1.int8($0.after)
            $1.int8($0.until)
            $1.int4($0.limit)
        },
        decode: { try CompletionEntry.read(&$0) })
}
