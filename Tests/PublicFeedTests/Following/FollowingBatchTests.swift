import Notices
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct FollowingBatchTests {
    @Test func `only a change of completion is told, and only of a dossier that has a legal code`() {
        let uncoded = Some.notice(1, 1)
        let told = [
            Told.told(uncoded, n: 0, at: 1), Told.told(Told.notice(1, 2, .accepted), n: 1, at: 2),
            Told.told(Told.notice(1, 3, .accepted), n: 2, at: 3), Told.told(Told.notice(1, 4), n: 3, at: 4),
        ]
        let batch = FollowingBatch(told: told, known: [:], standings: [:])
        #expect(batch.entries.map(\.n) == [1, 3])
        #expect(batch.entries.map(\.stage) == [.accepted, .processing])
        #expect(batch.completions[Some.id(1)]?.number == 4)
    }

    @Test func `a notice that was overtaken tells nothing`() {
        let known = [
            Some.id(1): ToldCompletion(dossier: Some.id(1), number: 5, status: 9, stage: "decided")
        ]
        let told = [Told.told(Told.notice(1, 4), n: 10, at: 1), Told.told(Told.notice(1, 6, .returned), n: 11, at: 2)]
        let batch = FollowingBatch(told: told, known: known, standings: [:])
        #expect(batch.entries.map(\.n) == [11])
    }

    @Test func `an entry stands with the agency of its code, not with who holds the dossier`() throws {
        var notice = Told.notice(1, 1, .accepted, agency: "H17.1")
        notice.holder = Notice.Holder(agency: "H99", name: LocalText(vi: "Nơi khác"))
        let batch = FollowingBatch(told: [Told.told(notice, n: 0, at: 1)], known: [:], standings: [:])
        #expect(
            Set(batch.standings.keys.map(\.kind)) == [.province, .agency("H17.1"), .procedure("birth")])
        #expect(batch.standings[FeedChannel(province: 1, kind: .agency("H17.1"))]?.name == nil)
    }

    @Test func `time never goes back, though the machine's clock did`() {
        let told = [Told.told(Told.notice(1, 1), n: 0, at: 100), Told.told(Told.notice(2, 1), n: 1, at: 40)]
        let first = FollowingBatch(told: told, known: [:], standings: [:])
        #expect(first.entries.map(\.toldAt) == [100, 100].map { Instant(microseconds: $0 * 1_000_000) })
        let later = FollowingBatch(
            told: [Told.told(Told.notice(3, 1, agency: "H18"), n: 2, at: 50)], known: [:], standings: first.standings)
        #expect(later.entries.map(\.toldAt.microseconds) == [100_000_000])
        #expect(later.standings[FeedChannel(province: 1, kind: .agency("H18"))]?.toldAt.microseconds == 100_000_000)
    }

    @Test func `a page begins with every fiftieth entry of each stream, however the batches fall`() {
        func pages(cut: Int) -> [PageStart] {
            var standings: [FeedChannel: ChannelStanding] = [:]
            var pages: [PageStart] = []
            let all = (0..<120).map {
                Told.told(Told.notice($0 + 1, 1, agency: $0 % 2 == 0 ? "H17" : "H18"), n: Int64($0) * 3, at: 1)
            }
            var rest = all[...]
            while !rest.isEmpty {
                let batch = FollowingBatch(told: Array(rest.prefix(cut)), known: [:], standings: standings)
                standings.merge(batch.standings) { $1 }
                pages += batch.pages
                rest = rest.dropFirst(cut)
            }
            return pages.sorted { ("\($0.channel)", $0.page) < ("\($1.channel)", $1.page) }
        }
        let whole = pages(cut: 120)
        #expect(whole.filter { $0.channel == Told.province }.map(\.firstN) == [0, 150, 300])
        #expect(whole.filter { $0.channel.kind == .agency("H18") }.map(\.firstN) == [3, 303])
        #expect(pages(cut: 7) == whole && pages(cut: 50) == whole)
    }
}
