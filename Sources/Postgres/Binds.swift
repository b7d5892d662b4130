/// The parameters of one execution, already in PostgreSQL's binary form: `$1` first.
///
/// `nil` is SQL NULL. What cannot be sent (over 1 GB) is noted and refused when the statement runs.
package struct Binds {
    private(set) var bytes: [UInt8] = []
    /// Where each parameter's bytes lie in `bytes`; nil for NULL.
    private(set) var ranges: [Range<Int>?] = []
    private(set) var types: [UInt32] = []
    private(set) var isTooLarge = false

    /// No parameters.
    package init() {}

    /// PostgreSQL's own limit on one value, in bytes.
    static let sizeLimit = 1 << 30
    /// 2000-01-01 UTC, PostgreSQL's zero, in microseconds since the UNIX epoch.
    static let epochOffset: Int64 = 946_684_800_000_000
    /// The same in days.
    static let epochDays: Int32 = 10_957

    /// Adds a `smallint`.
    package mutating func int2(_ value: Int16?) { add(.int2, value) { $1.append(bigEndian: $0) } }
    /// Adds an `integer`.
    package mutating func int4(_ value: Int32?) { add(.int4, value) { $1.append(bigEndian: $0) } }
    /// Adds a `bigint`.
    package mutating func int8(_ value: Int64?) { add(.int8, value) { $1.append(bigEndian: $0) } }
    /// Adds a `boolean`.
    package mutating func bool(_ value: Bool?) { add(.bool, value) { $1.append($0 ? 1 : 0) } }
    /// Adds a `text`; the server refuses U+0000 in it (22021).
    package mutating func text(_ value: String?) { add(.text, value) { $1.append(contentsOf: $0.utf8) } }
    /// Adds a `bytea`.
    package mutating func bytea(_ value: [UInt8]?) { add(.bytea, value) { $1.append(contentsOf: $0) } }
    /// Adds a `timestamptz` given in microseconds since the UNIX epoch; out of range is refused by the server (22008).
    package mutating func timestamptz(_ microseconds: Int64?) {
        add(.timestamptz, microseconds) { $1.append(bigEndian: Binds.serverTime($0)) }
    }
    /// Adds a `date` given in days since the UNIX epoch; out of range is refused by the server (22008).
    package mutating func date(_ days: Int32?) { add(.date, days) { $1.append(bigEndian: Binds.serverDay($0)) } }
    /// Adds a `uuid`.
    package mutating func uuid(_ value: UUIDValue?) { add(.uuid, value) { $1.append(uuid: $0) } }
    /// Adds a `jsonb` given as the bytes of its JSON text, which the server checks.
    package mutating func jsonb(_ json: [UInt8]?) { add(.jsonb, json) { $1.append(jsonb: $0) } }

    static func serverTime(_ microseconds: Int64) -> Int64 {
        let (shifted, overflow) = microseconds.subtractingReportingOverflow(epochOffset)
        // Int64.min would be read as -infinity; the value beside it is refused as out of range.
        return overflow || shifted == .min ? .min + 1 : shifted
    }

    static func serverDay(_ days: Int32) -> Int32 {
        let (shifted, overflow) = days.subtractingReportingOverflow(epochDays)
        return overflow || shifted == .min ? .min + 1 : shifted
    }

    mutating func add<Value>(_ type: TypeOID, _ value: Value?, _ write: (Value, inout [UInt8]) -> Void) {
        types.append(type.rawValue)
        guard let value else {
            ranges.append(nil)
            return
        }
        let start = bytes.count
        write(value, &bytes)
        if bytes.count - start > Binds.sizeLimit || bytes.count > Int(Int32.max) { isTooLarge = true }
        ranges.append(start..<bytes.count)
    }
}

/// A `uuid` column's 16 bytes, most significant first.
package struct UUIDValue: Sendable, Hashable {
    /// The first eight bytes, big-endian.
    package var high: UInt64
    /// The last eight bytes, big-endian.
    package var low: UInt64

    /// A value from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The text that PostgreSQL gives it: lower case, with hyphens.
    package var text: String {
        String(unsafeUninitializedCapacity: 36) { bytes in
            var place = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    bytes[place] = UInt8(ascii: "-")
                    place += 1
                }
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index & 15))) & 0x0F
                bytes[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                place += 1
            }
            return place
        }
    }
}

/// The object identifiers of the built-in types that we send and read, from `pg_type.dat`.
enum TypeOID: UInt32 {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case json = 114
    case date = 1082
    case timestamptz = 1184
    case uuid = 2950
    case jsonb = 3802
    case boolArray = 1000
    case byteaArray = 1001
    case int2Array = 1005
    case int4Array = 1007
    case textArray = 1009
    case int8Array = 1016
    case dateArray = 1182
    case timestamptzArray = 1185
    case uuidArray = 2951
    case jsonbArray = 3807
}

extension [UInt8] {
    mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    mutating func append(uuid value: UUIDValue) {
        append(bigEndian: value.high)
        append(bigEndian: value.low)
    }

    mutating func append(jsonb json: [UInt8]) {
        append(1)  // the version of jsonb's binary form
        append(contentsOf: json)
    }
}
