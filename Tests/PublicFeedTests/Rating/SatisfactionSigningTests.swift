import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// Months of ratings, which no notice tells, are what was signed of them.
@Suite(.timeLimit(.minutes(2)))
struct SatisfactionSigningTests {
    /// Three counted months of province 48: two agencies, one, and too few.
    private static func fill(_ world: LogWorld) async throws {
        let store = ProgressReader(feed: world.feed, lifetime: .zero).ratings
        var number = 0
        func rate(_ count: Int, _ agency: String, _ level: SatisfactionLevel, _ day: String) async throws {
            for _ in 0..<count {
                number += 1
                let dossier = RatedDossier(province: 48, dossier: Some.id(number), agency: agency)
                #expect(try await store.put(level, of: dossier, on: #require(CivilDate(day))))
            }
        }
        try await rate(12, "A", .satisfied, "2026-01-05")
        try await rate(11, "B", .verySatisfied, "2026-01-06")
        try await rate(13, "A", .acceptable, "2026-02-05")
        try await rate(2, "A", .dissatisfied, "2026-03-05")
        let signing = SatisfactionSigning(keys: world.keys, folder: world.folder)
        let today = try #require(CivilDate("2026-04-11"))
        #expect(try await SatisfactionCounting.count(on: today, world.feed, signing: signing) == 3)
        // The tree of the province, so that there is something to audit.
        try await world.feedWorld.sequence(Histories.sequenced(Histories.mixed(3, seed: 41)))
        try await world.feedWorld.catchUp(world.feedWorld.follower())
        try await world.signer().round()
    }

    private static func findings(_ world: LogWorld) async throws -> [String] {
        let audit = LogAudit(feed: world.feed, source: nil, keys: [], folder: world.folder)
        return try await audit.run(48).findings.map(\.what)
    }

    @Test func `what was counted is signed in words that anybody can read, each month with the one before it`()
        async throws
    {
        try await LogWorld.with { world in
            try await Self.fill(world)
            let notes = try await world.feed.withSession { try $0.run(SatisfactionNoteStatements.all, 48) }
            #expect(notes.map(\.number) == [1, 2, 3])
            let first = try #require(SignedNote(notes[0].note))
            let key = try #require(world.keys.key(48))
            #expect(notes.allSatisfy { SignedNote($0.note)?.isSigned(by: key) == true })
            #expect(
                first.text == """
                    test.example/log/48/satisfaction
                    2026-01
                    -
                    whole 0 0 12 11
                    agency A 0 0 12 0
                    agency B 0 0 0 11

                    """)
            let last = try #require(SignedNote(notes[2].note)).text.split(separator: "\n")
            #expect(last[2] == Base64Text.encode(MerkleHash.plain(Array(notes[1].note.utf8))))
            #expect(last[3] == "whole -")
            #expect(try world.folder.satisfaction(48) == notes[2].note)
            #expect(try await Self.findings(world) == [])
        }
    }

    @Test func `a last note that did not get out of the database is kept with the next count, and no other`()
        async throws
    {
        try await LogWorld.with { world in
            try await Self.fill(world)
            let notes = try await world.feed.withSession { try $0.run(SatisfactionNoteStatements.all, 48) }.map(\.note)
            let signing = SatisfactionSigning(keys: world.keys, folder: world.folder)
            let foreign = notes[2].replacing("2026-03", with: "2026-04")
            for (kept, then) in [(notes[1], notes[2]), (notes[0], notes[2]), (notes[2], notes[2]), (foreign, foreign)] {
                try world.folder.keep(satisfaction: kept, of: 48)
                let today = try #require(CivilDate("2026-04-12"))
                #expect(try await SatisfactionCounting.count(on: today, world.feed, signing: signing) == 0)
                #expect(try world.folder.satisfaction(48) == then)
            }
        }
    }

    @Test func `a month that is counted while an audit reads is no finding`() async throws {
        try await LogWorld.with { world in
            try await Self.fill(world)
            let audit = LogAudit(feed: world.feed, source: nil, keys: [], folder: world.folder)
            let signing = SatisfactionSigning(keys: world.keys, folder: world.folder)
            let running = try await world.feed.transaction { transaction in
                try transaction.execute("LOCK TABLE feed.satisfaction_note IN ACCESS EXCLUSIVE MODE")
                let running = Task { try await audit.run(48).findings }
                // From here on its snapshot is older than what follows.
                while try transaction.run(Self.waiting).first == 0 {}
                let last = try #require(try transaction.run(SatisfactionNoteStatements.last, 48).first)
                let key = MonthKey(province: 48, month: StatisticSpan.nextMonth(after: last.month))
                _ = try transaction.run(SatisfactionStatements.claim, key)
                let note = try signing.note(SatisfactionMonth(of: [:]), of: key, after: last.note)
                let signed = SatisfactionNote(month: key.month, number: last.number + 1, note: note)
                _ = try transaction.run(SatisfactionNoteStatements.put, (province: 48, note: signed))
                try signing.keep(note, of: 48)
                return running
            }
            #expect(try await running.value == [])
            #expect(try await Self.findings(world) == [])
        }
    }

    private static let waiting = Statement<Void, Int64>(
        name: "test_satisfaction_waiting",
        sql: "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'feed.satisfaction_note'::regclass",
        decode: { try $0.int8() })

    @Test func `months that were counted before anything was signed are said and not judged`() async throws {
        try await LogWorld.with { world in
            try await world.feedWorld.sequence(Histories.sequenced(Histories.mixed(3, seed: 42)))
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            let store = ProgressReader(feed: world.feed, lifetime: .zero).ratings
            let signing = SatisfactionSigning(keys: world.keys, folder: world.folder)
            var unsigned: [CivilDate] = []
            for (number, month) in ["2026-01", "2026-02", "2026-03"].enumerated() {
                let dossier = RatedDossier(province: 48, dossier: Some.id(number), agency: "A")
                #expect(try await store.put(.satisfied, of: dossier, on: #require(CivilDate("\(month)-05"))))
                let next = try #require(CivilDate("2026-0\(number + 2)-11"))
                #expect(
                    try await SatisfactionCounting.count(on: next, world.feed, signing: number < 2 ? nil : signing) == 1
                )
                if number < 2 { unsigned.append(try #require(CivilDate("\(month)-01"))) }
                let audit = LogAudit(feed: world.feed, source: nil, keys: [], folder: world.folder)
                let outcome = try await audit.run(48)
                #expect(outcome.findings == [])
                #expect(outcome.figures.unsignedMonths == unsigned)
            }
            // Whatever was counted since is judged.
            try await world.tamper("DELETE FROM feed.satisfaction_note")
            #expect(try await Self.findings(world).count == 4)
        }
    }

    @Test(arguments: [
        (
            "UPDATE feed.satisfaction SET counts[4] = counts[4] + 5 WHERE kind = 1 AND agency = 'A'",
            "feed.satisfaction 2026-01-01: it is not"
        ),
        ("UPDATE feed.satisfaction SET counts = '{0,0,0,20}' WHERE month = '2026-03-01'", "2026-03-01: it is not"),
        ("UPDATE feed.satisfaction SET counts = NULL WHERE month = '2026-02-01'", "2026-02-01: it is not"),
        ("DELETE FROM feed.satisfaction WHERE month = '2026-02-01'", "2026-02-01: it is not"),
        (
            "INSERT INTO feed.satisfaction VALUES (48, '2026-04-01', 0, '', '{0,0,0,30}')",
            "2026-04-01: nobody has signed"
        ),
        (
            "DELETE FROM feed.satisfaction WHERE month = '2026-02-01'; "
                + "DELETE FROM feed.satisfaction_note WHERE month = '2026-02-01'", "2026-03-01: it is not"
        ),
        (
            "DELETE FROM feed.satisfaction WHERE month = '2026-03-01'; "
                + "DELETE FROM feed.satisfaction_note WHERE month = '2026-03-01'", "signed last is gone"
        ),
        ("UPDATE feed.satisfaction_note SET note = replace(note, 'whole -', 'whole 9')", "2026-03-01: it is not"),
    ])
    func `a counted month that was changed, put in or taken away by SQL is named`(_ sql: String, _ what: String)
        async throws
    {
        try await LogWorld.with { world in
            try await Self.fill(world)
            try await world.tamper(sql)
            let findings = try await Self.findings(world)
            #expect(findings.contains { $0.contains(what) }, "\(findings)")
        }
    }
}
