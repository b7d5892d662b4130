import Foundation
import Glibc
import TestSupport

@testable import motcua

/// Debian's PgBouncer (1.18: no prepared statements in transaction mode) before a database, on a Unix socket of its own.
struct Pooler: Sendable {
    /// Connections to PostgreSQL for each role; far fewer than the server opens to us.
    static let width = 2

    private static let program = "/usr/sbin/pgbouncer"
    private static let port = 6432

    /// Whether there is one to test with.
    static var isInstalled: Bool { access(program, X_OK) == 0 }

    private let pid: pid_t
    private let folder: String

    /// Starts it before the database of an address of ours, `host='…' user=… dbname=motcua`.
    static func start(before address: String, in parent: String) async throws -> Pooler {
        let folder = "\(parent)/pooler"
        let host = address.split(separator: "'")
        guard host.count > 1 else { throw Failure("no socket in \(address)") }
        try Installation.makeFolder(folder)
        let settings = """
            [databases]
            motcua = host=\(host[1]) port=5432 dbname=motcua
            [pgbouncer]
            listen_addr =
            listen_port = \(port)
            unix_socket_dir = \(folder)
            auth_type = trust
            auth_file = \(folder)/users
            pool_mode = transaction
            default_pool_size = \(width)
            max_client_conn = 100
            """
        try settings.write(toFile: "\(folder)/pgbouncer.ini", atomically: true, encoding: .utf8)
        try "\"motcua_engine\" \"\"\n\"motcua_feed\" \"\"\n".write(
            toFile: "\(folder)/users", atomically: true, encoding: .utf8)
        if geteuid() == 0, let user = getpwnam("postgres") {
            // As root it does not run.
            guard chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else { throw Failure("chown failed") }
        }
        let log = "\(folder)/log"
        let pid = try ChildProcess.start(
            ["setpriv"] + ChildProcess.stepDown + ["--", program, "\(folder)/pgbouncer.ini"], log: log)
        _ = try await eventually("PgBouncer listens, see \(log)") {
            access("\(folder)/.s.PGSQL.\(port)", F_OK) == 0 ? true : nil
        }
        return Pooler(pid: pid, folder: folder)
    }

    /// The database through it, as this role.
    func address(of role: String) -> String { "host=\(folder) port=\(Self.port) user=\(role) dbname=motcua" }

    /// What a server is told of it; `owner` goes past it.
    func arguments(past owner: String? = nil) -> [String] {
        let roles = [
            "--no-prepared", "--engine-database", address(of: "motcua_engine"), "--feed-database",
            address(of: "motcua_feed"),
        ]
        return roles + (owner.map { ["--database", $0] } ?? [])
    }

    /// Ends it at once.
    func stop() async {
        kill(pid, SIGTERM)
        _ = await Task.detached { [pid] in ChildProcess.wait(pid) }.value
    }
}
