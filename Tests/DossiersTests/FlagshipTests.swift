import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// The flagship's paths (flagship.md), from submission to every end.
struct FlagshipTests {
    private static func shared() throws -> Story {
        try Story.shared(submitted: "2026-03-02T08:30", accepted: "2026-03-02T09:00", born: "2026-03-02T11:00")
    }

    @Test func `a dossier with every result is returned complete`() throws {
        var story = try Self.shared()
        #expect(try story.state.code == "000.01.H17-260302-0001")
        try story.complete("register", "done", at: "2026-03-03T09:00", in: "share/residence")
        try story.complete("issue", "issue", at: "2026-03-03T10:00", in: "share/insurance")
        #expect(try story.openSteps(story.root) == ["return-result"])
        #expect(try story.state.published.status == .decided)
        #expect(try story.state.clock.stopped == at("2026-03-03T10:00"))
        let ready = try #require(story.simulator.notices.last { $0.dossier == story.root.id.description })
        #expect(
            ready.sentence?.vi
                == "Hồ sơ đã có kết quả: Đăng ký khai sinh: có kết quả; Đăng ký thường trú: có kết quả; "
                + "Thẻ bảo hiểm y tế: có kết quả. Mời bạn nhận tại Trung tâm Một cửa.")
        try story.complete("return-result", "handed-over", at: "2026-03-04T08:00")
        #expect(try story.state.phase == .ended(end: "returned", result: .issued, at: at("2026-03-04T08:00")))
        #expect(try story.state.clock.stopped == at("2026-03-03T10:00"))
        #expect(try story.state.gave == ["birth-certificate", "residence-notice", "health-card"])
        #expect(story.simulator.idleTimers.isEmpty)
    }

    @Test func `a refused residence leaves the certificate and the card, and says why`() throws {
        var story = try Self.shared()
        try story.complete("register", "refuse", at: "2026-03-03T09:00", in: "share/residence")
        try story.complete("refuse", "sign", at: "2026-03-03T10:00", in: "share/residence", said: Story.reason)
        try story.complete("issue", "issue", at: "2026-03-04T09:00", in: "share/insurance")
        let ready = try #require(story.simulator.notices.last { $0.dossier == story.root.id.description })
        #expect(ready.sentence?.vi.contains("Đăng ký thường trú: không (thiếu giấy tờ bắt buộc)") == true)
        #expect(ready.status == .decided)
    }

    @Test func `a refused birth ends the whole with two statuses in order`() throws {
        var story = try Story.flagship("2026-03-02T08:30")
        try story.complete("receive", "accept", at: "2026-03-02T09:00")
        try story.complete("check", "unfit", at: "2026-03-02T10:00", in: "birth")
        try story.complete("refuse", "sign", at: "2026-03-02T11:00", in: "birth", said: Story.reason)
        #expect(try story.state.phase == .ended(end: "refused", result: .refused, at: at("2026-03-02T11:00")))
        let told = story.simulator.notices.filter { $0.dossier == story.root.id.description }.suffix(2)
        #expect(told.map(\.status) == [.decided, .returned])
        #expect(
            told.last?.sentence?.vi == "UBND xã A không đăng ký khai sinh được vì thiếu giấy tờ bắt buộc.")
        #expect(told.last?.result == "refused")
    }

    @Test func `only the chosen parts are opened`() throws {
        var facts = TrainingProvince.facts
        facts["form.wants.insurance"] = .yesNo(false)
        var story = try Story("birth-residence-insurance", submitted: "2026-03-02T08:30", facts: facts)
        try story.complete("receive", "accept", at: "2026-03-02T09:00")
        try story.complete("check", "ok", at: "2026-03-02T10:00", in: "birth")
        try story.complete("register", "number", at: "2026-03-02T10:10", in: "birth")
        try story.complete("sign", "sign", at: "2026-03-02T10:20", in: "birth", officer: "o-2")
        #expect(story.simulator.child(of: story.root, at: "share/insurance") == nil)
        try story.complete("register", "done", at: "2026-03-03T09:00", in: "share/residence")
        #expect(try story.openSteps(story.root) == ["return-result"])
    }

    @Test func `a withdrawal before acceptance ends at once`() throws {
        var story = try Story.flagship("2026-03-02T08:30")
        try story.withdraw(at: "2026-03-02T08:40")
        #expect(try story.state.phase == .ended(end: "withdrawn", result: .withdrawn, at: at("2026-03-02T08:40")))
        #expect(try story.state.published.status == .withdrawn)
    }

    @Test func `a withdrawal after the birth keeps the certificate and stops the rest`() throws {
        var story = try Self.shared()
        try story.withdraw(at: "2026-03-03T08:00")
        #expect(try story.state.published.stage == .withdrawing)
        #expect(try story.state.clock.shownPromise == nil)
        #expect(throws: Refusal.self) { try story.withdraw(at: "2026-03-03T08:10") }
        try story.complete("withdrawal.confirm", "confirm", at: "2026-03-03T09:00")
        #expect(try story.state.phase == .ended(end: "partly-withdrawn", result: .partial, at: at("2026-03-03T09:00")))
        #expect(try story.childState("share/residence").hasEnded)
        #expect(try story.childState("share/insurance").hasEnded)
        #expect(try story.state.published.status == .returned)
    }

    @Test func `a withdrawal that is turned down lets the work go on with the days that were held`() throws {
        var story = try Self.shared()
        try story.withdraw(at: "2026-03-03T08:00")
        try story.complete("withdrawal.confirm", "reject", at: "2026-03-04T09:00")
        // Tuesday and Wednesday do not count: Thursday, Friday and Monday do.
        #expect(try story.state.clock.shownPromise == at("2026-03-09T17:00"))
        #expect(try story.state.published.status == .processing)
        #expect(try story.state.withdrawal == nil)
    }

    @Test func `a withdrawal that meets the ready result comes too late`() throws {
        var story = try Self.shared()
        try story.withdraw(at: "2026-03-03T08:00")
        try story.complete("register", "done", at: "2026-03-03T09:00", in: "share/residence")
        try story.complete("issue", "issue", at: "2026-03-03T10:00", in: "share/insurance")
        #expect(try story.openSteps(story.root) == ["return-result"])
        #expect(try story.state.published.status == .decided)
        let refusal = #expect(throws: Refusal.self) { try story.withdraw(at: "2026-03-03T11:00") }
        #expect(refusal?.code == .tooLate)
    }

    @Test func `R22 nobody hears of an acceptance without its legal code`() throws {
        var story = try Story.flagship("2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        let told = story.simulator.notices.filter { $0.dossier == $0.root }
        #expect(told.first?.status == .submitted && told.first?.legalCode == nil)
        let later = told.drop { $0.accepted == nil }
        #expect(later.first?.status == .accepted)
        let code = try #require(try story.state.code)
        #expect(later.allSatisfy { $0.legalCode == code }, "\(later.map(\.legalCode))")
    }

    @Test func `silence opens a task and ends nothing by itself`() throws {
        var story = try Story.flagship("2026-02-13T09:00")
        try story.complete("receive", "supplement", at: "2026-02-13T10:00", said: Story.missing)
        #expect(try story.running("receive.supplement", in: story.root).answerBy == at("2026-03-04T00:00"))
        let asked = try #require(story.simulator.notices.last)
        #expect(asked.sentence?.vi == "Hồ sơ còn thiếu giấy chứng sinh. Bổ sung trước 24 giờ Thứ Ba, 03/03/2026.")
        #expect(asked.action?.until == (try at("2026-03-04T00:00")))
        try story.wait(until: "2026-03-04T00:10")
        #expect(try story.openSteps(story.root) == ["receive.supplement"])
        try story.wait(until: "2026-03-04T00:11")
        #expect(try story.openSteps(story.root) == ["sign-refusal"])
        #expect(try story.state.published.status == .needsDocuments)
        try story.answer("sign-refusal", at: "2026-03-04T08:00")
        #expect(try story.openSteps(story.root) == ["receive"])
    }

    @Test func `an outside system that stays silent hands its step to an officer`() throws {
        var story = try Story.flagship("2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        try story.complete("check", "ok", at: "2026-03-02T09:00", in: "birth")
        try story.wait(until: "2026-03-02T14:29")
        #expect(try story.openSteps(story.child("birth")) == ["register"])
        try story.wait(until: "2026-03-02T14:31")
        #expect(try story.openSteps(story.child("birth")) == ["obstacle"])
        #expect(try story.childState("birth").published.status == .processing)
    }

    @Test func `a call that fails waits longer each time and then an officer takes over`() throws {
        var story = try Story.flagship("2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        try story.complete("check", "ok", at: "2026-03-02T09:00", in: "birth")
        let birth = try story.child("birth")
        let call = try story.running("register", in: birth).activation
        for minutes in [1, 2] {
            let now = story.simulator.now
            try story.simulator.perform(.callFailed(activation: call), on: birth, by: .connector("civil-registry"))
            #expect(try story.running("register", in: birth).retryAfter == now.adding(seconds: Int64(minutes) * 60))
        }
        try story.simulator.perform(.callFailed(activation: call), on: birth, by: .connector("civil-registry"))
        #expect(try story.openSteps(birth) == ["obstacle"])
        try story.simulator.perform(
            .complete(activation: call, outcome: "number", said: [:]), on: birth, by: .connector("civil-registry"))
        #expect(story.simulator.logs[birth]?.last?.body == .lateResult("call \(call) number"))
    }

    @Test func `a re-routed task takes the steps after it along`() throws {
        var story = try Story.flagship("2026-03-02T08:00")
        try story.complete("receive", "accept", at: "2026-03-02T08:10")
        try story.complete(
            "check", "wrong-commune", at: "2026-03-02T08:20", in: "birth", said: ["agency": .agency("000.12.H17")])
        #expect(try story.running("check", in: story.child("birth")).agency == "000.12.H17")
        try story.complete("check", "ok", at: "2026-03-02T09:00", in: "birth")
        try story.complete("register", "number", at: "2026-03-02T09:10", in: "birth")
        #expect(try story.running("sign", in: story.child("birth")).agency == "000.12.H17")
    }

    @Test func `an apology in time moves the part and the whole once`() throws {
        var story = try Self.shared()
        let residence = try story.child("share/residence")
        let head = Actor.officer(id: "h", agency: "000.21.H17", roles: ["police-head"])
        try story.wait(until: "2026-03-03T09:00")
        #expect(try story.childState("share/residence").clock.promised == at("2026-03-04T17:00"))
        let late = Command.reappoint(to: try at("2026-03-10T17:00"), said: Story.reason)
        #expect(throws: Refusal.self) {
            try story.simulator.perform(
                .reappoint(to: try at("2026-03-10T16:00"), said: Story.reason), on: residence, by: head)
        }
        try story.simulator.perform(late, on: residence, by: head)
        #expect(try story.childState("share/residence").clock.promised == at("2026-03-10T17:00"))
        #expect(try story.state.clock.promised == at("2026-03-10T17:00"))
        #expect(try story.state.clock.promiseCause == .linkedWait)
        let refusal = #expect(throws: Refusal.self) {
            try story.simulator.perform(
                .reappoint(to: try at("2026-03-12T17:00"), said: Story.reason), on: residence, by: head)
        }
        #expect(refusal?.code == .tooLate)
    }

    @Test func `an apology after the last day for it is refused`() throws {
        var story = try Self.shared()
        try story.wait(until: "2026-03-04T08:00")
        let refusal = #expect(throws: Refusal.self) {
            try story.simulator.perform(
                .reappoint(to: try at("2026-03-10T17:00"), said: Story.reason), on: try story.child("share/residence"),
                by: .officer(id: "h", agency: "000.21.H17", roles: ["police-head"]))
        }
        #expect(refusal?.code == .tooLate)
    }

    @Test func `the head is warned before the promised date, and lateness is recorded after it`() throws {
        var story = try Self.shared()
        try story.wait(until: "2026-03-04T07:31")
        #expect(try story.state.clock.warned)
        try story.wait(until: "2026-03-05T17:10")
        #expect(try !story.state.clock.late)
        try story.wait(until: "2026-03-05T17:11")
        #expect(try story.state.clock.late)
    }

    @Test func `the whole is not late while all that is left waits for the applicant`() throws {
        var story = try Self.shared()
        try story.complete("issue", "issue", at: "2026-03-03T09:00", in: "share/insurance")
        try story.complete("register", "consent", at: "2026-03-03T10:00", in: "share/residence")
        try story.wait(until: "2026-03-10T08:00")
        #expect(try !story.state.clock.late)
    }

    @Test func `a message that comes twice is heard once`() throws {
        var story = try Self.shared()
        try story.complete("register", "consent", at: "2026-03-03T10:00", in: "share/residence")
        let log = try #require(story.simulator.logs[try story.child("share/residence")])
        let message = try #require(
            log.reversed().compactMap { event -> Message? in
                if case .sent(let message) = event.body, case .standing = message.body { message } else { nil }
            }.first)
        let again = try decide(
            try story.state, .message(message), by: .engine,
            at: Moment(arrived: try at("2026-03-03T10:05"), recorded: try at("2026-03-03T10:05")),
            in: try #require(story.simulator.world(of: try story.state)))
        #expect(again.events.isEmpty)
    }

    @Test func `R11 the encoded state of the flagship stays under 1.5 kB`() throws {
        var story = try Self.shared()
        try story.complete("register", "verify", at: "2026-03-03T09:00", in: "share/residence")
        try story.withdraw(at: "2026-03-03T09:30")
        for state in story.simulator.dossiers.values {
            #expect(state.encoded().count < 1500, "\(String(decoding: state.encoded(), as: UTF8.self))")
            #expect(try State(decoding: state.encoded()) == state)
        }
    }

    @Test func `R17 a linked dossier's identity is the same however often it is started`() throws {
        let story = try Self.shared()
        let start = story.simulator.logs[story.root]?.compactMap { event -> Message? in
            if case .sent(let message) = event.body, case .start = message.body { message } else { nil }
        }
        let message = try #require(start?.first)
        #expect(try Message(decoding: message.encoded()) == message)
        let state = try #require(story.simulator.dossiers[message.to])
        let world = try #require(story.simulator.world(of: state))
        let again = try decide(
            state, .message(message), by: .engine,
            at: Moment(arrived: story.simulator.now, recorded: story.simulator.now),
            in: world)
        #expect(again.events.isEmpty && again.state == state)
    }
}
