import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

struct `A compiled procedure` {
    static func procedure(_ name: String, on day: String) throws -> Procedure {
        let date = try #require(CivilDate(day))
        return try #require(try Shipped.loaded.get().catalogue.procedure(named: name, on: date))
    }

    static func node(_ name: String, of procedure: Procedure) throws -> Node {
        let index = try #require(procedure.node(named: name))
        return procedure[index]
    }

    @Test func `turns a request into a waiting step with an answer and a silence`() throws {
        let birth = try Self.procedure("birth-registration", on: "2026-03-02")
        let index = try #require(birth.node(named: "check.supplement"))
        let node = birth[index]
        guard case .applicant(let ask) = node.kind else {
            Issue.record("\(node.kind)")
            return
        }
        #expect(ask.who == "applicant")
        #expect(ask.within == .workingDays(7))
        #expect(birth[ask.silence].name == "refuse-unanswered")
        #expect(node.clock == .restart)
        #expect(node.words?.status == .needsDocuments)
        #expect(node.outcomes.map(\.name) == ["answered", "silent"])
        #expect(node.outcomes.map(\.byApplicant) == [true, false])
        #expect(node.outcomes.map(\.byPerformer) == [false, false])
        let check = try #require(birth.node(named: "check"))
        #expect(node.outcomes.first?.target == .node(check))
        let asking = birth[check].outcomes.first { $0.name == "supplement" }
        #expect(asking?.target == .node(index))
        #expect(asking?.atMost == 1)
        let answered = birth[ask.silence].outcomes.last
        #expect(answered?.name == "answered")
        #expect(answered?.target == .node(check))
        #expect(answered?.byApplicant == true)
        #expect(answered?.byPerformer == false)
    }

    @Test func `keeps groups, calls and four eyes`() throws {
        let birth = try Self.procedure("birth-registration", on: "2026-03-02")
        #expect(birth.groups.map { $0.steps.map { birth[$0].name } } == [["check", "register", "obstacle", "sign"]])
        #expect(birth.groups.map(\.within) == [.sameWorkingDay])
        let sign = try Self.node("sign", of: birth)
        guard case .person(let role, let at, let notBy) = sign.kind else {
            Issue.record("\(sign.kind)")
            return
        }
        #expect(role == "chairman")
        #expect(at == .kind("civil-status", of: "form.registration.commune"))
        #expect(notBy.map { birth[$0].name } == ["check"])
        #expect(birth.linkedStart.map { birth[$0].name } == "check")
        #expect(birth[birth.start].name == "receive")
        let register = try Self.node("register", of: birth)
        guard case .call(let call) = register.kind else {
            Issue.record("\(register.kind)")
            return
        }
        #expect(call.connector + "." + call.operation == "civil-registry.register")
        #expect(call.downAfter == .workingMinutes(240))
        #expect(birth[call.downTo].name == "obstacle")
    }

    @Test func `builds branches of links, whose results are the linked ends`() throws {
        let whole = try Self.procedure("birth-residence-insurance", on: "2026-03-02")
        let share = try #require(whole.node(named: "share"))
        guard case .fork(let fork) = whole[share].kind else {
            Issue.record("\(whole[share].kind)")
            return
        }
        #expect(fork.branches.map(\.name) == ["residence", "insurance"])
        #expect(fork.join == .all)
        #expect(
            fork.results == [
                .init(outcome: "complete", test: .all("issued")), .init(outcome: "partial", test: .otherwise),
            ])
        let first = try #require(fork.branches.first)
        let residence = whole[first.start]
        #expect(residence.name == "share/residence")
        #expect(residence.block == .branch(fork: share, branch: 0))
        #expect(residence.outcomes.map(\.name) == ["not-accepted", "issued", "refused", "withdrawn"])
        #expect(residence.outcomes.map(\.target).contains(.branch(result: "issued")))
        guard case .link(let link) = residence.kind else {
            Issue.record("\(residence.kind)")
            return
        }
        #expect(link.copies == ["facts.verification"])
        #expect(link.limits.map(\.within) == [.workingDays(5), .workingDays(2)])
        #expect(link.limits.first?.when?.holds(["facts.verification": .yesNo(true)]) == true)
        #expect(link.waits == .extend)
        guard case .link(let birth) = try Self.node("birth", of: whole).kind else {
            Issue.record("the birth part is no link")
            return
        }
        #expect(birth.waits == .restart)
        #expect(birth.countsFrom == .acceptance)
    }

    @Test func `declares as facts what its rules read of the form`() throws {
        let whole = try Self.procedure("birth-residence-insurance", on: "2026-03-02")
        #expect(
            Set(whole.facts.map(\.name)) == [
                "facts.verification", "form.wants.residence", "form.wants.insurance", "form.birth-case",
                "form.residence.with", "form.registration.commune", "form.residence.commune",
            ])
        for fact in whole.facts {
            guard case .form(let name) = fact.source else { continue }
            #expect(whole.form.first { $0.name == name }?.personal == false, "\(name)")
        }
        #expect(whole.deadline?.cutOff?.at == TimeOfDay("15:00"))
        #expect(whole.late.warnAhead == .workingDays(1))
        #expect(whole.contentHash.count == 64)
    }

    @Test func `ends a withdrawal by confirming or rejecting it`() throws {
        let whole = try Self.procedure("birth-residence-insurance", on: "2026-03-02")
        let withdrawal = try #require(whole.withdrawal)
        let confirm = whole[withdrawal.confirm]
        #expect(confirm.name == "withdrawal.confirm")
        #expect(confirm.block == .withdrawal)
        #expect(confirm.outcomes.map(\.target) == [.stop, .resume])
        #expect(confirm.outcomes.map { $0.needs.map(\.kind) } == [[], [.reason]])
        #expect(whole[withdrawal.partialEnd].name == "partly-withdrawn")
        #expect(withdrawal.words.stage == .withdrawing)
    }

    @Test func `resolves the paths of its examples`() throws {
        let whole = try Self.procedure("birth-residence-insurance", on: "2026-03-02")
        let example = try #require(whole.examples.first { $0.name.hasPrefix("verification moves") })
        #expect(example.form == ["residence.with": .text("other")])
        #expect(example.actions.last?.act == .complete(path: "share/residence/register", outcome: "verify"))
        let due = try #require(Instant(iso8601: "2026-08-25T17:00"))
        #expect(example.expectations.contains(.due(path: "share/residence", step: "verify", due)))
    }

    @Test func `has one version in force on a day`() throws {
        let catalogue = try Shipped.loaded.get().catalogue
        for (code, day, name) in [
            ("2.000986", "2024-06-30", "birth-residence-insurance-paper"),
            ("2.002621", "2024-07-01", "birth-residence-insurance"),
            ("2.002621", "2026-08-31", "birth-residence-insurance"),
            ("3.000722", "2026-09-01", "birth-residence-insurance-identity"),
        ] {
            let date = try #require(CivilDate(day))
            #expect(catalogue.procedure(code: code, on: date)?.name == name)
        }
        let after = try #require(CivilDate("2026-09-01"))
        #expect(catalogue.procedure(code: "2.002621", on: after) == nil)
        #expect(catalogue.versions(of: "permanent-residence").map(\.version) == [1, 2])
    }

    @Test func `describes itself, in either language`() throws {
        let whole = try Self.procedure("birth-residence-insurance", on: "2026-03-02")
        let lines = whole.describe(in: .vi)
        #expect(lines.contains("1. receive: Tiếp nhận, kiểm tra hồ sơ [reception at centre]"))
        #expect(lines.contains("   accept → birth"))
        #expect(whole.describe(in: .en).contains("  5 working days ⟵ facts.verification"))
        #expect(whole.milestoneSteps.map(\.milestone.key) == whole.milestones.map(\.key))
        #expect(whole.milestoneSteps.last?.steps.contains("returned") == true)
    }
}

struct `The directory` {
    @Test func `can act on every shipped procedure in every commune`() throws {
        let catalogue = try Shipped.loaded.get().catalogue
        let directory = catalogue.directory
        let day = try #require(CivilDate("2026-03-02"))
        #expect(directory.provinces.count == 2)
        #expect(directory.areas.count >= 12)
        for area in directory.areas.keys.sorted() {
            for kind in ["centre", "civil-status", "police", "social-insurance", "identity-police"] {
                #expect(directory.agency(kind, serving: area, on: day) != nil, "\(kind) of \(area)")
            }
        }
    }
}
