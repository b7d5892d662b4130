import Foundation
import TestSupport
import Testing

@testable import PublicFeed

/// Certificates: whose word is taken.
@Suite(.timeLimit(.minutes(2)), .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct TrustTests {
    @Test func `only a certificate that is trusted, for the name that was called, is spoken to`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "motcua-tls-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "cert.pem").path, folder.appending(path: "key.pem").path)
        let log = folder.appending(path: "log").path
        try ChildProcess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out",
                certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ], log: log)
        // A port that was free a moment ago.
        let port = try await StandInServer.with({ _ in .drop }) { $0.port }
        let server = try ChildProcess.start(
            ["openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key, "-quiet"],
            log: log)
        defer {
            kill(server, SIGKILL)
            ChildProcess.wait(server)
        }
        let caller = OutgoingCaller()
        let named = try call("https://localhost:\(port)/")
        try await DeliveryWorld.wait(until: "the server listens") { await code(caller, named) != .noConnection }
        #expect(await code(caller, named) == .untrusted)
        var trusting = named
        trusting.trustFile = certificate
        trusting.timeLimit = .seconds(1)
        // The handshake is done; whatever this server does afterwards, it is no web server.
        #expect([.timedOut, .noConnection].contains(await code(caller, trusting)))
        var misnamed = try call("https://127.0.0.1:\(port)/")
        misnamed.trustFile = certificate
        #expect(await code(caller, misnamed) == .untrusted)
    }

    private func call(_ url: String) throws -> OutgoingCall {
        OutgoingCall(try EndpointAddress(url, reach: .loopback), headers: [], body: [])
    }

    private func code(_ caller: OutgoingCaller, _ call: OutgoingCall) async -> CallFailure.Code? {
        do throws(CallFailure) {
            _ = try await caller.send(call)
            return nil
        } catch {
            return error.code
        }
    }
}
