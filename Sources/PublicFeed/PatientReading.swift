import Postgres

extension Transaction {
    /// Lets the server wait for a reading of everything, and for what is computed between two statements of it.
    func takeTime() throws(PostgresError) {
        for name in ["statement_timeout", "idle_in_transaction_session_timeout"] as [StaticString] {
            try setLocal(name, "30min")
        }
    }
}
