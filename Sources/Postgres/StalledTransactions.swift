import Metrics

/// Transactions whose client fell silent in the middle of a group of messages, and which nobody else would end.
///
/// A process that is stopped, or a machine that is suspended, keeps its locks. Between two groups the server ends it by
/// `idle_in_transaction_session_timeout`; between two messages of one group PostgreSQL arms no time-out (before 17's
/// `transaction_timeout`): the statements that came are done, it waits for the next message and counts itself active. And
/// while it waits for a client to take its rows, it obeys no cancel.
enum StalledTransactions {
    /// Ends those of our own role in this database, by the session's own time-outs; how many there were.
    static let end = Statement<Void, Int64>(
        name: "postgres_stalled_end",
        // The rows are chosen before anything is ended.
        sql: """
            WITH limits AS (
                SELECT nullif(current_setting('idle_in_transaction_session_timeout')::interval, interval '0') AS silent,
                    nullif(current_setting('statement_timeout')::interval, interval '0') AS busy
            ), stalled AS MATERIALIZED (
                SELECT pid FROM pg_stat_activity, limits
                WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
                    AND xact_start IS NOT NULL AND clock_timestamp() - state_change
                        > CASE wait_event WHEN 'ClientRead' THEN silent WHEN 'ClientWrite' THEN silent + busy END
            )
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM stalled
            """,
        decode: { try $0.int8() })

    static let ended = Counter(label: "postgres_stalled_transactions_ended_total")
}

extension ConnectionPool {
    /// Ends the connections, of whatever process, that use this pool's role and database and were silent within a
    /// transaction for longer than ``PostgresConfiguration/idleInTransactionTimeout``; how many there were.
    ///
    /// One that does not take its rows has a statement's time besides. Zero means never, as for the time-outs themselves.
    package func endStalledTransactions() async throws -> Int {
        let count = try await withSession { try $0.run(StalledTransactions.end).first ?? 0 }
        StalledTransactions.ended.increment(by: count)
        return Int(count)
    }
}
