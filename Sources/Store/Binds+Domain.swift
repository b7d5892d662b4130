package import Dossiers
import Postgres
package import WorkingTime

extension UUIDValue {
    init(_ id: DossierID) { self.init(high: id.high, low: id.low) }
}

extension Binds {
    mutating func dossier(_ id: DossierID?) { uuid(id.map(UUIDValue.init)) }
    mutating func dossiers(_ ids: [DossierID?]) { uuidArray(ids.map { $0.map(UUIDValue.init) }) }
    mutating func instant(_ instant: Instant?) { timestamptz(instant?.microseconds) }
    mutating func instants(_ instants: [Instant?]) { timestamptzArray(instants.map { $0?.microseconds }) }
    mutating func day(_ day: CivilDate?) { date(day.map { Int32(clamping: $0.daysSinceEpoch) }) }
    mutating func days(_ days: [CivilDate?]) { dateArray(days.map { $0.map { Int32(clamping: $0.daysSinceEpoch) } }) }
    /// An `integer` from a count of ours; beyond its range the nearest value, which the column's check then refuses.
    mutating func integer(_ value: Int?) { int4(value.map { Int32(clamping: $0) }) }
    /// A `bigint` from an `Int`, which has the same range.
    mutating func bigint(_ value: Int?) { int8(value.map(Int64.init)) }
    mutating func bigints(_ values: [Int?]) { int8Array(values.map { $0.map(Int64.init) }) }
}

extension RowCursor {
    mutating func dossier() throws(PostgresError) -> DossierID {
        let value = try uuid()
        return DossierID(high: value.high, low: value.low)
    }

    mutating func dossierOrNull() throws(PostgresError) -> DossierID? {
        guard let value = try uuidOrNull() else { return nil }
        return DossierID(high: value.high, low: value.low)
    }

    mutating func instant() throws(PostgresError) -> Instant { Instant(microseconds: try timestamptz()) }

    mutating func instantOrNull() throws(PostgresError) -> Instant? {
        try timestamptzOrNull().map(Instant.init(microseconds:))
    }

    mutating func day() throws(PostgresError) -> CivilDate { CivilDate(daysSinceEpoch: Int(try date())) }

    mutating func dayOrNull() throws(PostgresError) -> CivilDate? {
        try dateOrNull().map { CivilDate(daysSinceEpoch: Int($0)) }
    }

    mutating func integer() throws(PostgresError) -> Int { Int(try int4()) }
    mutating func bigint() throws(PostgresError) -> Int { Int(try int8()) }

    /// A `text[]` that has no NULL in it.
    mutating func texts() throws(PostgresError) -> [String] { try textArray().compactMap { $0 } }
}

extension DossierID {
    /// The first day of the month, in Viet Nam, in which the dossier was received: the partition of its events.
    package var receivedMonth: CivilDate {
        let (change, tooFar) = milliseconds.multipliedReportingOverflow(by: 1_000)
        let date = Instant(microseconds: tooFar ? .max : change).date
        return CivilDate(daysSinceEpoch: date.daysSinceEpoch - (date.day - 1))
    }
}
