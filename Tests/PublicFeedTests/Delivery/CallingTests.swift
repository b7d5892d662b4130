import Synchronization
import TestSupport
import Testing

@testable import PublicFeed

/// Calls as they leave: where they go, what they accept, how they end.
@Suite(.timeLimit(.minutes(2)))
struct CallingTests {
    private func call(_ url: String, reach: Reach = .loopback, body: String = "{}") throws -> OutgoingCall {
        OutgoingCall(
            try EndpointAddress(url, reach: reach), headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
    }

    @Test func `a call arrives whole and its answer comes back`() async throws {
        let answer = StandInServer.Reply.status(202, headers: [("Retry-After", "7")], body: Array("thanks".utf8))
        try await StandInServer.with({ _ in answer }) { server in
            let caller = OutgoingCaller()
            let long = String(repeating: "ă", count: 40_000)
            let reply = try await caller.send(try call("http://127.0.0.1:\(server.port)/hook?x=1", body: long))
            #expect(reply.status == 202)
            #expect(reply.body == Array("thanks".utf8))
            #expect(reply.retryAfter == .seconds(7))
            let received = try #require(server.all.first)
            #expect(received.path == "/hook?x=1")
            #expect(received.body == Array(long.utf8))
            #expect(received.headers["expect"] == nil)
        }
    }

    @Test func `a name is looked up, checked and pinned`() async throws {
        try await StandInServer.with({ _ in .status(204) }) { server in
            let caller = OutgoingCaller()
            #expect(try await caller.send(try call("http://localhost:\(server.port)/")).status == 204)
            let stranger = try call("https://localhost:\(server.port)/", reach: .internet)
            #expect(await failure(caller, stranger) == .forbidden)
            #expect(server.all.count == 1)
        }
    }

    @Test func `a redirect is an answer and not a way`() async throws {
        try await StandInServer.with({ _ in .status(307, headers: [("Location", "/elsewhere")]) }) { server in
            let reply = try await OutgoingCaller().send(try call("http://127.0.0.1:\(server.port)/"))
            #expect(reply.status == 307)
            #expect(server.all.map(\.path) == ["/"])
        }
    }

    @Test func `an endless answer is cut off`() async throws {
        let much = [UInt8](repeating: 65, count: 5_000_000)
        try await StandInServer.with({ _ in .status(200, body: much) }) { server in
            let reply = try await OutgoingCaller().send(try call("http://127.0.0.1:\(server.port)/"))
            #expect(reply.isCut)
            #expect(reply.status == 200)
            #expect(reply.body.count == 16_384)
        }
    }

    @Test func `no answer in time, no connection, and a broken one are told apart`() async throws {
        let caller = OutgoingCaller()
        try await StandInServer.with({ $0.path == "/drop" ? .drop : .hang }) { server in
            var slow = try call("http://127.0.0.1:\(server.port)/")
            slow.timeLimit = .milliseconds(200)
            #expect(await failure(caller, slow) == .timedOut)
            let dropped = try call("http://127.0.0.1:\(server.port)/drop")
            #expect(await failure(caller, dropped) == .noConnection)
        }
        // A port that nobody listens on, for it was just given back.
        let port = try await StandInServer.with({ _ in .drop }) { $0.port }
        let nobody = try call("http://127.0.0.1:\(port)/")
        #expect(await failure(caller, nobody) == .noConnection)
        let unknown = try call("http://no-such-name.invalid/")
        #expect(await failure(caller, unknown) == .noHost)
    }

    @Test func `a cancelled call ends at once and leaves the others alone`() async throws {
        try await StandInServer.with({ $0.path == "/hang" ? .hang : .status(200) }) { server in
            let caller = OutgoingCaller()
            let hanging = try call("http://127.0.0.1:\(server.port)/hang")
            let task = Task { () -> CallFailure.Code? in
                await failure(caller, hanging)
            }
            try await DeliveryWorld.wait(until: "the call is under way") { server.all.count == 1 }
            #expect(try await caller.send(try call("http://127.0.0.1:\(server.port)/")).status == 200)
            task.cancel()
            #expect(await task.value == .cancelled)
            #expect(try await caller.send(try call("http://127.0.0.1:\(server.port)/")).status == 200)
        }
    }

    @Test func `many calls at once share one thread`() async throws {
        try await StandInServer.with({ _ in .status(200) }) { server in
            let caller = OutgoingCaller()
            let call = try call("http://127.0.0.1:\(server.port)/")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { try await caller.send(call).status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == [Int](repeating: 200, count: 100))
        }
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\u{0}b"])
    func `a header cannot carry another one`(value: String) async throws {
        var call = try call("http://127.0.0.1:9/")
        call.headers.append((name: "X-Id", value: value))
        let bad = call
        #expect(await failure(OutgoingCaller(), bad) == .unusable)
    }

    private func failure(_ caller: OutgoingCaller, _ call: OutgoingCall) async -> CallFailure.Code? {
        do throws(CallFailure) {
            _ = try await caller.send(call)
            return nil
        } catch {
            return error.code
        }
    }
}
