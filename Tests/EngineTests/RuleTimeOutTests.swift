import Dossiers
import Logging
import Postgres
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineFaults {
    /// R12, R14: time-outs that the server tells, and an engine whose task is cancelled.
    @Suite struct TimeOuts {
        /// What a linked dossier's first row meets, and as whom the server ends it.
        enum Obstacle: String, CaseIterable, Sendable {
            case statement = "PERFORM pg_sleep(600)"
            case lock = "PERFORM FROM test_obstacle FOR UPDATE"
        }

        private static var impatient: EngineSetup {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            setup.settings.lanesPerProvince = 1
            setup.settings.patience = .seconds(120)
            setup.change = {
                $0.statementTimeout = .seconds(2)
                $0.lockTimeout = .milliseconds(500)
            }
            return setup
        }

        @Test(.database, arguments: Obstacle.allCases)
        func `R12 a message that always meets a time-out of the server is stuck after five tries`(
            _ obstacle: Obstacle
        ) async throws {
            try await EngineWorld.with(Self.impatient) { world in
                try await world.observer.execute(
                    """
                    CREATE TABLE test_obstacle (n integer);
                    INSERT INTO test_obstacle VALUES (1);
                    CREATE FUNCTION test_meet() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN \(obstacle.rawValue); RETURN NEW; END';
                    CREATE TRIGGER test_meet BEFORE INSERT ON engine.dossier FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
                    EXECUTE FUNCTION test_meet();
                    """)
                let dossier = try await world.observer.holding("SELECT FROM test_obstacle FOR UPDATE") {
                    let dossier = try await world.accepted()
                    for count in 1...DossierStore.triesBeforeStuck {
                        _ = try await world.eventually("try \(count)") {
                            try await world.observer.rows("SELECT tries::text FROM engine.stuck") == ["\(count)"]
                                ? true : nil
                        }
                        world.clock.advance(seconds: 61)
                    }
                    return dossier
                }
                let stuck = try #require(
                    try await world.engine.store.stuck(limit: 10, province: EngineWorld.province).first)
                #expect(stuck.error.contains(obstacle == .lock ? "55P03" : "57014"), "\(stuck.error)")
                // It is nobody's fault any more, and a person frees it.
                try await world.observer.execute("DROP TRIGGER test_meet ON engine.dossier")
                #expect(
                    try await world.engine.store.freeStuck(
                        dossier: stuck.dossier, key: stuck.key, province: EngineWorld.province))
                #expect(try await world.child(dossier, "birth").id == stuck.dossier)
            }
        }

        @Test(.database)
        func `R12 a machine's command on a dossier that another transaction holds waits, and has not failed`()
            async throws
        {
            let log = LogKeeper()
            var setup = Self.impatient
            setup.logger = log.logger
            try await EngineWorld.with(setup) { world in
                let dossier = try await world.accepted()
                let due = "SELECT count(*) FROM engine.agenda WHERE dossier = '\(dossier.id)' AND due_at < '2026-04-30'"
                #expect(try await world.observer.number(due) > 0)
                try await world.observer.holding("SELECT FROM engine.dossier WHERE id = '\(dossier.id)' FOR UPDATE") {
                    try world.clock.set("2026-04-30T08:00")
                    _ = try await world.eventually("the lock was waited for in vain, twice") {
                        log.lines.filter { $0.contains("\(dossier.text) is held by another transaction") }.count > 1
                            ? true : nil
                    }
                    #expect(try await world.observer.number("SELECT count(*) FROM engine.stuck") == 0)
                }
                _ = try await world.eventually("what was due is done") {
                    try await world.observer.number(due) == 0 ? true : nil
                }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.stuck") == 0)
            }
        }

        @Test func `only what the server tells is a command's own time-out`() {
            func error(_ code: PostgresError.Code, _ state: String) -> PostgresError {
                var error = PostgresError(code, "x")
                error.sqlState = state
                return error
            }
            for told in [error(.timedOut, "57014"), error(.lockTimeout, "55P03")] {
                #expect(told.isToldTimeOut && !told.isAboutTheConnection)
            }
            let ways: [PostgresError] = [
                error(.timedOut, ""), error(.connectionLost, "57P01"), error(.connectionLost, ""),
                error(.outcomeUnknown, ""), error(.cancelled, "57014"), error(.poolExhausted, ""),
                error(.serialization, "40001"), error(.deadlock, "40P01"),
            ]
            for way in ways { #expect(!way.isToldTimeOut && way.isAboutTheConnection, "\(way)") }
            #expect(!error(.checkViolation, "23514").isAboutTheConnection)
            // A full disk says nothing of the commands: they are as good when there is room again.
            for state in ["53100", "53300", "58030"] { #expect(error(.server, state).isAboutTheConnection) }
        }

        @Test(.database)
        func `R14 an engine whose task is cancelled finishes what it took, as at a graceful stop`() async throws {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            setup.settings.lanesPerProvince = 1
            setup.settings.patience = .seconds(60)
            try await EngineWorld.stopped(setup) { world in
                let running = Task { try await world.engine.run() }
                let requests = try (0..<11).map { try world.submission(key: "k\($0)") }
                let sent = try await world.observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
                    let first = Task { try await world.send(requests[0]) }
                    try await world.observer.waitForBlocked(1)
                    let sent = [first] + requests[1...].map { request in Task { try await world.send(request) } }
                    _ = try await world.eventually("10 wait behind the first") {
                        world.engine.queue.count == 10 ? true : nil
                    }
                    running.cancel()
                    _ = try await world.eventually("nothing more is taken") {
                        world.engine.queue.offer(
                            .command(
                                DossierRef(province: 48, id: DossierID(high: 1, low: 1)),
                                .timer(TimerKey(activation: 1, kind: .down), due: world.clock.now), by: .engine,
                                arrived: world.clock.now)) ? nil : true
                    }
                    // The first is still in its transaction: cancelling has not reached it.
                    try await world.observer.waitForBlocked(1)
                    return sent
                }
                for task in sent {
                    #expect(String(decoding: try await task.value.body, as: UTF8.self).hasPrefix("done"))
                }
                try await running.value
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 11)
            }
        }
    }
}
