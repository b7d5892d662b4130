import CLibpq
import Glibc

/// Outside the pipeline: text of many commands, COPY, and the checks at connect.
extension Session {
    /// Sends `sql` by the simple protocol and reads to the end, whatever failed; throws the first error.
    func simple(_ sql: String, _ each: (OpaquePointer) throws(PostgresError) -> Void) throws(PostgresError) {
        try outsidePipeline()
        try concluding { () throws(PostgresError) in
            guard PQsendQuery(connection, sql) == 1 else { throw lost() }
            try flush()
            try drain(each)
        }
    }

    private func outsidePipeline() throws(PostgresError) {
        try checkMayStart()
        if PQpipelineStatus(connection) != PQ_PIPELINE_OFF, PQexitPipelineMode(connection) != 1 { throw lost() }
    }

    private func drain(_ each: (OpaquePointer) throws(PostgresError) -> Void) throws(PostgresError) {
        var first: PostgresError?
        while let pointer = try nextResult() {
            let result = ResultHandle(pointer: pointer)
            if let error = check(result.pointer, nil) {
                first = first ?? error
                // An unexpected COPY never ends by reading: the connection is given up.
                if isBroken { throw error }
            } else if first == nil {
                do throws(PostgresError) { try each(result.pointer) } catch { first = error }
            }
        }
        if PQstatus(connection) != CONNECTION_OK { throw first ?? lost() }
        if let first { throw first }
    }
}

/// COPY, for bulk import and export alone; `sync()` comes first, so a transaction's BEGIN is on its way.
extension Session {
    /// Copies rows in by `COPY … FROM STDIN`; `next` gives pieces of any size until nil, or throws to abandon the copy.
    /// Returns the number of rows.
    package func copyIn(_ sql: StaticString, next: () throws -> [UInt8]?) throws -> Int {
        try sync()
        try outsidePipeline()
        return try concludingAny {
            try startCopy(sql, PGRES_COPY_IN)
            do {
                while let piece = try next() { try put(piece) }
            } catch {
                guard !isBroken else { throw error }
                try endCopy("abandoned by the sender")
                // The server now reports the failure that we asked for; the sender's own says more.
                do throws(PostgresError) { try drain { _ throws(PostgresError) in } } catch  where isBroken {
                    throw error
                } catch {}
                throw error
            }
            try endCopy(nil)
            var rows = 0
            try drain { result throws(PostgresError) in
                rows = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
            }
            return rows
        }
    }

    /// Copies rows out by `COPY … TO STDOUT`, one call a row; what `each` throws cancels the copy and is thrown on.
    package func copyOut(_ sql: StaticString, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        try sync()
        try outsidePipeline()
        try concludingAny {
            try startCopy(sql, PGRES_COPY_OUT)
            var failure: (any Error)?
            while true {
                var buffer: UnsafeMutablePointer<CChar>?
                let count = PQgetCopyData(connection, &buffer, 1)
                if count == 0 {
                    _ = try wait(Int16(POLLIN))
                    guard PQconsumeInput(connection) == 1 else { throw lost() }
                    continue
                }
                guard count > 0, let buffer else { break }
                defer { PQfreemem(buffer) }
                guard failure == nil else { continue }
                do {
                    try each(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
                } catch {
                    failure = error
                    if cancel == nil { requestCancel(.cancelled) }
                }
            }
            do throws(PostgresError) {
                try drain { _ throws(PostgresError) in }
            } catch  where failure == nil || isBroken {
                throw error
            } catch {}  // The cancel that we asked for.
            if let failure { throw failure }
        }
    }

    private func startCopy(_ sql: StaticString, _ expected: ExecStatusType) throws(PostgresError) {
        guard PQsendQuery(connection, "\(sql)") == 1 else { throw lost() }
        try flush()
        guard let pointer = try nextResult() else { throw lost() }
        let result = ResultHandle(pointer: pointer)
        if PQresultStatus(result.pointer) == expected { return }
        let error = check(result.pointer, nil) ?? PostgresError(.misuse, "the statement is not the COPY it should be")
        if !isBroken { try drain { _ throws(PostgresError) in } }
        throw error
    }

    /// Sends one piece in parts of 64 kB: libpq never takes a part that its buffer cannot hold.
    private func put(_ piece: [UInt8]) throws(PostgresError) {
        var offset = 0
        while offset < piece.count {
            let count = min(piece.count - offset, 65_536)
            let sent = piece.withUnsafeBytes { raw in
                PQputCopyData(
                    connection, raw.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) },
                    Int32(clamping: count))
            }
            guard sent >= 0 else { throw lost() }
            if sent == 1 { offset += count }
            try flush()
        }
    }

    private func endCopy(_ reason: String?) throws(PostgresError) {
        while true {
            let ended = PQputCopyEnd(connection, reason)
            guard ended >= 0 else { throw lost() }
            try flush()
            if ended == 1 { return }
        }
    }
}

/// The checks at connect: an unsuitable server is refused in one line before any work is trusted to it.
extension Session {
    private static let set = Statement<([String], [String]), Void>(
        name: "connect_set", sql: "SELECT set_config(n, v, false) FROM unnest($1::text[], $2::text[]) AS s (n, v)",
        encode: {
            $1.textArray($0.0)
            $1.textArray($0.1)
        })

    private static let show = Statement<[String], [String?]>(
        name: "connect_show",
        sql: "SELECT array_agg(current_setting(n) ORDER BY i) FROM unnest($1::text[]) WITH ORDINALITY AS s (n, i)",
        encode: { $1.textArray($0) }, decode: { try $0.textArray() })

    /// Sets what every session needs and returns advice for the operator's log, one sentence each.
    func checkServer() throws(PostgresError) -> [String] {
        let version = PQserverVersion(connection)
        guard version >= 150_000 else {
            throw unsuitable("PostgreSQL 15 or later is needed; the server is \(version / 10_000)")
        }
        if configuration.preparesStatements {
            let settings = configuration.settings
            _ = enqueue(Session.set, (settings.map(\.0), settings.map(\.1)))
        }
        let names = [
            "synchronous_commit", "fsync", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
        ]
        let values = try run(Session.show, names).first ?? []
        let shown = Dictionary(zip(names, values.map { $0 ?? "" }), uniquingKeysWith: { first, _ in first })
        if !configuration.allowsLossyCommits {
            if shown["synchronous_commit"] == "off" {
                throw unsuitable("synchronous_commit is off for this role or server: acknowledged work would be lost")
            }
            if shown["fsync"] == "off" {
                throw unsuitable("fsync is off on the server: a power cut would destroy the data")
            }
        }
        if !configuration.preparesStatements {
            for name in names.suffix(3) where shown[name] == "0" {
                throw unsuitable(
                    "\(name) is not set: run ALTER ROLE … SET \(name) = '10s' (a pooler keeps no session settings)")
            }
        }
        return version < 150_020
            ? [
                "PostgreSQL 15.20 or later repairs holes in SERIALIZABLE and row-level security; this is 15.\(version % 10_000)"
            ]
            : []
    }

    private func unsuitable(_ message: String) -> PostgresError {
        isBroken = true
        return PostgresError(.unsuitableServer, message, connectionIsUsable: false)
    }
}

/// What the server says of a statement without running it; for the test that checks every statement of a room.
extension Session {
    /// Prepares the statement and returns the type identifiers of its parameters and of its columns, and their names.
    ///
    /// `parameters` is any value: only the types that its encoder declares count, and the server refuses wrong ones.
    package func describe<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) throws(PostgresError) -> (parameters: [UInt32], columns: [(name: String, type: UInt32)]) {
        try sync()
        try outsidePipeline()
        var binds = Binds()
        statement.encode(parameters, &binds)
        return try concluding { () throws(PostgresError) in
            guard PQsendPrepare(connection, "", "\(statement.sql)", Int32(binds.types.count), binds.types) == 1 else {
                throw lost()
            }
            try flush()
            do throws(PostgresError) {
                try drain { _ throws(PostgresError) in }
            } catch {
                var error = error
                error.statement = "\(statement.name)"
                throw error
            }
            guard PQsendDescribePrepared(connection, "") == 1 else { throw lost() }
            try flush()
            var described: (parameters: [UInt32], columns: [(name: String, type: UInt32)]) = ([], [])
            try drain { result throws(PostgresError) in
                described.parameters = (0..<PQnparams(result)).map { PQparamtype(result, $0) }
                described.columns = (0..<PQnfields(result)).map {
                    (PQfname(result, $0).map { String(cString: $0) } ?? "", PQftype(result, $0))
                }
            }
            return described
        }
    }
}
