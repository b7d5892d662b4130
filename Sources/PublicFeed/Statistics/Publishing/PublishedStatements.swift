import Postgres
import WorkingTime

/// A month of a province, by its first day since 1970.
struct MonthKey: Hashable, Sendable {
    let province: Int16
    let month: Int
}

/// How far a province's counters have come, for whoever publishes months of them.
struct PublishingStanding: Hashable, Sendable {
    let province: Int16
    /// The rules by which the counters were made.
    let rules: Int32
    /// The first day of the last month that is published; nil for none.
    let frozen: Int?
    /// How often the counters have changed.
    let changes: Int64
}

/// What is kept beside the tables of a published month.
struct MonthHead: Sendable {
    let month: Int
    /// The last day that the figures tell of.
    var through: Int
    let isSettled: Bool
    /// False after the counters were made anew, until somebody has looked.
    var isChecked: Bool
    let layout: Int64
    /// The province's changes up to which the figures go.
    var changes: Int64
    /// Of the figures that it was computed of.
    let identity: [UInt8]
}

/// A head with what the counters are now, and one of the month's tables; no table where it has none.
struct ToldRow: Sendable {
    let head: MonthHead
    let whole: StatisticRow
    let standing: PublishingStanding
    let table: (key: ToldTable.Key, table: ToldTable)?
}

/// Which tables of a month are read.
enum ToldTables: Hashable, Sendable {
    /// The province's.
    case province
    /// The agencies, and one of them by field.
    case agency(String)
    /// Each agency by procedure.
    case parts
}

/// Statements on what everybody is told of a month.
enum PublishedStatements {
    /// One at a time, here and in other processes. A lock on a table takes no snapshot: whoever waited for it sees what
    /// the one before has kept. Nobody who reads waits for it.
    static let lock = Statement<Void, Void>(
        name: "feed_statistics_month_lock", sql: "LOCK TABLE feed.statistic_month IN SHARE UPDATE EXCLUSIVE MODE")

    static let standings = Statement<Void, PublishingStanding>(
        name: "feed_statistics_publishing",
        sql: "SELECT province, rules, frozen, changes FROM feed.statistic_standing ORDER BY province",
        decode: { try $0.publishingStanding() })

    static let standing = Statement<Int16, PublishingStanding>(
        name: "feed_statistics_publishing_one",
        sql: "SELECT province, rules, frozen, changes FROM feed.statistic_standing WHERE province = $1",
        encode: { $1.int2($0) }, decode: { try $0.publishingStanding() })

    static let heads = Statement<Int16, MonthHead>(
        name: "feed_statistics_month_heads",
        sql: """
            SELECT month, through, is_settled, is_checked, layout, changes, identity
            FROM feed.statistic_month WHERE province = $1
            """,
        encode: { $1.int2($0) }, decode: { try $0.monthHead() })

    static let head = Statement<MonthKey, MonthHead>(
        name: "feed_statistics_month_head",
        sql: """
            SELECT month, through, is_settled, is_checked, layout, changes, identity
            FROM feed.statistic_month WHERE province = $1 AND month = $2
            """,
        encode: { $1.month($0) }, decode: { try $0.monthHead() })

    /// The months in which anything happened.
    static let months = Statement<(province: Int16, through: Int), Int>(
        name: "feed_statistics_months",
        sql: """
            SELECT start FROM feed.statistic
            WHERE province = $1 AND shape = 0 AND scope = '' AND period = 1 AND start <= $2 AND item = ''
            """,
        encode: {
            $1.int2($0.province)
            $1.date(Int32(clamping: $0.through))
        },
        decode: { Int(try $0.date()) })

    /// The field of each procedure as notices name it.
    static let fields = Statement<Int16, (procedure: String, field: String?)>(
        name: "feed_statistics_fields",
        sql: "SELECT key, field FROM feed.statistic_name WHERE province = $1 AND kind = 1",
        encode: { $1.int2($0) }, decode: { (try $0.text(), try $0.textOrNull()) })

    /// In one statement, so that head and tables are of one moment.
    static let told = Statement<(month: MonthKey, layout: Int64, tables: ToldTables), ToldRow>(
        name: "feed_statistics_told",
        sql: """
            SELECT m.month, m.through, m.is_settled, m.is_checked, m.layout, m.changes, m.identity, m.opening, m.period,
                m.province, s.rules, s.frozen, s.changes, t.shape, t.scope, t.items, t.figures
            FROM feed.statistic_month m
            JOIN feed.statistic_standing s ON s.province = m.province
            LEFT JOIN feed.statistic_told t
                ON t.province = m.province AND t.month = m.month AND t.shape = ANY ($4::smallint[])
                AND ($5::text IS NULL OR t.scope = '' OR t.scope = $5)
            WHERE m.province = $1 AND m.month = $2 AND m.layout = $3
            """,
        encode: {
            $1.month($0.month)
            $1.int8($0.layout)
            switch $0.tables {
            case .province:
                $1.shapes([.agency, .field, .procedure])
                $1.text("")
            case .agency(let code):
                $1.shapes([.agency, .agencyField])
                $1.text(code)
            case .parts:
                $1.shapes([.agencyProcedure])
                $1.text(nil)
            }
        },
        decode: { row in
            let head = try row.monthHead()
            let whole = StatisticRow(item: "", opening: try row.measures(), period: try row.measures())
            let standing = try row.publishingStanding()
            guard let number = try row.int2OrNull() else {
                return ToldRow(head: head, whole: whole, standing: standing, table: nil)
            }
            guard let shape = StatisticShape(rawValue: number) else {
                throw PostgresError(.conversion, "feed.statistic_told has a shape that this build does not know")
            }
            let key = ToldTable.Key(shape: shape, scope: try row.text())
            let items = try row.textArray().compactMap { $0 }
            let figures = try row.int8Array()
            guard figures.count == items.count * ToldTable.width else {
                throw PostgresError(
                    .conversion, "feed.statistic_told has a table with other figures than its items have")
            }
            return ToldRow(
                head: head, whole: whole, standing: standing,
                table: (key, ToldTable(items: items, figures: figures)))
        })

    /// What was noted last against a month of a province after it was published, newest first.
    static let lastCorrections = Statement<MonthKey, StatisticCorrection>(
        name: "feed_statistics_last_corrections",
        sql: """
            SELECT c.dated,
                c.received_counter, c.received_online, c.received_post, c.finished_early, c.finished_on_time,
                c.finished_late, c.finished_undated, c.finished_other, c.finished_repeat, c.finished_late_first,
                c.declined, c.net_seconds, c.pending, c.running, c.late, c.waiting, c.waiting_late, c.waiting_other,
                c.waiting_repeat
            FROM feed.statistic_correction c
            WHERE c.province = $1 AND c.shape = 0 AND c.scope = '' AND c.month = $2 AND c.frozen >= $2 AND c.item = ''
            ORDER BY c.dated DESC, c.frozen DESC
            LIMIT 30
            """,
        encode: { $1.month($0) },
        decode: { row in
            StatisticCorrection(
                dated: CivilDate(daysSinceEpoch: Int(try row.date())), item: "", counts: try row.counts())
        })

    /// The figures are the same and what is told of them too: only how far they go is another. An older build did not keep
    /// by which fields it had published.
    static let confirm = Statement<
        (month: MonthKey, head: MonthHead, fields: [(procedure: String, field: String)]), Void
    >(
        name: "feed_statistics_month_confirm",
        sql: """
            UPDATE feed.statistic_month
            SET through = $3, is_checked = true, changes = $4, procedures = coalesce(procedures, $5),
                fields = coalesce(fields, $6)
            WHERE province = $1 AND month = $2
            """,
        encode: {
            $1.month($0.month)
            $1.date(Int32(clamping: $0.head.through))
            $1.int8($0.head.changes)
            $1.textArray($0.fields.map(\.procedure))
            $1.textArray($0.fields.map(\.field))
        })

    /// - `fields`: of each procedure, as what is held back was chosen by.
    static let putHead = Statement<
        (month: MonthKey, head: MonthHead, whole: StatisticRow, fields: [(procedure: String, field: String)]), Void
    >(
        name: "feed_statistics_month_put",
        sql: """
            INSERT INTO feed.statistic_month (
                province, month, through, is_settled, is_checked, layout, changes, identity, opening, period,
                procedures, fields)
            VALUES ($1, $2, $3, $4, true, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (province, month) DO UPDATE SET
                through = excluded.through, is_settled = excluded.is_settled, is_checked = true,
                layout = excluded.layout, changes = excluded.changes, identity = excluded.identity,
                opening = excluded.opening, period = excluded.period,
                procedures = excluded.procedures, fields = excluded.fields
            """,
        encode: {
            $1.month($0.month)
            $1.date(Int32(clamping: $0.head.through))
            $1.bool($0.head.isSettled)
            $1.int8($0.head.layout)
            $1.int8($0.head.changes)
            $1.bytea($0.head.identity)
            $1.int8Array($0.whole.opening.amounts)
            $1.int8Array($0.whole.period.amounts)
            $1.textArray($0.fields.map(\.procedure))
            $1.textArray($0.fields.map(\.field))
        })

    static let clearTold = Statement<MonthKey, Void>(
        name: "feed_statistics_told_clear",
        sql: "DELETE FROM feed.statistic_told WHERE province = $1 AND month = $2", encode: { $1.month($0) })

    static let putTold = Statement<(month: MonthKey, key: ToldTable.Key, table: ToldTable), Void>(
        name: "feed_statistics_told_put",
        sql: """
            INSERT INTO feed.statistic_told (province, month, shape, scope, items, figures)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
        encode: {
            $1.month($0.month)
            $1.int2($0.key.shape.rawValue)
            $1.text($0.key.scope)
            $1.textArray($0.table.items)
            $1.int8Array($0.table.figures)
        })

    static let forget = Statement<MonthKey, Void>(
        name: "feed_statistics_month_forget",
        sql: "DELETE FROM feed.statistic_month WHERE province = $1 AND month = $2", encode: { $1.month($0) })

    /// Lets publishers look at a province's months again.
    static let noteChange = Statement<Int16, Void>(
        name: "feed_statistics_changed",
        sql: "UPDATE feed.statistic_standing SET changes = changes + 1 WHERE province = $1", encode: { $1.int2($0) })

    /// Figures may be others from now on than those that what is told was computed of.
    static let doubt = Statement<Int16, Void>(
        name: "feed_statistics_month_doubt",
        sql: "UPDATE feed.statistic_month SET is_checked = false WHERE province = $1", encode: { $1.int2($0) })
}

extension Binds {
    mutating func month(_ key: MonthKey) {
        int2(key.province)
        date(Int32(clamping: key.month))
    }

    fileprivate mutating func shapes(_ shapes: [StatisticShape]) { int2Array(shapes.map(\.rawValue)) }
}

extension RowCursor {
    mutating func publishingStanding() throws(PostgresError) -> PublishingStanding {
        PublishingStanding(
            province: try int2(), rules: try int4(), frozen: try dateOrNull().map { Int($0) }, changes: try int8())
    }

    mutating func monthHead() throws(PostgresError) -> MonthHead {
        MonthHead(
            month: Int(try date()), through: Int(try date()), isSettled: try bool(), isChecked: try bool(),
            layout: try int8(), changes: try int8(), identity: try bytea())
    }

    mutating func measures() throws(PostgresError) -> StatisticCounts {
        guard let counts = StatisticCounts(try int8Array().compactMap { $0 }) else {
            throw PostgresError(.conversion, "feed.statistic_month has other measures than this build")
        }
        return counts
    }
}
