import Foundation
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

struct `A report` {
    static func report() -> Report {
        Sample.read(Sample.procedure.replacing("milestone: received", with: "milestone: receved", maxReplacements: 1))
            .report
    }

    @Test func `says a finding in one line, in either language`() {
        #expect(
            Self.report().text(in: .en)
                == "procedures/sample.yaml:35:36  V03  error  There is no milestone “receved”.  Do you mean “received”?\n"
        )
        #expect(
            Self.report().text(in: .vi)
                == "procedures/sample.yaml:35:36  V03  lỗi  Không có mốc “receved”.  Có phải là “received”?\n")
    }

    @Test func `is JSON with both languages`() throws {
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.report().json())) as? [String: Any])
        #expect(json["errors"] as? Int == 1)
        #expect(json["warnings"] as? Int == 0)
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.first?["rule"] as? String == "V03")
        #expect(findings.first?["path"] as? String == "steps/receive/public/milestone")
        #expect((findings.first?["message"] as? [String: String])?["vi"] == "Không có mốc “receved”.")
    }

    @Test func `is a SARIF log`() throws {
        let log = try #require(try JSONSerialization.jsonObject(with: Data(Self.report().sarif())) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let result = try #require((run["results"] as? [[String: Any]])?.first)
        #expect(result["ruleId"] as? String == "V03")
        #expect(result["level"] as? String == "error")
        let place = (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
        #expect((place?["region"] as? [String: Int]) == ["startLine": 35, "startColumn": 36])
    }
}

struct `Calendars and agencies` {
    @Test(arguments: [
        ("years: {from: 2024, to: 2027}\n", "", "needs “years” and “hours”"),
        ("to: 2027", "too: 2027", "no key “too”"),
        ("\"08:00-12:00\"", "\"12:00-08:00\"", "is not a session"),
        ("monday: [", "moonday: [", "is not spelt"),
        ("counted: [monday", "counted: [moonday", "not one of the words"),
        (
            "hours:", "days-off: [{date: 2024-01-01, to: 2024-01-02, reason: {vi: Tết, en: New Year}}]\nhours:",
            "must be “date”"
        ),
        ("hours:", "extends: other\nhours:", "does not go with"),
        ("from: 2023-01-01", "from: 2025-01-01", "no office hours are given"),
        ("hours:", "working-days: [{date: 2024-01-06, instead-of: 2024-01-02}]\nhours:", "2024-01-0"),
    ])
    func `are refused with their fault`(_ part: String, _ change: String, _ says: String) {
        let calendar = Sample.calendar.replacing(part, with: change, maxReplacements: 1)
        #expect(calendar != Sample.calendar)
        let loaded = Sample.read(Sample.procedure, calendar: calendar)
        #expect(loaded.report.text(in: .en).contains(says), "\(loaded.report.text(in: .en))")
        #expect(loaded.catalogue.calendars.isEmpty)
    }

    @Test(arguments: [
        ("number: 1", "number: 0", "not within"), ("serves: [\"001\", \"002\"]", "serves: [\"009\"]", "no area “009”"),
        ("agency: 01.H01", "agency: 09.H01", "no agency “09.H01”"),
        ("calendar: office", "calendar: shop", "no calendar “shop”"),
        ("roles: [reception]", "role: [reception]", "no key “role”"), ("  01.H01:", "  h01:", "is not spelt"),
    ])
    func `of a province are refused with their fault`(_ part: String, _ change: String, _ says: String) {
        let province = Sample.province.replacing(part, with: change, maxReplacements: 1)
        #expect(province != Sample.province)
        let report = Sample.read(Sample.procedure, province: province).report
        #expect(report.text(in: .en).contains(says), "\(report.text(in: .en))")
        #expect(report.hasErrors)
    }

    @Test func `V12 warns where nobody holds a role`() {
        let province =
            Sample.province.replacing("roles: [clerk, head]", with: "roles: [clerk]")
            + "\n  a-02: {agency: 01.H01, roles: [head]}\n"
        let loaded = Sample.read(Sample.procedure, province: province)
        let rows = loaded.report.rows.filter { $0.file == Sample.fileName }
        #expect(rows.map(\.finding.rule) == [.v12])
        #expect(rows.map(\.finding.severity) == [.warning])
        #expect(loaded.catalogue.procedures.contains { $0.name == "sample" })
    }

    @Test func `V12 warns where four eyes would need a second officer`() {
        let province = Sample.province.replacing("\n  b-02: {agency: 02.H01, roles: [clerk]}", with: "")
        #expect(province != Sample.province)
        let loaded = Sample.read(Sample.procedure, province: province)
        let rows = loaded.report.rows.filter { $0.file == Sample.fileName }
        #expect(rows.map(\.finding.rule) == [.v12])
        #expect(rows.map(\.finding.severity) == [.warning])
        #expect(rows.first?.finding.message.en.contains("also the only one who does the step “check”") == true)
        #expect((rows.first?.finding.spot.line ?? 0) > 1)
        #expect(loaded.catalogue.procedures.contains { $0.name == "sample" })
    }

    @Test func `of two files may not share a code`() {
        let texts = [
            "a.yaml": Array(Sample.calendar.utf8), "b.yaml": Array(Sample.calendar.utf8),
            "c.yaml": Array(Sample.province.utf8), "d.yaml": Array(Sample.province.utf8), "e.yaml": Array("a: 1".utf8),
        ]
        let report = WorkflowFolder.read(texts: texts).report
        #expect(report.rows.contains { $0.file == "b.yaml" && $0.finding.rule == .v18 })
        #expect(report.rows.contains { $0.file == "d.yaml" && $0.finding.rule == .v18 })
        #expect(report.rows.contains { $0.file == "e.yaml" && $0.finding.rule == .v01 })
    }
}
