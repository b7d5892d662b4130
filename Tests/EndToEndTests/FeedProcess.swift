import Foundation
import Glibc
import Postgres
import TestSupport

@testable import motcua

/// The real `motcua feed`, alone, on a database of its own.
struct FeedProcess: Sendable {
    let pid: pid_t
    let pages: HTTPClient
    let operations: HTTPClient

    /// Starts the program and waits until it listens.
    static func start(_ folder: String, source: String, database: String) async throws -> FeedProcess {
        let log = "\(folder)/feed-\(UUID().uuidString).log"
        try ServeProcess.keepOpenFilesToOurselves()
        let pid = try ChildProcess.start(
            [
                Project.binary, "feed", "--source", source, "--database", database, "--data", "\(folder)/feed",
                "--public-port", "0", "--operations-port", "0", "--log-level", "notice", "--log-name",
                "hoso.example.vn",
            ], log: log)
        do {
            func client(_ face: String) async throws -> HTTPClient {
                let port = try await eventually("\(face) listens, see \(log)", within: .seconds(60)) {
                    guard waitpid(pid, nil, WNOHANG) == 0 else {
                        throw Failure("motcua feed ended: \(ServeProcess.text(log))")
                    }
                    return ServeProcess.announced(face, in: ServeProcess.text(log))
                }
                return HTTPClient(
                    ServerAddress(host: "127.0.0.1", port: port), patience: .seconds(30), idleCountMax: 4)
            }
            return FeedProcess(pid: pid, pages: try await client("pages"), operations: try await client("operations"))
        } catch {
            kill(pid, SIGKILL)
            ChildProcess.wait(pid)
            throw error
        }
    }

    /// Ends it as a power switch would.
    func kill9() async {
        kill(pid, SIGKILL)
        ChildProcess.wait(pid)
        await pages.close()
        await operations.close()
    }

    /// An answer of the citizens' pages.
    func page(_ path: String) async throws -> (status: Int, text: String) {
        let answer = try await pages.send(Call(.get, path))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    /// An answer of the operations' port.
    func operation(_ path: String) async throws -> (status: Int, text: String) {
        let answer = try await operations.send(Call(.get, path))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }
}
