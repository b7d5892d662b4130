import Dossiers
import Procedures
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// What agencies find in their lists.
    @Suite struct Lists {
        @Test(.database)
        func `an agency finds a dossier in which it has, or had, a step`() async throws {
            try await EngineWorld.with { world in
                let left = "000.01.01.H17"
                let dossier = try await world.twoDesks(key: "s1")
                let other = try await world.submit("two-desks", key: "s2").state.dossier
                func list(_ agency: String, isCentre: Bool = false) async throws -> [DossierRef] {
                    try await world.engine.dossiers(
                        DossierFilter(province: 48, agency: agency, isCentre: isCentre, limit: 10)
                    ).dossiers.map(\.state.dossier)
                }
                #expect(try await list(left) == [dossier])
                try await world.done(dossier, "share/left/make", "made")
                #expect(try await list(left) == [dossier])
                #expect(try await list(left, isCentre: true) == [])
                #expect(try await Set(list(EngineWorld.centre)) == [other, dossier])
                #expect(try await list("000.02.02.H17") == [])
                #expect(try await world.engine.hadStep(left, in: dossier))
                #expect(try await !world.engine.hadStep(left, in: other))
                // No row for those who find it anyway.
                #expect(
                    try await world.observer.rows("SELECT agency::text FROM engine.dossier_agency ORDER BY 1")
                        == [left, "000.02.01.H17"])
            }
        }

        @Test(.database)
        func `a worklist of one procedure has full pages`() async throws {
            try await EngineWorld.with { world in
                try await world.loadTwoDesks()
                for number in 0..<3 {
                    _ = try await world.submit("two-desks", key: "t\(number)")
                    _ = try await world.submit(key: "f\(number)")
                }
                var filter = Engine.WorklistFilter(
                    province: 48, agency: EngineWorld.centre, procedure: "two-desks", limit: 2)
                let first = try await world.engine.worklist(filter)
                #expect(first.tasks.map(\.procedure.name) == ["two-desks", "two-desks"])
                filter.place = try #require(first.next)
                let second = try await world.engine.worklist(filter)
                #expect(second.tasks.map(\.procedure.name) == ["two-desks"] && second.next == nil)
                filter.place = try #require(second.previous)
                let again = try await world.engine.worklist(filter)
                #expect(again.tasks.map(\.dossier) == first.tasks.map(\.dossier) && again.previous == nil)
                #expect(again.next == first.next)
            }
        }
    }
}
