import CLibpq

/// One SQL statement with the way its parameters go in and its rows come out; a value, shared by all connections.
///
/// `name` is also the name it is prepared under: one name, one text. SQL is a literal, never built from values.
package struct Statement<Parameters, Row: Sendable>: Sendable {
    /// Identifies the statement in errors, metrics and the prepared-statement cache.
    package let name: StaticString
    /// The text, with `$1::type` wherever the type is not obvious.
    package let sql: StaticString
    /// Appends the parameters, `$1` first.
    package let encode: @Sendable (Parameters, inout Binds) -> Void
    /// Reads one row, its columns in the order of the select list; untyped, so that a closure need not spell its error.
    package let decode: @Sendable (inout RowCursor) throws -> Row

    /// A statement with parameters and rows.
    package init(
        name: StaticString, sql: StaticString,
        encode: @escaping @Sendable (Parameters, inout Binds) -> Void,
        decode: @escaping @Sendable (inout RowCursor) throws -> Row
    ) {
        self.name = name
        self.sql = sql
        self.encode = encode
        self.decode = decode
    }
}

extension Statement where Row == Void {
    /// A statement whose rows, if any, are not read; `Reply.affected` counts them.
    package init(
        name: StaticString, sql: StaticString, encode: @escaping @Sendable (Parameters, inout Binds) -> Void
    ) {
        self.init(name: name, sql: sql, encode: encode) { _ in }
    }
}

extension Statement where Parameters == Void {
    /// A statement without parameters.
    package init(
        name: StaticString, sql: StaticString,
        decode: @escaping @Sendable (inout RowCursor) throws -> Row
    ) {
        self.init(name: name, sql: sql, encode: { _, _ in }, decode: decode)
    }
}

extension Statement where Parameters == Void, Row == Void {
    /// A statement with neither parameters nor rows.
    package init(name: StaticString, sql: StaticString) {
        self.init(name: name, sql: sql, encode: { _, _ in }, decode: { _ in })
    }
}

/// The answer to an enqueued statement; readable after the `sync()` that sent it.
package final class Reply<Row: Sendable> {
    private let decode: @Sendable (inout RowCursor) throws -> Row
    private var outcome: Result<(rows: [Row], affected: Int), PostgresError>

    init(decode: @escaping @Sendable (inout RowCursor) throws -> Row) {
        self.decode = decode
        outcome = .failure(PostgresError(.misuse, "a reply was read before sync()"))
    }

    /// The decoded rows; throws the statement's own error, or `.misuse` before `sync()`.
    package var rows: [Row] { get throws(PostgresError) { try outcome.get().rows } }

    /// The first row, nil when there was none; throws as `rows` does.
    package var first: Row? { get throws(PostgresError) { try outcome.get().rows.first } }

    /// How many rows the statement returned or changed, from its command tag; throws as `rows` does.
    package var affected: Int { get throws(PostgresError) { try outcome.get().affected } }
}

/// What a session hands results to; the other half of `Reply`, without its row type.
protocol ReplyReceiver: AnyObject {
    /// Takes a successful result; returns the error of a row that could not be decoded.
    func receive(_ result: OpaquePointer) -> PostgresError?
    func fail(_ error: PostgresError)
}

extension Reply: ReplyReceiver {
    func receive(_ result: OpaquePointer) -> PostgresError? {
        do {
            var rows: [Row] = []
            let count = PQntuples(result)
            rows.reserveCapacity(Int(count))
            for row in 0..<count {
                var cursor = RowCursor(result: result, row: row)
                rows.append(try decode(&cursor))
            }
            let affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) }
            outcome = .success((rows, affected ?? 0))
            return nil
        } catch {
            let error = error as? PostgresError ?? PostgresError(.conversion, "a row could not be decoded: \(error)")
            outcome = .failure(error)
            return error
        }
    }

    func fail(_ error: PostgresError) { outcome = .failure(error) }
}
