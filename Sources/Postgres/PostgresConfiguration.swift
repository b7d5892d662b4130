/// Where the server is and the rules that every connection to it keeps.
package struct PostgresConfiguration: Sendable {
    /// A libpq connection string or URI; may list hosts (`host=a,b`), of which the one that takes writes is used.
    package var connectionString: String
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    /// The server ends a statement that runs longer; zero means never.
    package var statementTimeout: Duration = .seconds(10)
    /// The server refuses a lock that it cannot grant in this time; zero means it waits for ever.
    package var lockTimeout: Duration = .seconds(3)
    /// The server ends a connection that holds a transaction open and is silent for longer; zero means never.
    package var idleInTransactionTimeout: Duration = .seconds(5)
    /// The whole of a unit of work, waiting for a connection included, when its caller sets no time of its own.
    package var unitTimeout: Duration = .seconds(10)
    /// How long COMMIT, with the writes in its group, may take; then its outcome is unknown.
    package var commitTimeout: Duration = .seconds(15)
    /// How long the server may take to obey a cancel before the connection is discarded.
    package var cancelGrace: Duration = .seconds(1)
    /// False sends unnamed statements and sets nothing on the session, for PgBouncer in transaction mode:
    /// the role must then carry the time-outs (`ALTER ROLE … SET`), which is checked at connect.
    package var preparesStatements = true
    /// True lets `synchronous_commit = off` and `fsync = off` pass; for tests alone: acknowledged work would be lost.
    package var allowsLossyCommits = false

    /// The defaults for this server.
    package init(_ connectionString: String, applicationName: String = "motcua") {
        self.connectionString = connectionString
        self.applicationName = applicationName
    }

    /// libpq's keywords; those before `dbname` are defaults which the connection string may change.
    var keywords: [(String, String)] {
        [
            ("connect_timeout", "3"), ("keepalives_idle", "2"), ("keepalives_interval", "1"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "3000"), ("target_session_attrs", "read-write"),
            ("dbname", connectionString),
            ("client_encoding", "UTF8"), ("application_name", applicationName),
        ]
    }

    /// The settings of every session, in the order they are set.
    ///
    /// The server's side keeps the connection alive too: a client that is cut off in the middle of a group of messages is
    /// waited for without any time-out, and its locks with it, until the server's system gives the connection up. On a Unix
    /// socket these change nothing.
    var settings: [(String, String)] {
        [
            ("statement_timeout", milliseconds(statementTimeout)), ("lock_timeout", milliseconds(lockTimeout)),
            ("idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout)),
            ("client_connection_check_interval", "2000"), ("tcp_keepalives_idle", "2"),
            ("tcp_keepalives_interval", "1"),
            ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "3000"), ("client_min_messages", "warning"),
            ("TimeZone", "UTC"),
            ("standard_conforming_strings", "on"),
        ]
    }

    private func milliseconds(_ duration: Duration) -> String {
        let parts = duration.components
        let seconds = min(max(parts.seconds, 0), 2_000_000)
        let milliseconds = seconds * 1000 + max(parts.attoseconds, 0) / 1_000_000_000_000_000
        // Zero would mean "never": a positive time under 1 ms stays positive.
        return duration > .zero ? "\(max(milliseconds, 1))" : "0"
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
    /// Names the application alone: the connection string may hold a password.
    package var description: String { "PostgreSQL for \(applicationName)" }

    /// Shows only `description`.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
