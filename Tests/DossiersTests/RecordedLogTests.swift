import Dossiers
import Foundation
import JSONText
import Testing
import WorkingTime

/// R5: logs that releases wrote are read by every later build, and fold to the states that were recorded with them. How new
/// ones are recorded stands in `Tests/RecordedLogs/README.md`.
struct RecordedLogTests {
    /// The logs, by their paths below the folder.
    static let logs: [String] = {
        let files = FileManager.default.enumerator(atPath: RecordedPaths.folder.path)
        return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".jsonl") }.sorted()
    }()

    private static func events(_ log: String) throws -> [(event: Event, bytes: [UInt8])] {
        let bytes = [UInt8](try Data(contentsOf: RecordedPaths.folder.appending(path: log)))
        return try bytes.split(separator: UInt8(ascii: "\n")).map { (try Event(decoding: Array($0)), Array($0)) }
    }

    private static func stateFile(_ log: String) -> URL {
        RecordedPaths.folder.appending(path: log.replacing(".jsonl", with: ".state.json"))
    }

    @Test(arguments: logs)
    func `R5 a recorded log is read, and folds to the state that was recorded with it`(_ log: String) throws {
        let events = try Self.events(log)
        #expect(events.map(\.event.sequence) == (1...Int64(events.count)).map { $0 })
        for (event, bytes) in events {
            let format = try JSONValue.parse(bytes)["F"]?.integerValue
            // What this build writes itself it must write to the same bytes: they were hashed.
            if format == Int64(Event.format) {
                #expect(event.encoded() == bytes, "\(log) \(event.sequence)")
            }
        }
        let state = try #require(events.reduce(nil as State?) { evolve($0, $1.event) })
        if ProcessInfo.processInfo.environment["MOTCUA_RECORD_STATES"] != nil {
            try Data(state.encoded()).write(to: Self.stateFile(log))
        }
        let recorded = [UInt8](try Data(contentsOf: Self.stateFile(log)))
        #expect(
            try JSONValue.parse(recorded)["F"]?.integerValue == Int64(State.fold),
            "the fold was raised: record the states anew, and read the difference")
        #expect(
            state.encoded() == recorded,
            "\(String(decoding: state.encoded(), as: UTF8.self)) instead of \(String(decoding: recorded, as: UTF8.self))"
        )
    }

    @Test func `R5 the recorded logs hold every kind of event, and every main path`() throws {
        var reached: [String: Int] = [:]
        for log in Self.logs {
            for (event, _) in try Self.events(log) { reached[event.body.kind, default: 0] += 1 }
        }
        #expect(RecordedPaths.kinds.subtracting(reached.keys) == [])
        let releases = Set(Self.logs.compactMap { $0.split(separator: "/").first })
        #expect(!releases.isEmpty)
        for path in RecordedPaths.names {
            #expect(Self.logs.contains { $0.contains("/\(path)/") }, "\(path) was never recorded")
        }
    }

    @Test(.enabled(if: RecordedPaths.release != nil))
    func `records the logs of a release`() throws {
        let release = try #require(RecordedPaths.release)
        let folder = RecordedPaths.folder.appending(path: release)
        try #require(!FileManager.default.fileExists(atPath: folder.path), "\(release) was recorded before")
        let known = Set(
            try Self.logs.map { try Data(contentsOf: RecordedPaths.folder.appending(path: $0)) })
        for (path, simulator) in try RecordedPaths.runs() {
            for (number, dossier) in simulator.logs.keys.sorted(by: { $0.id < $1.id }).enumerated() {
                let events = try #require(simulator.logs[dossier])
                let state = try #require(simulator.dossiers[dossier])
                let lines = Data(events.flatMap { $0.encoded() + [UInt8(ascii: "\n")] })
                // What an earlier release wrote to the same bytes stands there already.
                guard !known.contains(lines) else { continue }
                let place = folder.appending(path: path)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                let name = "\(number + 1)-\(state.procedure)"
                try lines.write(to: place.appending(path: "\(name).jsonl"))
                try Data(state.encoded()).write(to: place.appending(path: "\(name).state.json"))
            }
        }
    }
}

/// What is recorded of a release.
enum RecordedPaths {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "RecordedLogs")

    /// The name under which logs are recorded now; nil: none are.
    static var release: String? { ProcessInfo.processInfo.environment["MOTCUA_RECORD_LOGS"] }

    /// The main paths of the flagship; each by the test that drives it.
    static let names = [
        "returned", "supplements", "verified", "birth-refused", "residence-refused", "withdrawn-early",
        "withdrawn-late",
        "withdrawal-rejected", "silence", "obstacle", "rerouted", "apology", "late", "triplets",
    ]

    /// The kinds of events that must be recorded. `ending` comes only where a procedure ends while its links run, which none
    /// here does; its bytes stand in `CodingTests`.
    static let kinds = Set(InvariantTests.kinds).subtracting(["ending"])

    /// Every main path, and random runs for the kinds of events that they do not reach.
    static func runs() throws -> [(path: String, simulator: Simulator)] {
        var runs: [(path: String, simulator: Simulator)] = []
        for name in names { runs.append((name, try story(name).simulator)) }
        var missing = Self.kinds.subtracting(runs.flatMap { kinds($0.simulator) })
        let calendar = try TrainingCalendar.state()
        for seed in UInt64(1)...2_000 where !missing.isEmpty {
            var run = try RandomRun(seed: seed, calendar: calendar)
            for _ in 0..<60 { run.step() }
            let found = kinds(run.simulator)
            guard !missing.isDisjoint(with: found) else { continue }
            missing.subtract(found)
            runs.append(("random-\(seed)", run.simulator))
        }
        #expect(missing == [])
        return runs
    }

    private static func kinds(_ simulator: Simulator) -> [String] {
        simulator.logs.values.flatMap { $0.map(\.body.kind) }
    }

    private static func story(_ name: String) throws -> Story {
        switch name {
        case "withdrawn-early", "silence", "birth-refused", "triplets": try early(name)
        case "supplements", "obstacle", "rerouted": try birth(name)
        default: try shared(name)
        }
    }

    /// Paths that end before the birth is registered, or wait for papers at the desk.
    private static func early(_ name: String) throws -> Story {
        var story = try Story.flagship("2026-03-02T08:30")
        switch name {
        case "withdrawn-early": try story.withdraw(at: "2026-03-02T08:40")
        case "triplets":
            let second = try story.submitSibling(of: story.root)
            try story.withdraw(at: "2026-03-02T08:40")
            // The third is told of by the second; the first has ended, and hears of it all the same.
            _ = try story.submitSibling(of: second)
        case "silence":
            try story.complete("receive", "supplement", at: "2026-03-02T10:00", said: Story.missing)
            try story.wait(until: "2026-03-12T00:11")
            try story.complete("sign-refusal", "sign", at: "2026-03-12T09:00", said: Story.reason)
        default:
            try story.complete("receive", "accept", at: "2026-03-02T09:00")
            try story.complete("check", "unfit", at: "2026-03-02T10:00", in: "birth")
            try story.complete("refuse", "sign", at: "2026-03-02T11:00", in: "birth", said: Story.reason)
        }
        return story
    }

    /// What can happen while the birth is registered.
    private static func birth(_ name: String) throws -> Story {
        var story = try Story.flagship("2026-03-02T08:00")
        let desk = Actor.officer(id: "o-1", agency: "000.01.H17", roles: ["reception"])
        if name == "supplements" {
            try story.complete("receive", "supplement", at: "2026-03-02T08:10", said: Story.missing)
            try story.answer("receive.supplement", at: "2026-03-03T08:00")
            let task = try story.running("receive", in: story.root).activation
            try story.simulator.perform(.claim(activation: task), on: story.root, by: desk)
            try story.simulator.perform(.release(activation: task), on: story.root, by: desk)
        }
        try story.complete("receive", "accept", at: "2026-03-03T08:10")
        if name == "supplements" {
            let part = try story.child("birth")
            try story.simulator.perform(
                .reassign(activation: try story.running("check", in: part).activation, officer: "a-1"), on: part,
                by: .officer(id: "a-2", agency: "000.11.H17", roles: ["civil-status"]))
            try story.complete(
                "check", "supplement", at: "2026-03-03T09:00", in: "birth", officer: "a-1", said: Story.missing)
            try story.answer("check.supplement", at: "2026-03-05T14:00", in: "birth")
        }
        if name == "rerouted" {
            try story.complete(
                "check", "wrong-commune", at: "2026-03-03T08:20", in: "birth", said: ["agency": .agency("000.12.H17")])
        }
        try story.complete("check", "ok", at: "2026-03-05T14:30", in: "birth")
        if name == "obstacle" {
            let part = try story.child("birth")
            let call = try story.running("register", in: part).activation
            for _ in 0..<3 {
                try story.simulator.perform(.callFailed(activation: call), on: part, by: .connector("civil-registry"))
            }
            try story.simulator.perform(
                .complete(activation: call, outcome: "number", said: [:]), on: part, by: .connector("civil-registry"))
            return story
        }
        try story.complete("register", "number", at: "2026-03-05T14:40", in: "birth")
        try story.complete("sign", "sign", at: "2026-03-05T15:00", in: "birth", officer: "o-2")
        return story
    }

    /// What can happen once the birth is issued.
    private static func shared(_ name: String) throws -> Story {
        var story = try Story.shared(
            submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-02T11:00")
        switch name {
        case "verified":
            try story.complete("register", "consent", at: "2026-03-03T08:00", in: "share/residence")
            try story.answer("register.consent", at: "2026-03-05T08:00", in: "share/residence")
            try story.complete("register", "verify", at: "2026-03-05T09:00", in: "share/residence")
        case "residence-refused":
            try story.complete("register", "refuse", at: "2026-03-03T09:00", in: "share/residence")
            try story.complete("refuse", "sign", at: "2026-03-03T10:00", in: "share/residence", said: Story.reason)
            try story.complete("issue", "issue", at: "2026-03-04T09:00", in: "share/insurance")
        case "withdrawn-late":
            try story.withdraw(at: "2026-03-03T08:00")
            try story.complete("withdrawal.confirm", "confirm", at: "2026-03-03T09:00")
        case "withdrawal-rejected":
            try story.withdraw(at: "2026-03-03T08:00")
            try story.complete("withdrawal.confirm", "reject", at: "2026-03-04T09:00")
        case "apology":
            try story.wait(until: "2026-03-03T09:00")
            try story.simulator.perform(
                .reappoint(to: try at("2026-03-10T17:00"), said: Story.reason), on: try story.child("share/residence"),
                by: .officer(id: "h", agency: "000.21.H17", roles: ["police-head"]))
        case "late": try story.wait(until: "2026-03-05T17:11")
        default:
            try story.complete("register", "done", at: "2026-03-03T09:00", in: "share/residence")
            try story.complete("issue", "issue", at: "2026-03-03T10:00", in: "share/insurance")
            try story.complete("return-result", "handed-over", at: "2026-03-04T08:00")
        }
        return story
    }
}
