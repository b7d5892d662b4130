import Dossiers
import JSONText
import Logging
import Notices
import Postgres
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// R4, R5, R6, R11, R19, R20, R23, R24: what stands in the database.
    @Suite struct Records {
        @Test(.database)
        func `R4 what was decided with stands in the events, and an amended calendar changes no old one`() async throws
        {
            try await EngineWorld.with { world in
                let dossier = try await world.accepted(key: "s1")
                let version = try #require(try await world.engine.dossier(dossier)).procedure
                let calendar = try #require(world.engine.catalogue.calendars["vn-state"]).contentHash
                let events = try await world.engine.events(of: dossier, after: 0, limit: 1_000)
                try expectHashes(events, version.contentHash, calendar)
                let opened = events.compactMap { event -> Event.Opened? in
                    if case .opened(let opened) = event.body { opened } else { nil }
                }
                #expect(opened.map(\.name) == ["receive", "birth"])
                #expect(opened.map(\.agency) == [EngineWorld.centre, "000.01.01.H17"])
                var texts = try Workflows.texts()
                texts["calendars/vn-state.yaml"]? += Array("# amended\n".utf8)
                let report = try await world.engine.install(texts, by: "test")
                #expect(!report.hasErrors)
                let amended = try #require(world.engine.catalogue.calendars["vn-state"]).contentHash
                #expect(amended != calendar)
                let next = try await world.accepted(key: "s2")
                try expectHashes(
                    try await world.engine.events(of: next, after: 0, limit: 1_000), version.contentHash, amended)
                #expect(try await world.engine.events(of: dossier, after: 0, limit: events.count) == events)
                #expect(
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.workflow_file WHERE name = 'calendars/vn-state.yaml'") == 2)
            }
        }

        private func expectHashes(_ events: [Event], _ version: String, _ calendar: String) throws {
            guard case .submitted(let submitted)? = events.first?.body else { throw Failure("no first event") }
            #expect(submitted.contentHash == version)
            #expect(submitted.calendarHash == calendar)
            let promises = events.compactMap { event -> Event.Promise? in
                if case .promised(let promise) = event.body { promise } else { nil }
            }
            #expect(promises.map(\.calendarHash) == [calendar])
        }

        @Test(.database)
        func `R5 a dossier that a newer build wrote is unavailable here, and left as it is`() async throws {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            try await EngineWorld.with(setup) { world in
                let dossier = try await world.submit(key: "s1").state.dossier
                let other = try await world.submit(key: "s2").state.dossier
                let task = try await world.task(dossier, "receive")
                let claim = PerformRequest.Act.claim(activation: task.activation)
                let desk = Actor.officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                try await world.observer.execute("UPDATE engine.dossier SET fold = 99 WHERE id = '\(dossier.id)'")
                await #expect(throws: CommandError.isUnavailable) {
                    try await world.perform(dossier, claim, by: desk, key: "claim")
                }
                await #expect(throws: CommandError.isUnavailable) { try await world.engine.dossier(dossier) }
                try await world.done(other, "receive", "accept")
                #expect(
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.event WHERE dossier = '\(dossier.id)' AND kind = 'claimed'") == 0)
                // Another node, or this one after its upgrade, takes the same key.
                try await world.observer.execute(
                    "UPDATE engine.dossier SET fold = \(State.fold) WHERE id = '\(dossier.id)'")
                guard case .done = try await world.perform(dossier, claim, by: desk, key: "claim") else {
                    throw Failure("not claimed")
                }
            }
        }

        @Test(.database)
        func `R6 the notices of a province have one dense order, whichever node numbers them`() async throws {
            try await EngineWorld.with { world in
                try await world.withTwin { twin in
                    try await withThrowingTaskGroup { group in
                        for number in 0..<12 {
                            let here = number % 2 == 0 ? world : twin
                            group.addTask { _ = try await here.accepted(key: "s\(number)") }
                        }
                        try await group.waitForAll()
                    }
                }
                _ = try await world.eventually("all notices are numbered") {
                    try await world.observer.number(
                        """
                        SELECT (SELECT count(*) FROM engine.notice_queue)
                            + (SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL)
                        """) == 0 ? true : nil
                }
                let notices = try await world.observer.number("SELECT count(*) FROM engine.notice")
                let numbers = try await world.observer.rows("SELECT l.n::text FROM engine.leaf l ORDER BY l.n")
                #expect(notices >= 36)
                #expect(numbers == (0..<notices).map(String.init))
                let disorder = try await world.observer.number(
                    """
                    SELECT count(*) FROM (
                        SELECT number, row_number() OVER (PARTITION BY dossier ORDER BY n) AS place FROM engine.leaf
                    ) l WHERE number <> place
                    """)
                #expect(disorder == 0)
            }
        }

        @Test(.database)
        func `R11 the stored state of the flagship and its parts stays under 1.5 kB to the end`() async throws {
            try await EngineWorld.with { world in
                try await world.observer.execute(
                    """
                    CREATE TABLE test_size (bytes int);
                    CREATE FUNCTION test_measure() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN INSERT INTO public.test_size VALUES (octet_length(NEW.state)); RETURN NEW; END';
                    CREATE TRIGGER test_measure AFTER INSERT OR UPDATE ON engine.dossier FOR EACH ROW
                    EXECUTE FUNCTION test_measure();
                    """)
                try await world.throughout()
                #expect(try await world.observer.number("SELECT count(*) FROM test_size") >= 15)
                #expect(try await world.observer.number("SELECT max(bytes) FROM test_size") < 1_536)
            }
        }

        @Test(.database)
        func `R19 every chain recomputes from the stored bytes up to leaf and dossier, and a changed byte shows`()
            async throws
        {
            try await EngineWorld.with { world in
                let dossier = try await world.throughout()
                _ = try await world.eventually("all notices are numbered") {
                    try await world.observer.number("SELECT count(*) FROM engine.notice_queue") == 0 ? true : nil
                }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.event") > 40)
                #expect(try await breaks(world) == [0, 0, 0, 0, 0])
                try await world.observer.execute(
                    "UPDATE engine.event SET body = body || ' ' WHERE dossier = '\(dossier.id)' AND sequence = 3")
                #expect(try await breaks(world) == [1, 0, 0, 0, 0])
                try await world.observer.execute(
                    "DELETE FROM engine.event WHERE dossier = '\(dossier.id)' AND sequence >= (SELECT sequence FROM engine.dossier WHERE id = '\(dossier.id)')"
                )
                #expect(try await breaks(world)[1...] == [0, 1, 1, 0])
            }
        }

        /// Events whose hash does not follow; gaps in sequences; dossiers whose head is not the last hash; notices whose
        /// head is no hash of their dossier's chain; leaves that do not commit to their notice.
        private func breaks(_ world: EngineWorld) async throws -> [Int] {
            let queries = [
                """
                SELECT count(*) FROM (
                    SELECT hash, sha256(coalesce(lag(hash) OVER w, decode(repeat('00', 32), 'hex')) || body) AS due
                    FROM engine.event WINDOW w AS (PARTITION BY province, dossier ORDER BY sequence)
                ) e WHERE hash <> due
                """,
                """
                SELECT count(*) FROM (
                    SELECT sequence, row_number() OVER (PARTITION BY province, dossier ORDER BY sequence) AS place
                    FROM engine.event
                ) e WHERE sequence <> place
                """,
                """
                SELECT count(*) FROM engine.dossier d
                WHERE NOT EXISTS (
                    SELECT FROM engine.event e
                    WHERE e.province = d.province AND e.dossier = d.id AND e.sequence = d.sequence AND e.hash = d.head)
                """,
                """
                SELECT count(DISTINCT (n.dossier)) FROM engine.notice n
                WHERE NOT EXISTS (
                    SELECT FROM engine.event e
                    WHERE e.province = n.province AND e.dossier = n.dossier AND e.hash = n.head)
                """,
                """
                SELECT count(*) FROM engine.notice n LEFT JOIN engine.leaf l USING (province, dossier, number)
                WHERE l.hash IS DISTINCT FROM sha256('\\x00'::bytea || l.salt || sha256(n.body) || n.head)
                """,
            ]
            var counts: [Int] = []
            for query in queries { counts.append(try await world.observer.number(query)) }
            return counts
        }

        @Test(.database)
        func `R20 notices are dense per dossier, and a part's notices never reveal its parent's codes`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.throughout()
                let root = try #require(try await world.engine.dossier(dossier))
                let code = try #require(root.state.code)
                let lookUp = try #require(root.lookUp)
                let gaps = try await world.observer.number(
                    """
                    SELECT count(*) FROM (
                        SELECT number, row_number() OVER (PARTITION BY province, dossier ORDER BY number) AS place
                        FROM engine.notice
                    ) n WHERE number <> place
                    """)
                #expect(gaps == 0)
                let own = try await bodies(world, "dossier = '\(dossier.id)'")
                #expect(own.contains { $0.contains(code) })
                let parts = try await bodies(world, "dossier <> '\(dossier.id)'")
                #expect(parts.count >= 6)
                for body in parts {
                    #expect(body.contains(dossier.id.description))
                    #expect(!body.contains(code))
                    #expect(!body.contains(lookUp.compact) && !body.contains(lookUp.description))
                }
                #expect(!own.contains { $0.contains(lookUp.compact) || $0.contains(lookUp.description) })
                let carriers = try await world.observer.rows(
                    "SELECT dossier || ' ' || number FROM engine.notice WHERE look_up IS NOT NULL")
                #expect(carriers == ["\(dossier.id) 1"])
            }
        }

        private func bodies(_ world: EngineWorld, _ condition: String) async throws -> [String] {
            try await world.observer.rows(
                "SELECT convert_from(body, 'UTF8') FROM engine.notice WHERE \(condition) ORDER BY dossier, number")
        }

        @Test(.database)
        func `R23 events stay in the month in which their dossier was received`() async throws {
            try await EngineWorld.with(at: "2026-03-31T16:00") { world in
                let dossier = try await world.submit().state.dossier
                try world.clock.set("2026-04-01T08:00")
                try await world.done(dossier, "receive", "accept")
                let birth = try await world.child(dossier, "birth")
                let places = try await world.observer.rows(
                    """
                    SELECT DISTINCT dossier || ' ' || tableoid::regclass || ' ' || received FROM engine.event ORDER BY 1
                    """)
                #expect(
                    places == [
                        "\(dossier.id) engine.event_2026_03 2026-03-01", "\(birth.id) engine.event_2026_04 2026-04-01",
                    ])
                #expect(
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.event_2026_03 WHERE recorded_at >= '2026-04-01T00:00+07'") > 0)
            }
        }

        @Test(.database)
        func `R24 the flagship runs behind the wall, in two provinces, as motcua_engine`() async throws {
            var setup = EngineSetup()
            setup.change = { configuration in
                configuration.connectionString = configuration.connectionString.replacing(
                    "user=postgres", with: "user=motcua_engine")
            }
            try await EngineWorld.with(setup) { world in
                let users = try await world.observer.rows(
                    """
                    SELECT DISTINCT usename::text FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> 'postgres'
                    """)
                #expect(users == ["motcua_engine"])
                let dossier = try await world.throughout(form: ["residence.commune": "45001"])
                #expect(try await world.engine.dossier(dossier)?.state.hasEnded == true)
                #expect(
                    try await world.observer.rows("SELECT DISTINCT province::text FROM engine.event ORDER BY 1")
                        == ["44", "48"])
            }
        }
    }
}

extension CommandError {
    /// For `#expect(throws:)`, which compares.
    static var isUnavailable: CommandError { .unavailable(retryAfterSeconds: 1) }
}

extension CommandError: Equatable {
    /// By what the caller is told; details do not count.
    static func == (left: CommandError, right: CommandError) -> Bool {
        switch (left, right) {
        case (.keyReused, .keyReused), (.unavailable, .unavailable), (.invalid, .invalid), (.failed, .failed),
            (.unknownProcedure, .unknownProcedure), (.notInForce, .notInForce), (.unknownCentre, .unknownCentre),
            (.noDossier, .noDossier):
            true
        default: false
        }
    }
}

extension EngineWorld {
    /// The flagship from the desk to the result, with a supplement on the way; gives the dossier when all is over.
    @discardableResult
    func throughout(form changes: [String: JSONValue] = [:]) async throws -> DossierRef {
        let dossier = try await submit(form: changes).state.dossier
        try await done(dossier, "receive", "supplement")
        try await done(dossier, "receive.supplement", "answered")
        try await done(dossier, "receive", "accept")
        try await born(dossier)
        try await done(try await child(dossier, "share/residence"), "register", "done")
        try await done(try await child(dossier, "share/insurance"), "issue", "issue")
        try await done(dossier, "return-result", "handed-over")
        return dossier
    }
}
