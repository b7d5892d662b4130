import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// The fixtures of clock.md that need more than a calendar, run through `decide`.
struct ClockFixtureTests {
    @Test(
        arguments: [
            ("2026-04-24T15:30", "2026-04-28T17:00", "2026-05-05T17:00"),
            ("2026-04-24T15:00", "2026-04-24T17:00", "2026-05-04T17:00"),
            ("2026-04-24T15:00:01", "2026-04-28T17:00", "2026-05-05T17:00"),
            ("2025-04-25T10:00", "2025-04-25T17:00", "2025-04-29T17:00"),
            ("2025-04-25T15:01", "2025-04-26T17:00", "2025-05-05T17:00"),
            ("2025-12-31T15:20", "2026-01-05T17:00", "2026-01-08T17:00"),
        ])
    func `an acceptance after the cut-off counts as the next working day's`(
        _ accepted: String, _ birth: String, _ whole: String
    ) throws {
        var story = try Story.flagship(String(accepted.prefix(10)) + "T08:00")
        try story.complete("receive", "accept", at: accepted)
        #expect(try story.state.clock.promised == at(whole))
        #expect(try story.childState("birth").clock.promised == at(birth))
        #expect(try story.running("check", in: story.child("birth")).due == at(birth))
    }

    @Test func `a verification found at work moves the promise from its own start without a second cut-off`() throws {
        var story = try Story.shared(
            submitted: "2026-08-19T08:00", accepted: "2026-08-19T09:00", born: "2026-08-19T16:40")
        #expect(try story.childState("share/residence").clock.promised == at("2026-08-21T17:00"))
        try story.complete("register", "verify", at: "2026-08-20T09:00", in: "share/residence")
        #expect(try story.state.clock.firstPromised == at("2026-08-22T17:00"))
        #expect(try story.state.clock.promised == at("2026-08-25T17:00"))
        #expect(try story.state.clock.promiseCause == .factFound)
        #expect(try story.running("verify", in: story.child("share/residence")).due == at("2026-08-25T17:00"))
    }

    @Test(arguments: [("2026-08-28T15:05", "2026-09-08T17:00"), ("2026-08-28T14:55", "2026-09-07T17:00")])
    func `a supplement in the birth part restarts the whole`(_ completed: String, _ promised: String) throws {
        var story = try Story.flagship("2026-08-24T07:40")
        try story.complete("receive", "accept", at: "2026-08-24T08:00")
        #expect(try story.state.clock.promised == at("2026-08-27T17:00"))
        try story.complete("check", "supplement", at: "2026-08-26T14:00", in: "birth", said: Story.missing)
        #expect(try story.state.clock.shownPromise == nil)
        #expect(try story.running("check.supplement", in: story.child("birth")).answerBy == at("2026-09-10T00:00"))
        try story.answer("check.supplement", at: completed, in: "birth")
        #expect(try story.state.clock.shownPromise == at(promised))
        #expect(try story.state.clock.firstPromised == at("2026-08-27T17:00"))
        #expect(try story.state.clock.promiseCause == .restart)
    }

    @Test(arguments: [("2026-03-09T14:00", "2026-03-11T17:00"), ("2026-03-09T15:10", "2026-03-12T17:00")])
    func `a consent moves the part and the whole and leaves the card alone`(_ given: String, _ both: String) throws {
        var story = try Story.shared(
            submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-02T11:00")
        #expect(try story.state.clock.promised == at("2026-03-05T17:00"))
        try story.complete("register", "consent", at: "2026-03-03T10:00", in: "share/residence")
        #expect(try story.state.published.status == .needsDocuments)
        try story.answer("register.consent", at: given, in: "share/residence")
        #expect(try story.state.published.status == .processing)
        #expect(try story.state.clock.promised == at(both))
        #expect(try story.childState("share/residence").clock.promised == at(both))
        #expect(try story.running("register", in: story.child("share/residence")).due == at(both))
        #expect(try story.running("issue", in: story.child("share/insurance")).due == at("2026-03-04T17:00"))
        #expect(try story.state.clock.firstPromised == at("2026-03-05T17:00"))
    }

    @Test func `an answer before the refusal is signed restarts the clock too`() throws {
        var story = try Story.flagship("2026-08-24T07:40")
        try story.complete("receive", "accept", at: "2026-08-24T08:00")
        try story.complete("check", "supplement", at: "2026-08-26T14:00", in: "birth", said: Story.missing)
        try story.wait(until: "2026-09-10T08:00")
        #expect(try story.openSteps(story.child("birth")) == ["refuse-unanswered"])
        #expect(try story.state.clock.shownPromise == nil)
        #expect(try story.state.published.status == .needsDocuments)
        try story.answer("refuse-unanswered", at: "2026-09-10T09:00", in: "birth")
        #expect(try story.childState("birth").clock.promised == at("2026-09-10T17:00"))
        #expect(try story.state.clock.promised == at("2026-09-15T17:00"))
        #expect(try story.childState("birth").clock.open.isEmpty)
    }

    @Test func `a child late by fault leaves the promise unchanged`() throws {
        var story = try Story.shared(
            submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-06T11:00")
        #expect(try story.childState("share/residence").clock.promised == at("2026-03-10T17:00"))
        #expect(try story.state.clock.promised == at("2026-03-05T17:00"))
        try story.wait(until: "2026-03-06T12:00")
        #expect(try story.state.clock.late)
    }

    @Test func `the reception clock is held while papers are missing and goes on with what was left`() throws {
        var story = try Story.flagship("2026-03-02T08:30")
        #expect(try story.running("receive", in: story.root).due == at("2026-03-03T08:30"))
        try story.complete("receive", "supplement", at: "2026-03-02T09:30", said: Story.missing)
        #expect(try story.state.published.status == .needsDocuments)
        try story.answer("receive.supplement", at: "2026-03-05T16:00")
        // Seven of eight hours were left: one on Thursday afternoon, four and two on Friday.
        #expect(try story.running("receive", in: story.root).due == at("2026-03-06T15:00"))
    }
}
