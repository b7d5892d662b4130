import CLibpq
import Dispatch

/// Asks a server on its socket; libpq blocks, so each question runs on a thread of its own.
struct ServerProbe: Sendable {
    let connectionString: String

    /// True when the server takes connections.
    func answers() async -> Bool {
        await onThread { PQping(connectionString) == PQPING_OK }
    }

    /// Makes the database where it is missing; nil on success, else the server's line.
    func createDatabase(_ name: StaticString) async -> String? {
        await onThread {
            guard let connection = PQconnectdb(connectionString) else { return "out of memory" }
            defer { PQfinish(connection) }
            guard PQstatus(connection) == CONNECTION_OK else { return line(PQerrorMessage(connection)) }
            let found = PQexec(connection, "SELECT FROM pg_database WHERE datname = '\(name)'")
            defer { PQclear(found) }
            guard PQresultStatus(found) == PGRES_TUPLES_OK else { return line(PQerrorMessage(connection)) }
            guard PQntuples(found) == 0 else { return nil }
            let made = PQexec(connection, "CREATE DATABASE \(name)")
            defer { PQclear(made) }
            return PQresultStatus(made) == PGRES_COMMAND_OK ? nil : line(PQerrorMessage(connection))
        }
    }

    private func line(_ text: UnsafePointer<CChar>?) -> String {
        text.map { String(cString: $0).split(whereSeparator: \.isNewline).joined(separator: "; ") } ?? ""
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
