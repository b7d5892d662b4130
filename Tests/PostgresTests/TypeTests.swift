import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase)
struct TypeTests {
    /// Sends a value, has the server show it as text, and reads it back.
    private func roundTrip<Value: Sendable & Equatable>(
        _ cast: StaticString, _ sql: StaticString, _ value: Value, shown: String?,
        _ encode: @escaping @Sendable (Value, inout Binds) -> Void,
        _ decode: @escaping @Sendable (inout RowCursor) throws -> Value
    ) async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        let statement = Statement<Value, (String?, Value)>(
            name: cast, sql: sql, encode: encode, decode: { (try $0.textOrNull(), try decode(&$0)) })
        let result = await Result { try await pool.withSession { try $0.run(statement, value) } }
        await pool.shutdown()
        let row = try #require(try result.get().first)
        #expect(row.0 == shown)
        #expect(row.1 == value)
    }

    @Test(arguments: [(nil, nil), (0, "0"), (Int64.min, "-9223372036854775808"), (Int64.max, "9223372036854775807")])
    func `int8 goes both ways`(value: Int64?, shown: String?) async throws {
        try await roundTrip(
            "t_int8", "SELECT $1::bigint::text, $1::bigint", value, shown: shown, { $1.int8($0) },
            { try $0.int8OrNull() })
    }

    @Test(arguments: [(nil, nil), (Int32.min, "-2147483648"), (7, "7")])
    func `int4 goes both ways`(value: Int32?, shown: String?) async throws {
        try await roundTrip(
            "t_int4", "SELECT $1::int::text, $1::int", value, shown: shown, { $1.int4($0) }, { try $0.int4OrNull() })
    }

    @Test(arguments: [(nil, nil), (Int16.max, "32767"), (-1, "-1")])
    func `int2 goes both ways`(value: Int16?, shown: String?) async throws {
        try await roundTrip(
            "t_int2", "SELECT $1::smallint::text, $1::smallint", value, shown: shown, { $1.int2($0) },
            { try $0.int2OrNull() })
    }

    @Test(arguments: [(nil, nil), (true, "true"), (false, "false")])
    func `bool goes both ways`(value: Bool?, shown: String?) async throws {
        try await roundTrip(
            "t_bool", "SELECT $1::bool::text, $1::bool", value, shown: shown, { $1.bool($0) }, { try $0.boolOrNull() })
    }

    @Test(arguments: [nil, "", "Nguyễn Thị Ánh", "'; DROP TABLE x; --", "👩‍👧 {\"a\\b\"}"])
    func `text goes both ways`(value: String?) async throws {
        try await roundTrip(
            "t_text", "SELECT $1::text, $1::text", value, shown: value, { $1.text($0) }, { try $0.textOrNull() })
    }

    @Test(arguments: [(nil, nil), ([], "\\x"), ([0, 255, 1], "\\x00ff01")])
    func `bytea goes both ways`(value: [UInt8]?, shown: String?) async throws {
        try await roundTrip(
            "t_bytea", "SELECT $1::bytea::text, $1::bytea", value, shown: shown, { $1.bytea($0) },
            { try $0.byteaOrNull() })
    }

    @Test(arguments: [
        (nil, nil), (0, "1970-01-01 00:00:00+00"), (-1, "1969-12-31 23:59:59.999999+00"),
        (1_714_521_600_000_001, "2024-05-01 00:00:00.000001+00"),
    ])
    func `a timestamptz is microseconds since the UNIX epoch`(value: Int64?, shown: String?) async throws {
        try await roundTrip(
            "t_time", "SELECT $1::timestamptz::text, $1::timestamptz", value, shown: shown, { $1.timestamptz($0) },
            { try $0.timestamptzOrNull() })
    }

    @Test(arguments: [(nil, nil), (0, "1970-01-01"), (-719_162, "0001-01-01"), (19_844, "2024-05-01")])
    func `a date is days since the UNIX epoch`(value: Int32?, shown: String?) async throws {
        try await roundTrip(
            "t_date", "SELECT $1::date::text, $1::date", value, shown: shown, { $1.date($0) }, { try $0.dateOrNull() })
    }

    @Test func `a uuid keeps its byte order`() async throws {
        let value = UUIDValue(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
        try await roundTrip(
            "t_uuid", "SELECT $1::uuid::text, $1::uuid", value, shown: "01234567-89ab-cdef-fedc-ba9876543210",
            { $1.uuid($0) }, { try $0.uuid() })
    }

    @Test func `jsonb is its text`() async throws {
        try await roundTrip(
            "t_jsonb", "SELECT $1::jsonb::text, $1::jsonb", Array(#"{"a": [1, null, "ế"]}"#.utf8),
            shown: #"{"a": [1, null, "ế"]}"#, { $1.jsonb($0) }, { try $0.jsonb() })
    }

    @Test(arguments: [[], [1, nil, -3], [nil]] as [[Int64?]])
    func `int8 arrays go both ways`(values: [Int64?]) async throws {
        let shown = "{\(values.map { $0.map(String.init) ?? "NULL" }.joined(separator: ","))}"
        try await roundTrip(
            "t_int8s", "SELECT $1::bigint[]::text, $1::bigint[]", values, shown: shown, { $1.int8Array($0) },
            { try $0.int8Array() })
        try await roundTrip(
            "t_times", "SELECT NULL::text, $1::timestamptz[]", values, shown: nil, { $1.timestamptzArray($0) },
            { try $0.timestamptzArray() })
    }

    @Test func `arrays of every type go both ways`() async throws {
        try await roundTrip(
            "t_int2s", "SELECT $1::smallint[]::text, $1::smallint[]", [1, nil, -2], shown: "{1,NULL,-2}",
            { $1.int2Array($0) }, { try $0.int2Array() })
        try await roundTrip(
            "t_int4s", "SELECT $1::int[]::text, $1::int[]", [1, nil], shown: "{1,NULL}", { $1.int4Array($0) },
            { try $0.int4Array() })
        try await roundTrip(
            "t_bools", "SELECT $1::bool[]::text, $1::bool[]", [true, nil, false], shown: "{t,NULL,f}",
            { $1.boolArray($0) }, { try $0.boolArray() })
        try await roundTrip(
            "t_texts", "SELECT $1::text[]::text, $1::text[]", ["", nil, "NULL", "a,b\"}"],
            shown: #"{"",NULL,"NULL","a,b\"}"}"#, { $1.textArray($0) }, { try $0.textArray() })
        try await roundTrip(
            "t_byteas", "SELECT $1::bytea[]::text, $1::bytea[]", [[], nil, [1]], shown: #"{"\\x",NULL,"\\x01"}"#,
            { $1.byteaArray($0) }, { try $0.byteaArray() })
        try await roundTrip(
            "t_dates", "SELECT $1::date[]::text, $1::date[]", [0, nil], shown: "{1970-01-01,NULL}",
            { $1.dateArray($0) }, { try $0.dateArray() })
        try await roundTrip(
            "t_uuids", "SELECT NULL::text, $1::uuid[]", [UUIDValue(high: 1, low: 2), nil], shown: nil,
            { $1.uuidArray($0) }, { try $0.uuidArray() })
        try await roundTrip(
            "t_jsonbs", "SELECT $1::jsonb[]::text, $1::jsonb[]", [Array("{}".utf8), nil], shown: "{\"{}\",NULL}",
            { $1.jsonbArray($0) }, { try $0.jsonbArray() })
    }

    @Test func `what does not fit is an error and the connection stays good`() async throws {
        let pool = try TestDatabase.current.pool(size: 1)
        let time = Statement<Int64, Int64>(
            name: "x_time", sql: "SELECT $1::timestamptz", encode: { $1.timestamptz($0) },
            decode: { try $0.timestamptz() })
        let text = Statement<String, String>(
            name: "x_text", sql: "SELECT $1::text", encode: { $1.text($0) }, decode: { try $0.text() })
        let infinite = Statement<Void, Int64>(
            name: "x_infinite", sql: "SELECT 'infinity'::timestamptz", decode: { try $0.timestamptz() })
        let wrong = Statement<Void, Int64>(name: "x_wrong", sql: "SELECT 1::int4", decode: { try $0.int8() })
        let null = Statement<Void, Int64>(name: "x_null", sql: "SELECT NULL::int8", decode: { try $0.int8() })
        let few = Statement<Void, Int64>(
            name: "x_few", sql: "SELECT 1::int8",
            decode: {
                _ = try $0.int8()
                return try $0.int8()
            })
        for extreme in [Int64.min, Int64.min + 946_684_800_000_000] {
            #expect(await code { _ = try await pool.withSession { try $0.run(time, extreme) } } == .server)
        }
        #expect(await code { _ = try await pool.withSession { try $0.run(text, "a\0b") } } == .server)
        for statement in [infinite, wrong, null, few] {
            #expect(await code { _ = try await pool.withSession { try $0.run(statement) } } == .conversion)
        }
        #expect(try await pool.withSession { try $0.run(text, "fine") } == ["fine"])
        await pool.shutdown()
    }
}

extension Result where Failure == any Error {
    /// What an async body gives or throws.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
