import JSONText
import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

/// Receivers in trouble: what is set aside, what is dead, what is disabled, and how it goes on.
@Suite(.timeLimit(.minutes(5)))
struct TroubleTests {
    /// Refuses one dossier's events while told to.
    private static func picky(_ refuses: Toggle) -> StandInServer.Answer {
        { request in
            let isRefused = String(decoding: request.body, as: UTF8.self).contains(Some.legalCode(2))
            return isRefused && refuses.isOn ? .status(422) : .status(200)
        }
    }

    @Test func `one dossier that is refused holds up no other, dies in the end, and is replayed in order`() async throws
    {
        try await DeliveryWorld.with { world in
            let refuses = Toggle(true)
            try await StandInServer.with(Self.picky(refuses)) { server in
                try await world.subscribe("gazette", server)
                try await world.tell(Some.journeys(dossiers: 4, 24))
                let courier = world.courier()
                try await world.work(courier, until: "all letters of the dossier are dead") {
                    try await world.standing("gazette").deadCount == 6
                }
                #expect(try await world.standing("gazette").state == "active")
                #expect(try await world.standing("gazette").waitingCount == 0)
                let taken = try Inbox(
                    server.all.filter { !String(decoding: $0.body, as: UTF8.self).contains(Some.legalCode(2)) })
                #expect(taken.ids.count == 18)
                let dead = try await world.desk.deadLetters("gazette", limit: 10)
                #expect(dead.map(\.n) == [1, 5, 9, 13, 17, 21])
                #expect(dead.allSatisfy { $0.attempts == 14 && $0.legalCode == Some.legalCode(2) })
                #expect(dead.allSatisfy { $0.lastFailure == "the receiver answered 422" })
                refuses.isOn = false
                let before = server.all.count
                #expect(try await world.desk.replay("gazette", [(province: 1, n: 5), (province: 9, n: 5)]) == 1)
                #expect(try await world.desk.replay("gazette", nil) == 5)
                try await world.work(courier, until: "none is left") {
                    try await world.world.count(DeliveryWorld.openLetters) == 0
                }
                let replayed = server.all.dropFirst(before).compactMap { $0.headers["webhook-id"] }
                #expect(replayed == [1, 5, 9, 13, 17, 21].map { "1-\($0)-completion" })
                #expect(try await world.standing("gazette").deadCount == 0)
            }
        }
    }

    @Test func `what comes of a refused dossier waits behind its first letter`() async throws {
        try await DeliveryWorld.with { world in
            let refuses = Toggle(true)
            try await StandInServer.with(Self.picky(refuses)) { server in
                try await world.subscribe("gazette", server)
                var pace = DeliveryWorld.fast
                pace.schedule.first = .seconds(3_600)
                pace.schedule.longest = .seconds(3_600)
                let courier = world.courier(pace)
                try await world.tell(Some.journeys(dossiers: 3, 9))
                try await world.work(courier, until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                try await world.tell(Some.journeys(dossiers: 3, 9, from: 9))
                try await world.work(courier, until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                #expect(try await world.standing("gazette").openCount == 6)
                let refused = server.all.filter { String(decoding: $0.body, as: UTF8.self).contains(Some.legalCode(2)) }
                #expect(Set(refused.compactMap { $0.headers["webhook-id"] }) == ["1-1-completion"])
                refuses.isOn = false
                try await world.endPauses()
                try await world.work(courier, until: "none is left") {
                    try await world.world.count(DeliveryWorld.openLetters) == 0
                }
                let inbox = try Inbox(server.all)
                #expect(inbox.ids.count == 18)
                #expect(inbox.isInOrder)
            }
        }
    }

    @Test func `a receiver that fails for long is disabled with its reason, and goes on without gap`() async throws {
        try await DeliveryWorld.with { world in
            let isBroken = Toggle(true)
            try await StandInServer.with({ _ in isBroken.isOn ? .status(503) : .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell(Some.journeys(dossiers: 4, 20))
                let courier = world.courier()
                try await world.work(courier, until: "it is disabled") {
                    try await world.standing("gazette").state == "disabled"
                }
                let standing = try await world.standing("gazette")
                #expect(standing.reason == "took nothing in 14 tries; the last one: the receiver answered 503")
                #expect(standing.failingSince != nil)
                #expect(standing.waitingCount == 20)
                #expect(standing.deadCount == 0)
                // Four letters were under way when it failed; then thirteen tries of at most two each.
                #expect(server.all.count <= 30)
                let before = server.all.count
                try await courier.workOnce()
                #expect(server.all.count == before)
                isBroken.isOn = false
                try await world.desk.resume("gazette", skipping: false)
                try await world.work(courier, until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                let inbox = try Inbox(server.all)
                #expect(inbox.ids.count == 20)
                #expect(inbox.isInOrder)
                #expect(try await world.standing("gazette").reason == nil)
            }
        }
    }

    @Test func `a receiver that says it is gone is not called again`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(410) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell([.init(n: 0, notice: Some.told(1, 1))])
                let courier = world.courier()
                try await courier.workOnce()
                let standing = try await world.standing("gazette")
                #expect(standing.state == "disabled")
                #expect(standing.reason?.hasPrefix("410") == true)
                try await courier.workOnce()
                #expect(server.all.count == 1)
            }
        }
    }

    @Test func `a paused receiver keeps its place, and can leave out what came meanwhile`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.subscribe("ward", server)
                for id in ["gazette", "ward"] { try await world.desk.pause(id, reason: "moving") }
                try await world.tell(Some.journeys(dossiers: 2, 4))
                let courier = world.courier()
                try await courier.workOnce()
                #expect(server.all.isEmpty)
                #expect(try await world.standing("ward").reason == "moving")
                try await world.desk.resume("gazette", skipping: false)
                try await world.desk.resume("ward", skipping: true)
                try await world.work(courier, until: "nothing waits") {
                    try await world.desk.list().allSatisfy { $0.waitingCount == 0 }
                }
                #expect(server.all.map(\.path) == [String](repeating: "/gazette", count: 4))
                try await world.desk.remove("gazette")
                await #expect(throws: DeskRefusal.self) { try await world.desk.remove("gazette") }
                await #expect(throws: DeskRefusal.self) { try await world.desk.pause("gazette", reason: "") }
            }
        }
    }

    @Test func `secrets of another key disable the receiver and say what to do`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell([.init(n: 0, notice: Some.told(1, 1))])
                try await world.courier(key: DeliveryKey()).workOnce()
                #expect(server.all.isEmpty)
                #expect(try await world.standing("gazette").reason?.contains("motcua webhook rotate gazette") == true)
                _ = try await world.desk.rotate("gazette", overlapSeconds: 0)
                try await world.desk.resume("gazette", skipping: false)
                try await world.courier().workOnce()
                #expect(server.all.count == 1)
            }
        }
    }

    @Test func `a name that turns to a private address is not called`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                _ = try await world.desk.addWebhook(
                    "gazette", url: "https://localhost:\(server.port)/", reach: .internet, filter: .init(),
                    fromStart: true)
                try await world.tell([.init(n: 0, notice: Some.told(1, 1))])
                let courier = world.courier()
                try await world.work(courier, until: "it is disabled") {
                    try await world.standing("gazette").state == "disabled"
                }
                #expect(server.all.isEmpty)
                #expect(try await world.standing("gazette").reason?.contains("may not be called") == true)
            }
        }
    }

    @Test func `a notice that cannot be read is a dead letter, and the others arrive`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell([
                    .init(n: 0, notice: Some.told(1, 1)),
                    .init(n: 1, notice: Some.told(2, 1), body: Array(#"{"format":2}"#.utf8)),
                    .init(n: 2, notice: Some.told(3, 1)),
                ])
                try await world.work(world.courier(), until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                #expect(
                    server.all.compactMap { $0.headers["webhook-id"] }.sorted() == ["1-0-completion", "1-2-completion"])
                let dead = try await world.desk.deadLetters("gazette", limit: 5)
                #expect(dead.map(\.n) == [1])
                #expect(dead.first?.lastFailure?.contains("cannot read") == true)
            }
        }
    }

    @Test func `addresses and ids that cannot be are refused`() async throws {
        try await DeliveryWorld.with { world in
            for url in ["http://example.vn/", "https://10.0.0.1/", "nonsense"] {
                await #expect(throws: DeskRefusal.self) {
                    try await world.desk.addWebhook(
                        "x", url: url, reach: .internet, filter: .init(), fromStart: false)
                }
            }
            _ = try await world.desk.addWebhook(
                "x", url: "https://example.vn/", reach: .internet, filter: .init(), fromStart: false)
            await #expect(throws: DeskRefusal.self) {
                try await world.desk.addWebhook(
                    "x", url: "https://example.vn/", reach: .internet, filter: .init(), fromStart: false)
            }
        }
    }

    @Test func `a new receiver begins with what comes next, unless it wants everything`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.tell(Some.journeys(dossiers: 1, 3))
                _ = try await world.desk.addWebhook(
                    "late", url: "http://127.0.0.1:\(server.port)/late", reach: .loopback, filter: .init(),
                    fromStart: false)
                try await world.tell(Some.journeys(dossiers: 1, 2, from: 3))
                try await world.work(world.courier(), until: "nothing waits") {
                    try await world.standing("late").waitingCount == 0
                }
                #expect(server.all.compactMap { $0.headers["webhook-id"] } == ["1-3-completion", "1-4-completion"])
            }
        }
    }
}
