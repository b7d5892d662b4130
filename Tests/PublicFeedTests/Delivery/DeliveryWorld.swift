import JSONText
import Logging
import Notices
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// A feed that others are told of, with an administrator's desk.
struct DeliveryWorld: Sendable {
    let world: FeedWorld
    let key: DeliveryKey
    let desk: DeliveryDesk

    static func with(_ body: (DeliveryWorld) async throws -> Void) async throws {
        try await FeedWorld.with { world in
            let key = DeliveryKey()
            try await body(DeliveryWorld(world: world, key: key, desk: DeliveryDesk(feed: world.feed, key: key)))
        }
    }

    /// A pace at which a schedule of days passes in a moment.
    static var fast: Courier.Pace {
        var pace = Courier.Pace()
        pace.idle = .milliseconds(5)
        pace.schedule.first = .milliseconds(1)
        pace.schedule.longest = .milliseconds(4)
        return pace
    }

    /// A courier, silent: what it reports is provoked.
    func courier(_ pace: Courier.Pace = fast, key: DeliveryKey? = nil) -> Courier {
        var logger = TestDatabase.logger
        logger.logLevel = .critical
        return Courier(
            feed: world.feed, key: key ?? self.key, logger: logger, pace: pace, nowSeconds: { 1_790_000_000 })
    }

    /// Sequences notices and lets the feed take them.
    func tell(_ notices: [FeedWorld.Sequenced]) async throws {
        try await world.sequence(notices)
        try await world.catchUp(world.follower())
    }

    /// Adds a webhook on this machine.
    @discardableResult
    func subscribe(
        _ id: String, _ server: StandInServer, filter: SubscriberFilter = SubscriberFilter()
    ) async throws -> WebhookSecret {
        try await desk.addWebhook(
            id, url: "http://127.0.0.1:\(server.port)/\(id)", reach: .loopback, filter: filter, fromStart: true)
    }

    /// How a receiver stands.
    func standing(_ id: String) async throws -> ReceiverStanding {
        try #require(try await desk.list().first { $0.id == id })
    }

    /// Works with this courier until the condition holds.
    func work(_ courier: Courier, until what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !holds() {
            guard ContinuousClock.now < deadline else { throw Failure("waited in vain until \(what)") }
            try await courier.workOnce()
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Waits until the condition holds.
    static func wait(until what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !holds() {
            guard ContinuousClock.now < deadline else { throw Failure("waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    static let openLetters = Statement<Void, Int64>(
        name: "test_open_letters", sql: "SELECT count(*) FROM feed.letter WHERE dead_at IS NULL",
        decode: { try $0.int8() })

    /// Ends every pause at once.
    func endPauses() async throws {
        try await world.feed.withSession {
            try $0.execute(
                "UPDATE feed.subscriber SET next_attempt_at = now(); UPDATE feed.letter SET next_attempt_at = now()")
        }
    }
}

extension Some {
    static func legalCode(_ dossier: Int, agency: String = "000.00.01.H17") -> String {
        let digits = String(dossier)
        return "\(agency)-260824-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A notice of an accepted dossier at a stage; its holder is the agency that gave the code.
    static func told(
        province: Int16 = 1, _ dossier: Int, _ number: Int, _ stage: PublicStage = .processing,
        agency: String = "000.00.01.H17"
    ) -> Notice {
        var notice = notice(province: province, dossier, number, legalCode: legalCode(dossier, agency: agency))
        notice.status = stage.status
        notice.stage = stage
        notice.procedureCode = "1.001193"
        notice.procedureTitle = LocalText(vi: "Đăng ký khai sinh", en: "Birth registration")
        notice.holder = .init(agency: agency, name: LocalText(vi: "UBND phường Hải Châu"))
        notice.at = Instant(microseconds: 1_787_000_000_000_000 + Int64(number) * 3_600_000_000)
        notice.submitted = Instant(microseconds: 1_787_000_000_000_000)
        notice.accepted = notice.submitted
        return notice
    }

    /// Stages that a dossier goes through, each another than the one before.
    static let stages: [PublicStage] = [.accepted, .processing, .needsDocuments, .processing, .decided, .returned]

    /// `count` notices of some dossiers, interleaved, each another degree of completion.
    static func journeys(dossiers: Int, _ count: Int, from start: Int = 0) -> [FeedWorld.Sequenced] {
        (start..<start + count).map { index in
            let number = index / dossiers + 1
            let stage = stages[(number - 1) % stages.count]
            return FeedWorld.Sequenced(
                n: Int64(index), notice: told(index % dossiers + 1, number, stage), lookUp: code(index % dossiers + 1))
        }
    }
}

/// What a receiver keeps: the first of each id counts.
struct Inbox {
    let ids: [String]
    /// Subject and sequence of each id's first event, in order of arrival.
    let events: [(subject: String, sequence: String, stage: String)]

    init(_ received: [StandInServer.Received]) throws {
        var ids: [String] = []
        var events: [(subject: String, sequence: String, stage: String)] = []
        for request in received {
            let id = try #require(request.headers["webhook-id"])
            let json = try JSONValue.parse(request.body)
            guard !ids.contains(id) else { continue }
            #expect(json["id"]?.stringValue == id)
            ids.append(id)
            events.append(
                (
                    try #require(json["subject"]?.stringValue), try #require(json["sequence"]?.stringValue),
                    try #require(json["data"]?["stage"]?.stringValue)
                ))
        }
        self.ids = ids
        self.events = events
    }

    /// Whether each dossier's events came in the order of their sequence.
    var isInOrder: Bool {
        Dictionary(grouping: events, by: \.subject).values.allSatisfy { events in
            zip(events, events.dropFirst()).allSatisfy { $0.sequence < $1.sequence }
        }
    }
}
