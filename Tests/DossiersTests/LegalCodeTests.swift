import Dossiers
import Notices
import Testing
import WorkingTime

/// Legal codes as `decide` gives them (R22); numbers come from the day's counter.
struct LegalCodeTests {
    @Test(arguments: [(Int64(7), "0007"), (9_999, "9999"), (10_000, "10000")])
    func `R22 the code has the day of arrival, though it is recorded after midnight, and its number whole`(
        _ number: Int64, _ digits: String
    ) throws {
        let story = try Story.flagship("2026-03-02T08:00")
        let state = try story.state
        let world = try #require(story.simulator.world(of: state))
        let receive = try story.running("receive", in: story.root)
        let moment = Moment(arrived: try at("2026-03-02T23:59"), recorded: try at("2026-03-03T00:01"))
        let accepted = try decide(
            state, .complete(activation: receive.activation, outcome: "accept", said: [:]), by: StoppingTests.desk,
            at: moment, in: world)
        #expect(accepted.state.codeWanted?.day == CivilDate("2026-03-02"))
        #expect(accepted.state.code == nil)
        let coded = try decide(accepted.state, .issueCode(number: number), by: .engine, at: moment, in: world)
        #expect(coded.state.code == "000.01.H17-260302-\(digits)")
        #expect(coded.state.codeWanted == nil)
    }

    @Test func `the code is told by each notice that follows the acceptance, and by none for its own sake`() throws {
        let story = try Story.flagship("2026-03-02T08:00")
        let before = try story.state
        let world = try #require(story.simulator.world(of: before))
        let receive = try story.running("receive", in: story.root)
        let moment = Moment(arrived: try at("2026-03-02T08:10"), recorded: try at("2026-03-02T08:10"))
        let accepted = try decide(
            before, .complete(activation: receive.activation, outcome: "accept", said: [:]), by: StoppingTests.desk,
            at: moment, in: world)
        let coded = try decide(accepted.state, .issueCode(number: 1), by: .engine, at: moment, in: world)
        #expect(coded.events.map(\.body.kind) == ["coded"])
        let told = notices(before: before, events: accepted.events + coded.events, in: world)
        let code = try #require(coded.state.code)
        #expect(!told.isEmpty)
        #expect(told.allSatisfy { $0.legalCode == code && $0.sentence != nil })
        #expect(told.map(\.number) == Array(before.published.count + 1...coded.state.published.count))
    }
}
