import Notices
import Postgres
import TestSupport

@testable import PublicFeed

extension FeedWorld {
    /// A reader over a shelf, whose looks hold for the length of a test.
    func reader(byteCountMax: Int = 8 << 20, change: (inout FeedWatch.Pace) -> Void = { _ in }) -> ProgressReader {
        var pace = FeedWatch.Pace(trust: .seconds(600))
        change(&pace)
        return ProgressReader(
            feed: feed, watch: FeedWatch(feed: feed, pace: pace, shelf: PictureShelf(byteCountMax: byteCountMax)))
    }

    /// A keeper of its shelf, in small pages.
    func keeper(_ reader: ProgressReader) -> ShelfKeeper {
        ShelfKeeper(feed: feed, watch: reader.watch, logger: TestDatabase.logger, pageSize: 7)
    }

    /// Brings the first notices of ended dossiers of a province to the feed.
    func follow(province: Int16 = 1, dossiers: ClosedRange<Int>) async throws -> FeedFollower {
        let follower = follower()
        try await sequence(
            dossiers.map {
                .init(
                    n: Int64($0 - dossiers.lowerBound), notice: Some.ended(province: province, $0, 1),
                    lookUp: Some.code($0))
            })
        try await catchUp(follower)
        return follower
    }

    /// Makes the tables unreadable: whatever is answered now comes from memory.
    func hideTables() async throws {
        try await feed.withSession { try $0.execute("ALTER TABLE feed.dossier RENAME TO hidden") }
    }
}

extension Some {
    /// Of a dossier that has ended no usual duration is shown, which would be read.
    static func ended(
        province: Int16 = 1, _ dossier: Int, _ number: Int, root: Int? = nil, parent: Int? = nil
    ) -> Notice {
        var notice = notice(province: province, dossier, number, root: root, parent: parent)
        notice.finished = notice.at
        return notice
    }
}
