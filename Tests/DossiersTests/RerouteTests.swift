import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// A step that an officer passes on to the competent agency.
struct RerouteTests {
    /// A birth registration that commune A passed on to commune B, with the reason.
    private static func passedOn() throws -> Story {
        var story = try Story("birth-registration", submitted: "2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        try story.complete(
            "check", "wrong-commune", at: "2026-03-02T08:20",
            said: ["agency": .agency("000.12.H17"), "reason": .reason(code: "overload", note: note)])
        return story
    }

    private static let note = SealedReference(section: "said/1/reason/x", commitment: [1, 2])

    @Test func `a re-routed step is told anew, under the name of the agency that has it now`() throws {
        let story = try Self.passedOn()
        let sentences = story.simulator.notices.compactMap(\.sentence?.vi)
        let told = try #require(sentences.last)
        #expect(told == "Cán bộ hộ tịch UBND xã B đang kiểm tra.")
        #expect(sentences.contains("Cán bộ hộ tịch UBND xã A đang kiểm tra."))
        let notice = try #require(story.simulator.notices.last)
        #expect(notice.holder?.agency == "000.12.H17")
        #expect(notice.holder?.name.vi == "UBND xã B")
        #expect(notice.number == story.simulator.notices.count)
    }

    @Test func `the event of a re-routed step keeps the reason, and what was typed stays sealed`() throws {
        let story = try Self.passedOn()
        let log = try #require(story.simulator.logs[story.root])
        let rerouted = try #require(log.first { $0.body.kind == "rerouted" })
        guard case .rerouted(_, let agency, let said) = rerouted.body else {
            Issue.record("\(rerouted.body)")
            return
        }
        #expect(agency == "000.12.H17")
        #expect(said == ["reason": .reason(code: "overload", note: Self.note)])
        #expect(try story.state.reason == "overload")
        #expect(try Event(decoding: rerouted.encoded()) == rerouted)
    }

    @Test func `the task keeps its number and changes its tag, so that the old holder's command is stale`() throws {
        let story = try Self.passedOn()
        let step = try story.running("check", in: story.root)
        #expect(step.claims == 1)
        #expect(step.officer == nil)
        let state = try story.state
        let world = try #require(story.simulator.world(of: state))
        let task = try #require(openWork(state, in: world).tasks.first)
        #expect(task.activation == step.activation)
        #expect(task.agency == "000.12.H17")
    }
}
