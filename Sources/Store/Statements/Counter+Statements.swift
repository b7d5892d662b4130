import Postgres
import WorkingTime

enum CounterStatements {
    struct Key: Hashable, Comparable, Sendable {
        let agency: String
        let day: CivilDate

        init(agency: String, day: CivilDate) {
            self.agency = agency
            self.day = day
        }

        init(_ request: CounterRequest) { self.init(agency: request.agency, day: request.day) }

        static func < (left: Key, right: Key) -> Bool { (left.agency, left.day) < (right.agency, right.day) }
    }

    struct Wanted: Sendable {
        let province: Int16
        let rows: [(key: Key, value: Int64)]
    }

    /// Counters are locked in the order of agency and day, in every transaction (R10).
    static let take = Statement<Wanted, (key: Key, last: Int64)>(
        name: "counter_take",
        sql: """
            INSERT INTO engine.counter AS c (province, agency, day, last)
            SELECT $1, w.agency, w.day, w.wanted
            FROM unnest($2::text[], $3::date[], $4::bigint[]) AS w (agency, day, wanted)
            ORDER BY w.agency COLLATE "C", w.day
            ON CONFLICT (province, agency, day) DO UPDATE
            SET last = c.last + excluded.last
            RETURNING c.agency, c.day, c.last
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.key.agency))
            $1.days($0.rows.map(\.key.day))
            $1.int8Array($0.rows.map(\.value))
        },
        decode: { (Key(agency: try $0.text(), day: try $0.day()), try $0.int8()) })
}
