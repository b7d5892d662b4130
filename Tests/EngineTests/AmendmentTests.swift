import Dossiers
import Notices
import Postgres
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

/// What open dossiers are told when the files by which their dates are computed change (R4).
@Suite(.serialized, .timeLimit(.minutes(3)))
struct AmendmentTests {
    private static let old = "000.01.01.H17"
    private static let new = "000.01.08.H17"

    /// The files with an agency that takes over the birth registrations of Hai Chau.
    private static func succeeded(until: String, from: String) throws -> [String: [UInt8]] {
        let line = "  000.01.01.H17: {kind: civil-status, "
        let next =
            "  000.01.08.H17: {kind: civil-status, title: {vi: UBND phường mới, en: New ward}, serves: [\"48001\"], "
            + "from: \(from), succeeds: [000.01.01.H17]}\n"
        var texts = try Workflows.texts()
        let text = String(decoding: try #require(texts["agencies/da-nang.yaml"]), as: UTF8.self)
        try #require(text.contains(line))
        texts["agencies/da-nang.yaml"] = Array(
            text.replacing(line, with: next + line + "until: \(until), ").utf8)
        return texts
    }

    private static func timer(_ world: EngineWorld, _ dossier: DossierRef) async throws -> [String] {
        try await world.observer.rows(
            """
            SELECT to_char(due_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') FROM engine.agenda
            WHERE dossier = '\(dossier.id)' AND key = 'succession/0'
            """)
    }

    @Test(.database)
    func `R4 a succession that is loaded arms the timers of open dossiers at once, and moves and disarms them`()
        async throws
    {
        try await EngineWorld.with { world in
            let dossier = try await world.accepted()
            let birth = try await world.child(dossier, "birth")
            let events = try await world.kinds(birth)
            #expect(try await Self.timer(world, birth) == [])
            #expect(
                try await !world.engine.install(
                    Self.succeeded(until: "2026-03-09", from: "2026-03-10"), by: "test"
                ).hasErrors)
            _ = try await world.eventually("the timer is armed") {
                try await Self.timer(world, birth) == ["2026-03-10 00:00"] ? true : nil
            }
            _ = try await world.engine.install(Self.succeeded(until: "2026-03-02", from: "2026-03-03"), by: "test")
            _ = try await world.eventually("the timer is moved") {
                try await Self.timer(world, birth) == ["2026-03-03 00:00"] ? true : nil
            }
            _ = try await world.engine.install(try Workflows.texts(), by: "test")
            _ = try await world.eventually("the timer is disarmed") {
                try await Self.timer(world, birth) == [] ? true : nil
            }
            // Nothing of it happened to the dossier.
            #expect(try await world.kinds(birth) == events)
            // What was overtaken by the next amendment does not wait for ever.
            world.clock.advance(seconds: Amendment.patienceSeconds + 60)
            _ = try await world.eventually("no row tells of an amendment any more") {
                try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE key LIKE 'agencies/%'") == 0
                    ? true : nil
            }
        }
    }

    @Test(.database) func `R4 work passes to a successor on its day without anybody's command`() async throws {
        try await EngineWorld.with { world in
            let first = try await world.child(try await world.accepted(), "birth")
            _ = try await world.engine.install(Self.succeeded(until: "2026-03-02", from: "2026-03-03"), by: "test")
            _ = try await world.eventually("the timer is armed") {
                try await Self.timer(world, first) == ["2026-03-03 00:00"] ? true : nil
            }
            #expect(try await world.task(first, "check").agency == Self.old)
            try world.clock.set("2026-03-03T00:00")
            _ = try await world.eventually("the task passes on") {
                try await world.task(first, "check").agency == Self.new ? true : nil
            }
        }
    }

    @Test(.database) func `R4 work passes to a successor at once when its day is past`() async throws {
        try await EngineWorld.with(at: "2026-03-03T08:00") { world in
            let second = try await world.child(try await world.accepted(), "birth")
            #expect(try await world.task(second, "check").agency == Self.old)
            _ = try await world.engine.install(Self.succeeded(until: "2026-03-01", from: "2026-03-02"), by: "test")
            _ = try await world.eventually("the task passes on at once") {
                try await world.task(second, "check").agency == Self.new ? true : nil
            }
            #expect(try await world.kinds(second).filter { $0 == "succeeded" }.count == 1)
        }
    }

    @Test(.database) func `R4 an amended calendar moves timers that no event moves`() async throws {
        try await EngineWorld.with(at: "2026-03-02T08:30") { world in
            let dossier = try await world.accepted()
            let birth = try await world.child(dossier, "birth")
            try await world.done(birth, "check", "ok")
            let down = """
                SELECT to_char(due_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') FROM engine.agenda
                WHERE dossier = '\(birth.id)' AND key LIKE 'down/%'
                """
            let before = try #require(try await world.observer.rows(down).first)
            #expect(before.hasPrefix("2026-03-02"))
            var texts = try Workflows.texts()
            let text = String(decoding: try #require(texts["calendars/vn-state.yaml"]), as: UTF8.self)
            let days = "days-off:\n  - {date: 2026-03-02, reason: {vi: Nghỉ bão, en: Storm}, basis: test}\n"
            texts["calendars/vn-state.yaml"] = Array(
                text.replacing("days-off:\n", with: days, maxReplacements: 1).utf8)
            #expect(try await !world.engine.install(texts, by: "test").hasErrors)
            _ = try await world.eventually("the call's timer moves") {
                try await world.observer.rows(down).first?.hasPrefix("2026-03-03") == true ? true : nil
            }
        }
    }

    @Test(.database) func `an agency with open tasks cannot be left out of the files`() async throws {
        try await EngineWorld.with { world in
            _ = try await world.child(try await world.accepted(), "birth")
            let agency = try #require(
                try await world.observer.rows(
                    "SELECT agency FROM engine.task WHERE kind = 1 AND agency <> '000.00.01.H17' LIMIT 1"
                ).first)
            let texts = try Workflows.texts().mapValues { bytes in
                Array(String(decoding: bytes, as: UTF8.self).replacing(agency, with: "999.99.99.H17").utf8)
            }
            let report = try await world.engine.install(texts, by: "test")
            let errors = report.rows.map(\.finding).filter { $0.severity == .error }
            #expect(errors.map(\.rule) == [.v12])
            #expect(errors.first?.message.en.contains(agency) == true)
            #expect(world.engine.catalogue.directory.agencies[agency] != nil)
        }
    }

    @Test(.database) func `R4 files that were amended while the server was down are told of when it starts with them`()
        async throws
    {
        try await EngineWorld.with { world in
            let birth = try await world.child(try await world.accepted(), "birth")
            let pool = try TestDatabase.current.pool(size: 2)
            let starting = DossierEngine(
                pool: pool, vault: world.vault, clock: EngineClock { world.clock.now }, logger: TestDatabase.logger)
            let report = try await starting.install(
                Self.succeeded(until: "2026-03-09", from: "2026-03-10"), by: "start")
            await pool.shutdown()
            #expect(!report.hasErrors)
            // The one that runs hears of it too.
            _ = try await world.eventually("the timer is armed") {
                try await Self.timer(world, birth) == ["2026-03-10 00:00"] ? true : nil
            }
        }
    }
}
