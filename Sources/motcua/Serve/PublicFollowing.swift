import Edge
import Glibc
import Logging
import Postgres
import PublicFeed
import PublicWeb
import ServiceLifecycle

/// Feeds and live events over the feed's database.
struct PublicFollowing: Sendable {
    /// Reads what those missed who come back, apart from what pages need.
    let backlog: ConnectionPool
    let live: LiveEvents
    /// Sees what changes, so that the rest can be served from memory.
    let watch: FeedWatch
    /// Reads pictures ahead, so that the first look-up of a dossier comes from memory too.
    let shelf: ShelfKeeper
    let feeds: PublicFeeds

    /// Ordinary connections and the server's own files, beside the live connections.
    private static let otherFileCount = 2_500

    init(_ feed: ConnectionPool, _ listen: ListenOptions, logger: Logger) {
        var configuration = feed.configuration
        configuration.statementTimeout = .seconds(10)
        backlog = ConnectionPool(configuration, size: 2, logger: logger)
        let address = listen.address ?? .local
        live = LiveEvents(feed: feed, backlog: backlog, site: address.text, logger: logger)
        watch = FeedWatch(feed: feed, shelf: PictureShelf(byteCountMax: listen.shelfByteCount), logger: logger)
        shelf = ShelfKeeper(feed: backlog, watch: watch, logger: logger)
        let files = PublicFollowing.raiseFileLimit()
        let seats = StreamSeats(countMax: min(StreamSeats.usualCountMax, max(100, files - Self.otherFileCount)))
        if seats.countMax < StreamSeats.usualCountMax {
            logger.warning(
                "few live connections: raise the limit of open files",
                metadata: ["connections": "\(seats.countMax)", "files": "\(files)"])
        }
        var feeds = PublicFeeds(following: FollowingReader(feed: feed), live: live, address: address, seats: seats)
        feeds.openData = OpenDataSource(StatisticsReader(feed: feed))
        self.feeds = feeds
    }

    /// The listener's limits with room for the live connections, which come on top of the others.
    var limits: ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connectionCountMax += feeds.seats.countMax
        return limits
    }

    /// Lets the process open as many files as it may; how many that is.
    private static func raiseFileLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        limit.rlim_cur = limit.rlim_max
        // Refused or not, what holds is what is read next.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: limit.rlim_cur)
    }
}
