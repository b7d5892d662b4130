import JSONText
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

@testable import motcua

@Suite struct SampleTests {
    private static let day = CivilDate(year: 2026, month: 8, day: 24) ?? .earliest

    private func dossiers(_ count: Int = 320, seed: UInt64 = 1) throws -> [SampleDossier] {
        let directory = try Workflows.loaded().catalogue.directory
        let places = try #require(SamplePlaces(directory, on: Self.day))
        var writer = SampleWriter(places: places, day: Self.day, seed: seed)
        return writer.dossiers(count: count)
    }

    @Test func `the same seed writes the same dossiers`() throws {
        let first = try dossiers(50, seed: 7)
        let second = try dossiers(50, seed: 7)
        #expect(first.map(\.form) == second.map(\.form))
        #expect(first.map(\.arrives) == second.map(\.arrives))
        #expect(try dossiers(50, seed: 8).map(\.form) != first.map(\.form))
    }

    @Test func `three centres in two provinces receive`() throws {
        let centres = Set(try dossiers().map(\.centre))
        let directory = try Workflows.loaded().catalogue.directory
        #expect(centres.count == 3)
        #expect(Set(centres.compactMap { directory.agencies[$0]?.province }).count == 2)
    }

    @Test func `every scenario happens`() throws {
        #expect(Set(try dossiers().map(\.scenario)) == Set(Scenario.allCases))
    }

    @Test func `references are unique and dossiers come in order of arrival`() throws {
        let all = try dossiers()
        #expect(all.count == 320)
        #expect(Set(all.map(\.reference)).count == 320)
        #expect(all.map(\.arrives) == all.map(\.arrives).sorted())
    }

    @Test func `identity numbers say sex, century and year`() throws {
        for dossier in try dossiers() {
            for who in ["mother", "father"] {
                guard let person = dossier.form[who] else { continue }
                let number = Array(try #require(person["national-id"]?.stringValue))
                let birth = try #require(CivilDate(person["date-of-birth"]?.stringValue ?? ""))
                #expect(number.count == 12 && number.allSatisfy { $0.isASCII && $0.isNumber })
                let mark = (birth.year / 100 - 19) * 2 + (who == "mother" ? 1 : 0)
                #expect(String(number[3]) == "\(mark)")
                #expect(Int(String(number[4...5])) == birth.year % 100)
            }
        }
    }

    @Test func `parents are grown up when the child is born`() throws {
        for dossier in try dossiers() {
            let child = try #require(CivilDate(dossier.form["child"]?["date-of-birth"]?.stringValue ?? ""))
            let mother = try #require(CivilDate(dossier.form["mother"]?["date-of-birth"]?.stringValue ?? ""))
            #expect(child.daysSinceEpoch - mother.daysSinceEpoch >= 18 * 365)
            #expect(child < Self.day && Self.day.daysSinceEpoch - child.daysSinceEpoch <= 60)
        }
    }

    @Test func `no address names a district`() throws {
        for dossier in try dossiers() {
            let text = String(decoding: dossier.form.bytes, as: UTF8.self).lowercased()
            #expect(!text.contains("quận") && !text.contains("huyện"))
        }
    }

    /// The fields, closed lists and rules are those of the procedure file, not of this generator.
    @Test func `every form is one that the procedure takes, all of its fields in use`() throws {
        let catalogue = try Workflows.loaded().catalogue
        let procedure = try #require(catalogue.procedure(named: "birth-residence-insurance", on: Self.day))
        var used: Set<String> = []
        for dossier in try dossiers() {
            do {
                let checked = try procedure.checkForm(
                    dossier.form, submitted: Self.day, directory: catalogue.directory)
                used.formUnion(checked.values.keys)
            } catch {
                Issue.record("\(dossier.reference): \(error)")
            }
        }
        #expect(used == Set(procedure.form.map(\.name)))
    }

    /// Outcomes and step names come from the procedure files: a renamed one would leave the demo's desks idle.
    @Test(arguments: Scenario.allCases)
    func `what desks decide is an outcome of the step`(_ scenario: Scenario) throws {
        let catalogue = try Workflows.loaded().catalogue
        let child = SampleChild(personalNumber: "048226000001", registerNumber: "1/2026", cardNumber: "TE1")
        var decided = 0
        for name in ["birth-residence-insurance", "birth-registration", "permanent-residence", "child-health-card"] {
            let procedure = try #require(catalogue.procedure(named: name, on: Self.day))
            for node in procedure.nodes {
                for visit in 1...2 {
                    let decision = DeskDecision.of(
                        scenario, procedure: name, step: node.name, visit: visit, child: child)
                    guard case .complete(let outcome, _) = decision else { continue }
                    decided += 1
                    #expect(node.outcome(named: outcome) != nil, "\(name) \(node.name) \(outcome)")
                }
            }
        }
        #expect(decided > 10)
    }
}

@Suite struct VietnameseWordsTests {
    @Test(arguments: [
        (0, "không"), (5, "năm"), (10, "mười"), (11, "mười một"), (15, "mười lăm"), (20, "hai mươi"),
        (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (31, "ba mươi mốt"),
        (105, "một trăm linh năm"),
        (1000, "một nghìn"), (2000, "hai nghìn"), (2004, "hai nghìn không trăm linh tư"),
        (2026, "hai nghìn không trăm hai mươi sáu"), (1945, "một nghìn chín trăm bốn mươi lăm"),
    ])
    func `numbers are said as in documents`(_ number: Int, _ words: String) {
        #expect(VietnameseWords.number(number) == words)
    }

    @Test func `a date is said in words`() throws {
        let date = try #require(CivilDate(year: 2026, month: 4, day: 15))
        #expect(VietnameseWords.date(date) == "ngày mười lăm tháng tư năm hai nghìn không trăm hai mươi sáu")
    }
}
