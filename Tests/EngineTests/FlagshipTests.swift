import Dossiers
import JSONText
import Notices
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

@Suite(.database, .timeLimit(.minutes(2)))
struct FlagshipTests {
    @Test func `an interconnected birth goes from the desk to the result`() async throws {
        try await EngineWorld.with(at: "2026-03-02T08:30") { world in
            let dossier = try await world.submit().state.dossier
            world.clock.set(try #require(Instant(iso8601: "2026-03-02T09:00")))
            guard case .done(let accepted) = try await world.complete(dossier, "receive", "accept") else {
                throw Failure("not accepted")
            }
            #expect(accepted.state.code == "000.00.01.H17-260302-0001")
            #expect(accepted.state.clock.promised == Instant(iso8601: "2026-03-05T17:00"))
            let birth = try await world.child(dossier, "birth")
            try await world.complete(birth, "check", "ok")
            try await world.complete(birth, "register", "number")
            try await world.complete(birth, "sign", "sign")
            let residence = try await world.child(dossier, "share/residence")
            let insurance = try await world.child(dossier, "share/insurance")
            try await world.complete(residence, "register", "done")
            try await world.complete(insurance, "issue", "issue")
            try await world.complete(dossier, "return-result", "handed-over")
            let ended = try #require(try await world.engine.dossier(dossier))
            guard case .ended(let end, let result, _) = ended.state.phase else { throw Failure("still running") }
            #expect(end == "returned")
            #expect(result == .issued)
            #expect(ended.state.parts.map(\.outcome) == ["issued", "issued", "issued"])
            // Every notice got its number, and nothing stays behind.
            _ = try await world.eventually("all notices are numbered") {
                try await world.engine.store.provincesWithNotices().isEmpty ? true : nil
            }
        }
    }
}
