/// Arrays of one dimension, for `unnest($1::int8[], …)`; an empty one is sent as `{}`, a nil element as NULL.
extension Binds {
    /// Adds a `smallint[]`.
    package mutating func int2Array(_ values: [Int16?]) {
        array(.int2Array, .int2, values) { $1.append(bigEndian: $0) }
    }
    /// Adds an `integer[]`.
    package mutating func int4Array(_ values: [Int32?]) {
        array(.int4Array, .int4, values) { $1.append(bigEndian: $0) }
    }
    /// Adds a `bigint[]`.
    package mutating func int8Array(_ values: [Int64?]) {
        array(.int8Array, .int8, values) { $1.append(bigEndian: $0) }
    }
    /// Adds a `boolean[]`.
    package mutating func boolArray(_ values: [Bool?]) {
        array(.boolArray, .bool, values) { $1.append($0 ? 1 : 0) }
    }
    /// Adds a `text[]`.
    package mutating func textArray(_ values: [String?]) {
        array(.textArray, .text, values) { $1.append(contentsOf: $0.utf8) }
    }
    /// Adds a `bytea[]`.
    package mutating func byteaArray(_ values: [[UInt8]?]) {
        array(.byteaArray, .bytea, values) { $1.append(contentsOf: $0) }
    }
    /// Adds a `timestamptz[]` given in microseconds since the UNIX epoch.
    package mutating func timestamptzArray(_ microseconds: [Int64?]) {
        array(.timestamptzArray, .timestamptz, microseconds) { $1.append(bigEndian: Binds.serverTime($0)) }
    }
    /// Adds a `date[]` given in days since the UNIX epoch.
    package mutating func dateArray(_ days: [Int32?]) {
        array(.dateArray, .date, days) { $1.append(bigEndian: Binds.serverDay($0)) }
    }
    /// Adds a `uuid[]`.
    package mutating func uuidArray(_ values: [UUIDValue?]) {
        array(.uuidArray, .uuid, values) { $1.append(uuid: $0) }
    }
    /// Adds a `jsonb[]`, each element the bytes of its JSON text.
    package mutating func jsonbArray(_ json: [[UInt8]?]) {
        array(.jsonbArray, .jsonb, json) { $1.append(jsonb: $0) }
    }

    private mutating func array<Value>(
        _ type: TypeOID, _ element: TypeOID, _ values: [Value?], _ write: (Value, inout [UInt8]) -> Void
    ) {
        add(type, values) { values, bytes in
            bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
            bytes.append(bigEndian: Int32(values.contains { $0 == nil } ? 1 : 0))
            bytes.append(bigEndian: element.rawValue)
            guard !values.isEmpty else { return }
            bytes.append(bigEndian: Int32(clamping: values.count))
            bytes.append(bigEndian: Int32(1))  // the lower bound
            for value in values {
                let header = bytes.count
                bytes.append(bigEndian: Int32(-1))
                guard let value else { continue }
                write(value, &bytes)
                // A clamped length only occurs beyond `sizeLimit`, where the statement is refused before it is sent.
                let length = UInt32(bitPattern: Int32(clamping: bytes.count - header - 4))
                for place in 0..<4 {
                    bytes[header + place] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * place))
                }
            }
        }
    }
}
