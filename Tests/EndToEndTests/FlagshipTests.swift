import Synchronization
import TestSupport
import Testing
import WorkingTime

/// The flagship over HTTP: all paths at once in one system, under one legal clock, each looked at by the citizen's code.
@Suite(.timeLimit(.minutes(5)))
struct FlagshipTests {
    @Test(arguments: Path.allCases) func `every path ends as the law has it`(_ path: Path) async throws {
        for fault in try await Season.all.value.faults[path] ?? [] {
            Issue.record(Comment(rawValue: fault.text), sourceLocation: fault.place)
        }
    }

    @Test func `after all paths the log is whole, nothing is stuck, and the public side knows every notice`()
        async throws
    {
        let faults = try await Season.all.value.afterwards
        #expect(faults.isEmpty)
    }
}

/// The outcome of all paths, told once a process.
private struct Season: Sendable {
    var faults: [Path: [Story.Fault]] = [:]
    var afterwards: [String] = []

    static let all = Task { () async throws -> Season in
        // One officer who holds both posts: only so four eyes can be tried.
        let post = "dn-haichau-phochutich-01: {agency: 000.01.01.H17, roles: [chairman]}"
        let texts = try Project.texts(
            "agencies/da-nang.yaml", replacing: [(post, post.replacing("[chairman]", with: "[civil-status, chairman]"))]
        )
        return try await LiveSystem.with(at: try Story.instant("03-02T07:30"), texts: texts) { live in
            let cast = try await Cast(live)
            let conductor = Conductor(live.clock, count: Path.allCases.count)
            var season = Season()
            await withTaskGroup(of: (Path, [Story.Fault]).self) { group in
                for path in Path.allCases {
                    group.addTask { (path, await tell(path, live, cast, conductor)) }
                }
                for await (path, faults) in group { season.faults[path] = faults }
            }
            season.afterwards = try await Evidence.gathered(from: live.database).faults
            return season
        }
    }

    private static func tell(
        _ path: Path, _ live: LiveSystem, _ cast: Cast, _ conductor: Conductor
    ) async -> [Story.Fault] {
        let story = Story(path.rawValue, live, cast, conductor)
        do { try await path.tell(story) } catch { story.fault("\(error)", #_sourceLocation) }
        await conductor.leave()
        return story.faults
    }
}
