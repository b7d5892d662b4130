/// Arrays of one dimension; a NULL array throws `.conversion` (say `coalesce(x, '{}')`), a NULL element is nil.
extension RowCursor {
    /// Reads a `smallint[]`.
    package mutating func int2Array() throws(PostgresError) -> [Int16?] {
        try array(.int2Array, .int2) { cursor, bytes throws(PostgresError) in try cursor.integer(bytes) }
    }
    /// Reads an `integer[]`.
    package mutating func int4Array() throws(PostgresError) -> [Int32?] {
        try array(.int4Array, .int4) { cursor, bytes throws(PostgresError) in try cursor.integer(bytes) }
    }
    /// Reads a `bigint[]`.
    package mutating func int8Array() throws(PostgresError) -> [Int64?] {
        try array(.int8Array, .int8) { cursor, bytes throws(PostgresError) in try cursor.integer(bytes) }
    }
    /// Reads a `boolean[]`.
    package mutating func boolArray() throws(PostgresError) -> [Bool?] {
        try array(.boolArray, .bool) { cursor, bytes throws(PostgresError) in
            guard bytes.count == 1 else { throw cursor.mismatch() }
            return bytes[0] != 0
        }
    }
    /// Reads a `text[]`.
    package mutating func textArray() throws(PostgresError) -> [String?] {
        try array(.textArray, .text) { cursor, bytes throws(PostgresError) in
            guard let text = String(validating: bytes, as: UTF8.self) else { throw cursor.mismatch() }
            return text
        }
    }
    /// Reads a `bytea[]`.
    package mutating func byteaArray() throws(PostgresError) -> [[UInt8]?] {
        try array(.byteaArray, .bytea) { _, bytes throws(PostgresError) in Array(bytes) }
    }
    /// Reads a `timestamptz[]` as microseconds since the UNIX epoch.
    package mutating func timestamptzArray() throws(PostgresError) -> [Int64?] {
        try array(.timestamptzArray, .timestamptz) { cursor, bytes throws(PostgresError) in
            try cursor.microseconds(cursor.integer(bytes))
        }
    }
    /// Reads a `date[]` as days since the UNIX epoch.
    package mutating func dateArray() throws(PostgresError) -> [Int32?] {
        try array(.dateArray, .date) { cursor, bytes throws(PostgresError) in try cursor.days(cursor.integer(bytes)) }
    }
    /// Reads a `uuid[]`.
    package mutating func uuidArray() throws(PostgresError) -> [UUIDValue?] {
        try array(.uuidArray, .uuid) { cursor, bytes throws(PostgresError) in try cursor.uuid(bytes) }
    }
    /// Reads a `jsonb[]`, each element the bytes of its JSON text.
    package mutating func jsonbArray() throws(PostgresError) -> [[UInt8]?] {
        try array(.jsonbArray, .jsonb) { cursor, bytes throws(PostgresError) in try cursor.jsonText(bytes) }
    }

    private mutating func array<Value>(
        _ type: TypeOID, _ element: TypeOID,
        _ read: (RowCursor, UnsafeRawBufferPointer) throws(PostgresError) -> Value
    ) throws(PostgresError) -> [Value?] {
        guard let bytes = try next(type), bytes.count >= 12 else { throw mismatch() }
        func number(at offset: Int) throws(PostgresError) -> Int {
            guard offset >= 0, offset + 4 <= bytes.count else { throw mismatch() }
            return Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        }
        let dimensions = try number(at: 0)
        guard dimensions != 0 else { return [] }
        guard dimensions == 1, try number(at: 8) == Int(element.rawValue) else { throw mismatch() }
        let count = try number(at: 12)
        // Four bytes at least an element: a count that lies cannot make us reserve memory.
        guard count >= 0, count <= bytes.count / 4 else { throw mismatch() }
        var values: [Value?] = []
        values.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            let length = try number(at: offset)
            offset += 4
            guard length >= 0 else {
                values.append(nil)
                continue
            }
            guard offset + length <= bytes.count else { throw mismatch() }
            values.append(try read(self, UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])))
            offset += length
        }
        return values
    }
}
