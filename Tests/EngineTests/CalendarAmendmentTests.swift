import Dossiers
import Notices
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

@Suite(.database, .timeLimit(.minutes(2)))
struct CalendarAmendmentTests {
    @Test func `R4 an amended calendar moves the promise of open dossiers, later only, and leaves the first`()
        async throws
    {
        try await EngineWorld.with(at: "2026-03-02T08:30") { world in
            let dossier = try await world.submit().state.dossier
            try await world.complete(dossier, "receive", "accept")
            let promised = try #require(Instant(iso8601: "2026-03-05T17:00"))
            #expect(try await world.engine.dossier(dossier)?.state.clock.promised == promised)

            var texts = try Workflows.texts()
            let name = "calendars/vn-state.yaml"
            let old = String(decoding: try #require(texts[name]), as: UTF8.self)
            let extra = """
                days-off:
                  - {date: 2026-03-04, reason: {vi: Nghỉ bão, en: Storm}, basis: test}
                """
            let new = old.replacing("days-off:\n", with: extra + "\n", maxReplacements: 1)
            try #require(new != old)
            texts[name] = Array(new.utf8)
            let report = try await world.engine.install(texts, by: "test")
            #expect(!report.hasErrors, "\(report.rows.map(\.finding.message.en))")

            let later = try #require(Instant(iso8601: "2026-03-06T17:00"))
            let state = try await world.eventually("the promise moves") {
                let state = try await world.engine.dossier(dossier)?.state
                return state?.clock.promised == later ? state : nil
            }
            #expect(state.clock.firstPromised == promised)
            #expect(state.clock.promiseCause == .calendar)
            // Back again: what was promised later stays.
            _ = try await world.engine.install(try Workflows.texts(), by: "test")
            try await world.complete(try await world.child(dossier, "birth"), "check", "ok")
            #expect(try await world.engine.dossier(dossier)?.state.clock.promised == later)
        }
    }
}
