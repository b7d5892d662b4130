import Postgres
import TestSupport
import Testing

@Suite struct OutcomeTests {
    @Test(arguments: [CommitProxy.Fault.answerLost, .silence])
    func `a COMMIT whose answer is lost has an unknown outcome, and it happened once`(fault: CommitProxy.Fault)
        async throws
    {
        let proxy = try CommitProxy(before: EphemeralServer.shared.get())
        defer { proxy.stop() }
        proxy.arm(fault)
        try await withPools { direct, observer in
            var configuration = direct.configuration
            // The later host wins: the same database, through the proxy.
            configuration.connectionString += " host=\(proxy.folder)"
            configuration.commitTimeout = .milliseconds(300)
            let pool = ConnectionPool(configuration, size: 1, logger: TestDatabase.logger)
            let unknown = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.count)
                    _ = transaction.enqueue(SQL.insert, 1)
                }
            }
            #expect(unknown?.code == .outcomeUnknown)
            #expect(unknown?.connectionIsUsable == false)
            #expect(unknown?.isRetryable == false)
            #expect(proxy.count == 1)
            try await expectItems(1, in: observer)
            try await expectItems(1, in: pool)
            await pool.shutdown()
        }
    }

    @Test func `a backend killed before COMMIT is connectionLost, and nothing happened`() async throws {
        try await withPools(size: 1) { pool, observer in
            let gate = Gate()
            let pid = try #require(try await pool.withSession { try $0.run(SQL.backend).first })
            let work = Task {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.insert, 1)
                    gate.pass()
                    _ = try transaction.run(SQL.insert, 2)
                }
            }
            _ = try await observer.withSession { try $0.run(SQL.terminate, pid) }
            gate.open()
            let lost = await code { try await work.value }
            #expect(lost == .connectionLost || lost == nil)
            let count = try await observer.withSession { try $0.run(SQL.count) }
            #expect(count == (lost == nil ? [2] : [0]))
        }
    }
}
