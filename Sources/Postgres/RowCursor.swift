import CLibpq

/// Reads one row's columns from left to right; each call takes the next column and checks its type.
///
/// A NULL, or another type than asked for, throws `.conversion`; the `…OrNull` forms give nil for NULL.
package struct RowCursor {
    let result: OpaquePointer
    let row: Int32
    private var column: Int32 = 0

    init(result: OpaquePointer, row: Int32) {
        self.result = result
        self.row = row
    }

    /// Reads a `smallint`.
    package mutating func int2() throws(PostgresError) -> Int16 { try required(int2OrNull()) }
    /// Reads a `smallint`, nil for NULL.
    package mutating func int2OrNull() throws(PostgresError) -> Int16? { try integer(.int2) }
    /// Reads an `integer`.
    package mutating func int4() throws(PostgresError) -> Int32 { try required(int4OrNull()) }
    /// Reads an `integer`, nil for NULL.
    package mutating func int4OrNull() throws(PostgresError) -> Int32? { try integer(.int4) }
    /// Reads a `bigint`.
    package mutating func int8() throws(PostgresError) -> Int64 { try required(int8OrNull()) }
    /// Reads a `bigint`, nil for NULL.
    package mutating func int8OrNull() throws(PostgresError) -> Int64? { try integer(.int8) }
    /// Reads a `boolean`.
    package mutating func bool() throws(PostgresError) -> Bool { try required(boolOrNull()) }
    /// Reads a `boolean`, nil for NULL.
    package mutating func boolOrNull() throws(PostgresError) -> Bool? {
        guard let bytes = try next(.bool) else { return nil }
        guard bytes.count == 1 else { throw mismatch() }
        return bytes[0] != 0
    }
    /// Reads a `text`, `varchar`, `name`, `json`, enum or domain over these.
    package mutating func text() throws(PostgresError) -> String { try required(textOrNull()) }
    /// Reads a text, nil for NULL.
    package mutating func textOrNull() throws(PostgresError) -> String? {
        guard let bytes = try next(.text) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw mismatch() }
        return text
    }
    /// Reads a `bytea`.
    package mutating func bytea() throws(PostgresError) -> [UInt8] { try required(byteaOrNull()) }
    /// Reads a `bytea`, nil for NULL.
    package mutating func byteaOrNull() throws(PostgresError) -> [UInt8]? { try next(.bytea).map(Array.init) }
    /// Reads a `timestamptz` as microseconds since the UNIX epoch; ±infinity throws.
    package mutating func timestamptz() throws(PostgresError) -> Int64 { try required(timestamptzOrNull()) }
    /// Reads a `timestamptz` as microseconds since the UNIX epoch, nil for NULL; ±infinity throws.
    package mutating func timestamptzOrNull() throws(PostgresError) -> Int64? {
        guard let raw: Int64 = try integer(.timestamptz) else { return nil }
        return try microseconds(raw)
    }
    /// Reads a `date` as days since the UNIX epoch; ±infinity throws.
    package mutating func date() throws(PostgresError) -> Int32 { try required(dateOrNull()) }
    /// Reads a `date` as days since the UNIX epoch, nil for NULL; ±infinity throws.
    package mutating func dateOrNull() throws(PostgresError) -> Int32? {
        guard let raw: Int32 = try integer(.date) else { return nil }
        return try days(raw)
    }
    /// Reads a `uuid`.
    package mutating func uuid() throws(PostgresError) -> UUIDValue { try required(uuidOrNull()) }
    /// Reads a `uuid`, nil for NULL.
    package mutating func uuidOrNull() throws(PostgresError) -> UUIDValue? {
        guard let bytes = try next(.uuid) else { return nil }
        return try uuid(bytes)
    }
    /// Reads a `jsonb` (or `json`) as the bytes of its JSON text.
    package mutating func jsonb() throws(PostgresError) -> [UInt8] { try required(jsonbOrNull()) }
    /// Reads a `jsonb` (or `json`) as the bytes of its JSON text, nil for NULL.
    package mutating func jsonbOrNull() throws(PostgresError) -> [UInt8]? {
        if PQftype(result, column) == TypeOID.json.rawValue { return try next(.json).map(Array.init) }
        guard let bytes = try next(.jsonb) else { return nil }
        return try jsonText(bytes)
    }
}

extension RowCursor {
    /// The next column's bytes, nil for NULL; they live as long as the result.
    mutating func next(_ type: TypeOID) throws(PostgresError) -> UnsafeRawBufferPointer? {
        let index = column
        column += 1
        guard index < PQnfields(result) else { throw mismatch() }
        let actual = PQftype(result, index)
        guard actual == type.rawValue || (type == .text && RowCursor.isText(actual)) else { throw mismatch() }
        guard PQgetisnull(result, row, index) == 0 else { return nil }
        return UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, index), count: Int(PQgetlength(result, row, index)))
    }

    /// Types whose binary form is their text: name, unknown, char(n), varchar, json, and all that a schema defines (enums).
    private static func isText(_ oid: UInt32) -> Bool {
        oid == 19 || oid == 705 || oid == 1042 || oid == 1043 || oid == TypeOID.json.rawValue || oid >= 16_384
    }

    private mutating func integer<Value: FixedWidthInteger>(_ type: TypeOID) throws(PostgresError) -> Value? {
        guard let bytes = try next(type) else { return nil }
        return try integer(bytes)
    }

    func integer<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) -> Value {
        guard bytes.count == MemoryLayout<Value>.size else { throw mismatch() }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    func microseconds(_ raw: Int64) throws(PostgresError) -> Int64 {
        let (shifted, overflow) = raw.addingReportingOverflow(Binds.epochOffset)
        guard !overflow, raw != .min else { throw mismatch() }
        return shifted
    }

    func days(_ raw: Int32) throws(PostgresError) -> Int32 {
        let (shifted, overflow) = raw.addingReportingOverflow(Binds.epochDays)
        guard !overflow, raw != .min else { throw mismatch() }
        return shifted
    }

    func uuid(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) -> UUIDValue {
        guard bytes.count == 16 else { throw mismatch() }
        return UUIDValue(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    func jsonText(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) -> [UInt8] {
        guard bytes.first == 1 else { throw mismatch() }
        return Array(bytes.dropFirst())
    }

    func mismatch() -> PostgresError {
        let name = PQfname(result, max(0, column - 1)).map { String(cString: $0) } ?? "?"
        return PostgresError(
            .conversion, "column \(column) (\(name)) is missing, NULL or of another type than expected")
    }

    private func required<Value>(_ value: Value?) throws(PostgresError) -> Value {
        guard let value else { throw mismatch() }
        return value
    }
}
