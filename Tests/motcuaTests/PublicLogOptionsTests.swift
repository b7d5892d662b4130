import ArgumentParser
import Foundation
import Logging
import Postgres
import PublicFeed
import Testing

@testable import motcua

@Suite struct PublicLogOptionsTests {
    private static let witness = NoteSigner(
        name: "witness.example/w1", kind: .cosignature, secret: Array(repeating: 5, count: 32))
    private static let log = NoteSigner(name: "hoso.example.vn/log/48", secret: Array(repeating: 6, count: 32))

    /// Keys that are none of a witness: no key at all, one whose id is another's, and a log's own.
    private static let faulty = [
        "nonsense", witness.map { String($0.key.description.dropLast(4)) } ?? "",
        witness?.key.description.replacing("/w1", with: "/w2") ?? "", log?.key.description ?? "",
    ]

    @Test(arguments: faulty)
    func `a witness's key that does not read is an error at start that names it`(key: String) throws {
        let witness = try #require(Self.witness).key.description
        let error = #expect(throws: (any Error).self) {
            try PublicLogOptions.parse(["--witness", witness, "--witness=\(key)"])
        }
        let said = PublicLogOptions.fullMessage(for: try #require(error))
        #expect(said.contains("“\(key)” is no verifier key of a witness"))
    }

    @Test func `no log is opened without one of its witnesses, wherever the options come from`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-log-\(UUID().uuidString)").path
        // What cannot be removed is the system's to remove.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = try PublicLogOptions.parse([])
        options.logFolder = folder
        options.witnesses = [try #require(Self.witness).key.description, "nonsense"]
        let pool = ConnectionPool(PostgresConfiguration("host=/nowhere"), size: 1, logger: Logger(label: "test"))
        let error = #expect(throws: ValidationError.self) {
            try PublicLog(options, dataFolder: "/nowhere", feed: pool, logger: Logger(label: "test"))
        }
        #expect(error?.message.contains("“nonsense”") == true)
        options.witnesses.removeLast()
        let log = try PublicLog(options, dataFolder: "/nowhere", feed: pool, logger: Logger(label: "test"))
        #expect(log.reader.witnesses.map(\.description) == options.witnesses)
        await pool.shutdown()
    }
}
