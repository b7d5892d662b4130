import Crypto
import Foundation
import JSONText
import Notices
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import PublicFeed

/// Webhooks from the sequence to the receiver and back.
@Suite(.timeLimit(.minutes(5)))
struct WebhookTests {
    @Test func `each change of completion arrives once, signed, in order, and says no more than everybody may know`()
        async throws
    {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(204) }) { server in
                let secret = try await world.subscribe("gazette", server)
                try await world.tell(Some.journeys(dossiers: 5, 30))
                try await world.work(world.courier(), until: "all came") { server.all.count >= 30 }
                let inbox = try Inbox(server.all)
                #expect(inbox.ids.count == 30)
                #expect(server.all.count == 30)
                #expect(inbox.isInOrder)
                for request in server.all {
                    #expect(request.path == "/gazette")
                    #expect(request.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
                    #expect(try isSigned(request, secret))
                    let text = String(decoding: request.body, as: UTF8.self)
                    for dossier in 1...5 {
                        #expect(!text.contains(Some.code(dossier).compact))
                        #expect(!text.contains(Some.id(dossier)))
                    }
                    #expect(!text.contains("Tin số"))
                    let data = try #require(try JSONValue.parse(request.body)["data"]?.objectValue)
                    #expect(Set(data.keys) == ["legalCode", "status", "stage"])
                }
                try await world.courier().workOnce()
                #expect(server.all.count == 30)
                let standing = try await world.standing("gazette")
                #expect(standing.waitingCount == 0)
                #expect(standing.deliveredAt != nil)
            }
        }
    }

    @Test func `a notice that only moves a date is nobody's business`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell([
                    .init(n: 0, notice: Some.notice(1, 1)),
                    .init(n: 1, notice: Some.told(1, 2, .accepted)), .init(n: 2, notice: Some.told(1, 3, .accepted)),
                    .init(n: 3, notice: Some.told(1, 4, .decided)),
                ])
                try await world.work(world.courier(), until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                #expect(try Inbox(server.all).events.map(\.stage) == ["accepted", "decided"])
            }
        }
    }

    @Test func `a receiver that was dead for a while gets everything, in order, each once in effect`() async throws {
        try await DeliveryWorld.with { world in
            let isDead = Toggle(false)
            try await StandInServer.with({ _ in isDead.isOn ? .drop : .status(200) }) { server in
                try await world.subscribe("gazette", server)
                let courier = world.courier()
                try await world.tell(Some.journeys(dossiers: 4, 40))
                try await world.work(courier, until: "the first came") { server.all.count >= 40 }
                isDead.isOn = true
                try await world.tell(Some.journeys(dossiers: 4, 40, from: 40))
                try await world.work(courier, until: "it fails for some time") {
                    try await world.standing("gazette").failures >= 4
                }
                #expect(try await world.standing("gazette").waitingCount == 40)
                isDead.isOn = false
                try await world.work(courier, until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                let inbox = try Inbox(server.all)
                #expect(inbox.ids.count == 80)
                #expect(inbox.isInOrder)
                #expect(try await world.standing("gazette").deadCount == 0)
                #expect(try await world.world.count(DeliveryWorld.openLetters) == 0)
                #expect(try await world.standing("gazette").lastFailure == nil)
            }
        }
    }

    @Test func `what was taken and whose answer was lost is sent again under the same id`() async throws {
        try await DeliveryWorld.with { world in
            let lost = Mutex(3)
            let answer: StandInServer.Answer = { _ in
                lost.withLock { lost in
                    lost -= 1
                    return lost >= 0 ? .drop : .status(200)
                }
            }
            try await StandInServer.with(answer) { server in
                try await world.subscribe("gazette", server)
                try await world.tell([.init(n: 0, notice: Some.told(1, 1))])
                try await world.work(world.courier(), until: "it came") { server.all.count >= 4 }
                #expect(Set(server.all.compactMap { $0.headers["webhook-id"] }) == ["1-0-completion"])
                #expect(Set(server.all.map(\.body)).count == 1)
            }
        }
    }

    @Test func `a courier that dies between sending and noting it is followed by one that sends the same`() async throws
    {
        try await DeliveryWorld.with { world in
            let isFirst = Toggle(true)
            try await StandInServer.with({ _ in isFirst.isOn ? .hang : .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell(Some.journeys(dossiers: 1, 6))
                let dying = Task { [courier = world.courier()] in try? await courier.workOnce() }
                try await DeliveryWorld.wait(until: "the first is under way") { server.all.count == 1 }
                // As a killed process leaves it: nothing noted, nothing released.
                try await world.world.feed.withSession {
                    try $0.execute(
                        "UPDATE feed.subscriber SET lease_owner = 'dead', leased_until = now() + interval '1 second'")
                }
                isFirst.isOn = false
                dying.cancel()
                await dying.value
                #expect(try await world.standing("gazette").waitingCount == 6)
                try await world.work(world.courier(), until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                let ids = server.all.compactMap { $0.headers["webhook-id"] }
                #expect(ids == [ids[0]] + (0..<6).map { "1-\($0)-completion" })
                #expect(ids[0] == "1-0-completion")
            }
        }
    }

    @Test func `a slow receiver holds up nobody else`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ $0.path == "/slow" ? .hang : .status(200) }) { server in
                try await world.subscribe("slow", server)
                try await world.subscribe("quick", server)
                try await world.tell(Some.journeys(dossiers: 5, 60))
                let courier = world.courier()
                let running = Task { try await courier.run() }
                try await DeliveryWorld.wait(until: "the quick one has all") {
                    server.all.count { $0.path == "/quick" } == 60
                }
                #expect(try await world.standing("slow").waitingCount == 60)
                running.cancel()
                try await running.value
            }
        }
    }

    @Test func `two couriers at once tell each event once and in order`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("gazette", server)
                try await world.tell(Some.journeys(dossiers: 7, 210))
                let couriers = [world.courier(), world.courier()]
                let running = couriers.map { courier in Task { try await courier.run() } }
                try await DeliveryWorld.wait(until: "nothing waits") {
                    try await world.standing("gazette").waitingCount == 0
                }
                running.forEach { $0.cancel() }
                for task in running { try await task.value }
                let inbox = try Inbox(server.all)
                #expect(inbox.ids.count == 210)
                #expect(server.all.count == 210)
                #expect(inbox.isInOrder)
            }
        }
    }

    @Test func `only what a receiver asked for comes`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                try await world.subscribe("province", server, filter: .init(provinces: [48]))
                try await world.subscribe("agency", server, filter: .init(agencies: ["000.00.02.H17"]))
                try await world.subscribe("procedure", server, filter: .init(procedures: ["death"]))
                var death = Some.told(3, 1)
                death.procedure = "death"
                try await world.tell([
                    .init(n: 0, notice: Some.told(1, 1)),
                    .init(n: 1, notice: Some.told(2, 1, agency: "000.00.02.H17")), .init(n: 2, notice: death),
                    .init(n: 0, notice: Some.told(province: 48, 4, 1)),
                ])
                try await world.work(world.courier(), until: "nothing waits") {
                    try await world.desk.list().allSatisfy { $0.waitingCount == 0 }
                }
                let ids = Dictionary(grouping: server.all, by: \.path).mapValues {
                    $0.compactMap { $0.headers["webhook-id"] }
                }
                #expect(
                    ids == [
                        "/province": ["48-0-completion"], "/agency": ["1-1-completion"],
                        "/procedure": ["1-2-completion"],
                    ])
            }
        }
    }

    @Test func `while a secret is replaced both sign, afterwards the new one alone`() async throws {
        try await DeliveryWorld.with { world in
            try await StandInServer.with({ _ in .status(200) }) { server in
                let old = try await world.subscribe("gazette", server)
                let new = try await world.desk.rotate("gazette", overlapSeconds: 3600)
                let courier = world.courier()
                try await world.tell([.init(n: 0, notice: Some.told(1, 1))])
                try await world.work(courier, until: "it came") { server.all.count == 1 }
                let both = server.all[0]
                #expect(both.headers["webhook-signature"]?.split(separator: " ").count == 2)
                #expect(try isSigned(both, old))
                #expect(try isSigned(both, new))
                let last = try await world.desk.rotate("gazette", overlapSeconds: 0)
                try await world.tell([.init(n: 1, notice: Some.told(1, 2, .decided))])
                try await world.work(courier, until: "it came") { server.all.count == 2 }
                let one = server.all[1]
                #expect(try isSigned(one, last))
                #expect(try !isSigned(one, new))
                #expect(try !isSigned(one, old))
            }
        }
    }

    /// What a receiver does by the specification: HMAC-SHA256 of `id.timestamp.body`, one of the signatures fits.
    private func isSigned(_ request: StandInServer.Received, _ secret: WebhookSecret) throws -> Bool {
        let id = try #require(request.headers["webhook-id"])
        let time = try #require(request.headers["webhook-timestamp"])
        let signatures = try #require(request.headers["webhook-signature"]).split(separator: " ")
        let bytes = try #require(Data(base64Encoded: String(secret.text.dropFirst("whsec_".count))))
        let signed = Data("\(id).\(time).".utf8) + Data(request.body)
        return signatures.contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: SymmetricKey(data: bytes))
        }
    }
}
