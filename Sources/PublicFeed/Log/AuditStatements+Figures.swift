import Postgres

/// What an audit reads of published months.
extension AuditStatements {
    /// What is kept beside a month's tables, and how the counters stand.
    struct MonthKnown: Sendable {
        let head: MonthHead
        let whole: StatisticRow
        let standing: PublishingStanding
        /// The field of each procedure as it was when it was published; nil for a month of an older build.
        let fields: [(String, String)]?
    }

    static let month = Statement<MonthKey, MonthKnown>(
        name: "feed_audit_month",
        sql: """
            SELECT m.month, m.through, m.is_settled, m.is_checked, m.layout, m.changes, m.identity, m.opening, m.period,
                m.province, s.rules, s.frozen, s.changes, m.procedures IS NOT NULL, coalesce(m.procedures, '{}'),
                coalesce(m.fields, '{}')
            FROM feed.statistic_month m
            JOIN feed.statistic_standing s ON s.province = m.province
            WHERE m.province = $1 AND m.month = $2
            """,
        encode: { $1.month($0) },
        decode: { row in
            let head = try row.monthHead()
            let whole = StatisticRow(item: "", opening: try row.measures(), period: try row.measures())
            let standing = try row.publishingStanding()
            let isKept = try row.bool()
            let procedures = try row.textArray().compactMap { $0 }
            let fields = try row.textArray().compactMap { $0 }
            return MonthKnown(
                head: head, whole: whole, standing: standing, fields: isKept ? Array(zip(procedures, fields)) : nil)
        })

    /// Every table of a month.
    static let told = Statement<MonthKey, (key: ToldTable.Key, table: ToldTable)>(
        name: "feed_audit_told",
        sql: "SELECT shape, scope, items, figures FROM feed.statistic_told WHERE province = $1 AND month = $2",
        encode: { $1.month($0) },
        decode: { row in
            guard let shape = StatisticShape(rawValue: try row.int2()) else {
                throw PostgresError(.conversion, "feed.statistic_told has a shape that this build does not know")
            }
            let key = ToldTable.Key(shape: shape, scope: try row.text())
            return (key, ToldTable(items: try row.textArray().compactMap { $0 }, figures: try row.int8Array()))
        })

    /// The months of which ratings were counted; also those of which only a part is left.
    static let satisfactionMonths = Statement<Int16, Int>(
        name: "feed_audit_satisfaction_months",
        sql: "SELECT DISTINCT month FROM feed.satisfaction WHERE province = $1", encode: { $1.int2($0) },
        decode: { Int(try $0.date()) })
}
