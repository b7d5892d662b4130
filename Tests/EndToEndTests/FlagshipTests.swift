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

    @Test func `no public answer shows anything of the people whose dossiers were submitted`() async throws {
        let season = try await Season.all.value
        #expect(season.crawl.exposures.isEmpty)
        // Every dossier's page was read, its JSON and its receipt; the legal codes' too.
        let read = season.crawl.statuses.filter { $0.value == 200 }.keys
        #expect(season.codes.count == Path.allCases.count)
        for code in season.codes {
            for path in [
                "/ho-so/\(code)", "/ho-so/\(code)/giay-tiep-nhan?lang=en", "/v1/progress/\(code)",
                "/ho-so/\(code)/danh-gia", "/ho-so/\(code)/danh-gia?lang=en",
            ] {
                #expect(read.contains(path), "\(path)")
            }
            // Kept by the feed's own role, or not yet to be rated.
            #expect([303, 409].contains(season.crawl.ratings[code]), "\(code)")
        }
        #expect(season.crawl.ratings.values.contains(303))
        #expect(read.contains { $0.hasPrefix("/ho-so/000.") } && read.contains("/rieng-tu?lang=vi"))
    }

    @Test(arguments: [
        "Trần Thị Mẫu", "TRẦN THỊ MẪU", "số 12 bạch đằng", "ĐT 0905 123 456", "048.196.001.234", "sinh ngày 20/05/1996",
        "1996-05-20", "048326000123",
    ])
    func `a personal value is found however it is written`(text: String) {
        #expect(!FlagshipForm.everySubmittedValue.shown(in: "<p>… \(text) …</p>").isEmpty)
    }

    @Test func `what agencies publish is not taken for personal`() {
        let page =
            "Bộ phận Một cửa, UBND phường Hải Châu, thành phố Đà Nẵng, Việt Nam. ĐT 0236 3822 333, 27/02/2026 16:30"
        #expect(FlagshipForm.everySubmittedValue.shown(in: page).isEmpty)
        #expect(FlagshipForm.everySubmittedValue.count > 15)
    }
}

/// The outcome of all paths, told once a process.
private struct Season: Sendable {
    var faults: [Path: [Story.Fault]] = [:]
    var afterwards: [String] = []
    /// The look-up codes of all dossiers, and all that the public site answers to whoever holds them.
    var codes: [String] = []
    var crawl = PublicCrawl.Outcome()

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
            await withTaskGroup(of: (Path, Story).self) { group in
                for path in Path.allCases {
                    group.addTask { (path, await tell(path, live, cast, conductor)) }
                }
                for await (path, story) in group {
                    season.faults[path] = story.faults
                    season.codes.append(story.lookUp)
                }
            }
            season.afterwards = try await Evidence.gathered(from: live.database).faults
            season.crawl = try await PublicCrawl(live, FlagshipForm.everySubmittedValue).run(season.codes)
            return season
        }
    }

    private static func tell(
        _ path: Path, _ live: LiveSystem, _ cast: Cast, _ conductor: Conductor
    ) async -> Story {
        let story = Story(path.rawValue, live, cast, conductor)
        do { try await path.tell(story) } catch { story.fault("\(error)", #_sourceLocation) }
        await conductor.leave()
        return story
    }
}
