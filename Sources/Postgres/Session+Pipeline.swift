import CLibpq

/// One message group's element: what is sent, and who takes the answer.
struct Pending {
    enum Text {
        /// A `Statement`, prepared under its name.
        case statement(name: StaticString, sql: StaticString)
        /// BEGIN, COMMIT, SET LOCAL and the like, sent unnamed.
        case control(String)
    }

    let text: Text
    let binds: Binds
    let receiver: (any ReplyReceiver)?
    var isCommit = false

    var name: String? {
        if case .statement(let name, _) = text { "\(name)" } else { nil }
    }
}

/// What the server will answer next.
private enum Expected {
    case parse(name: String, sql: StaticString, index: Int)
    case answer(index: Int)
}

extension Session {
    /// Adds a statement to the next group; nothing is sent before `sync()`.
    package func enqueue<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) -> Reply<Row> {
        var binds = Binds()
        statement.encode(parameters, &binds)
        let reply = Reply(decode: statement.decode)
        pending.append(
            Pending(text: .statement(name: statement.name, sql: statement.sql), binds: binds, receiver: reply))
        return reply
    }

    /// Adds a statement without parameters to the next group.
    package func enqueue<Row: Sendable>(_ statement: Statement<Void, Row>) -> Reply<Row> { enqueue(statement, ()) }

    /// Sends all that was enqueued as one group, reads every answer, and throws the first error.
    package func sync() throws(PostgresError) {
        guard !pending.isEmpty else { return }
        let group = pending
        do throws(PostgresError) {
            try exchange()
        } catch {
            // The plan or the name is gone from the server; outside a transaction the group had no effect: once more.
            guard error.code == .staleStatement, PQtransactionStatus(connection) == PQTRANS_IDLE else { throw error }
            pending = group
            try exchange()
        }
    }

    func enqueueControl(_ sql: String, isCommit: Bool = false) {
        pending.append(Pending(text: .control(sql), binds: Binds(), receiver: nil, isCommit: isCommit))
    }

    /// One round trip: sends the group and a Sync, reads to that Sync whatever failed, throws the first error.
    func exchange() throws(PostgresError) {
        let group = pending
        pending.removeAll(keepingCapacity: true)
        try concluding { () throws(PostgresError) in
            do throws(PostgresError) {
                try checkMayStart()
                let expected = try send(group)
                try flush()
                try receive(expected, of: group)
            } catch  where error.code == .staleStatement {
                prepared.removeAll()
                generation += 1
                throw error
            }
        }
    }

    private func send(_ group: [Pending]) throws(PostgresError) -> [Expected] {
        for (index, item) in group.enumerated() where item.binds.isTooLarge || item.binds.types.count > 65_535 {
            throw failed(group, index, PostgresError(.conversion, "a parameter of \(item.name ?? "") is over 1 GB"))
        }
        if PQpipelineStatus(connection) == PQ_PIPELINE_OFF, PQenterPipelineMode(connection) != 1 { throw lost() }
        var expected: [Expected] = []
        var sending: [String: StaticString] = [:]
        for (index, item) in group.enumerated() {
            switch item.text {
            case .statement(let name, let sql) where configuration.preparesStatements:
                let key = "\(name)"
                let serverName = "\(key)/\(generation)"
                if let known = prepared[key] ?? sending[key] {
                    guard known.utf8Start == sql.utf8Start || "\(known)" == "\(sql)" else {
                        // Part of the group is in libpq's buffer: only a new connection is clean.
                        isBroken = true
                        throw failed(group, index, PostgresError(.misuse, "two statements are named \(key)"))
                    }
                } else {
                    let types = item.binds.types
                    guard PQsendPrepare(connection, serverName, "\(sql)", Int32(types.count), types) == 1 else {
                        throw lost()
                    }
                    sending[key] = sql
                    expected.append(.parse(name: key, sql: sql, index: index))
                }
                guard
                    item.binds.withPointers({
                        PQsendQueryPrepared(connection, serverName, Int32(item.binds.types.count), $0, $1, $2, 1)
                    }) == 1
                else { throw lost() }
            case .statement(_, let sql): try sendUnnamed("\(sql)", item.binds)
            case .control(let sql): try sendUnnamed(sql, item.binds)
            }
            expected.append(.answer(index: index))
        }
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        return expected
    }

    private func sendUnnamed(_ sql: String, _ binds: Binds) throws(PostgresError) {
        let sent = binds.withPointers {
            PQsendQueryParams(connection, sql, Int32(binds.types.count), binds.types, $0, $1, $2, 1)
        }
        guard sent == 1 else { throw lost() }
    }

    private func receive(_ expected: [Expected], of group: [Pending]) throws(PostgresError) {
        var first: PostgresError?
        for item in expected {
            let index =
                switch item {
                case .parse(_, _, let index), .answer(let index): index
                }
            isReadingCommit = group[index].isCommit
            defer { isReadingCommit = false }
            var failure: PostgresError?
            var sawResult = false
            while let pointer = try nextResult() {
                let result = ResultHandle(pointer: pointer)
                sawResult = true
                if let error = check(result.pointer, group[index].name) {
                    failure = failure ?? error
                } else if failure == nil, PQresultStatus(result.pointer) != PGRES_PIPELINE_ABORTED {
                    failure = accept(result.pointer, item, group[index])
                    if group[index].isCommit, failure == nil { commitOutcome = .committed }
                } else if group[index].isCommit {
                    commitOutcome = .skipped
                }
            }
            if group[index].isCommit, let failure { commitOutcome = .refused(failure) }
            if PQstatus(connection) != CONNECTION_OK || !sawResult {
                let error = failure ?? lost()
                isBroken = true
                throw failed(group, index, first ?? error)
            }
            if let failure {
                first = first ?? failure
                group[index].receiver?.fail(failure)
            } else if let first {
                group[index].receiver?.fail(first)
            }
        }
        try receiveSync()
        if let first { throw first }
    }

    /// Takes one good result; a row that cannot be decoded, or a COMMIT that rolled back, is the statement's failure.
    private func accept(_ result: OpaquePointer, _ expected: Expected, _ item: Pending) -> PostgresError? {
        if case .parse(let name, let sql, _) = expected {
            prepared[name] = sql
            return nil
        }
        if item.isCommit {
            let tag = PQcmdStatus(result).map { String(cString: $0) } ?? ""
            guard tag == "COMMIT" else {
                return PostgresError(.rolledBack, "COMMIT answered \(tag): a statement had failed before it")
            }
        }
        var error = item.receiver?.receive(result)
        if error != nil { error?.statement = item.name }
        return error
    }

    private func receiveSync() throws(PostgresError) {
        guard let pointer = try nextResult() else { throw lost() }
        let result = ResultHandle(pointer: pointer)
        guard PQresultStatus(result.pointer) == PGRES_PIPELINE_SYNC else { throw lost() }
    }

    /// Gives the error to every reply from `index` on, so that none is read as if it had succeeded.
    private func failed(_ group: [Pending], _ index: Int, _ error: PostgresError) -> PostgresError {
        for item in group[index...] { item.receiver?.fail(error) }
        return error
    }
}

extension Binds {
    /// Lends libpq its three parallel arrays; they live for the call alone.
    func withPointers(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Int32
    ) -> Int32 {
        let lengths = ranges.map { Int32(clamping: $0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: ranges.count)
        // Some byte, so that an empty value has an address even where there is no other: nil would mean NULL.
        return (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { raw in
            let base = raw.assumingMemoryBound(to: CChar.self).baseAddress
            let values = ranges.map { range in range.flatMap { range in base.map { $0 + range.lowerBound } } }
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
