import Edge
import JSONText
import Procedures
import WorkingTime

/// How the API writes what the verifier found in a file.
enum FindingText {
    /// One finding, with its place.
    static func value(_ finding: Finding, file: String) -> JSONValue {
        var object: JSONObject = [
            "rule": .string(finding.rule.rawValue), "severity": .string(finding.severity.rawValue),
            "file": .string(file), "line": .integer(Int64(finding.spot.line)),
            "column": .integer(Int64(finding.spot.column)), "path": .string(finding.path),
            "message": text(finding.message),
        ]
        if let fix = finding.fix { object["fix"] = text(fix) }
        return .object(object)
    }

    /// The report of a check: nothing is stored.
    static func report(_ findings: [Finding], procedure: Procedure?, file: String) -> [UInt8] {
        JSONWriter.bytes { json in
            json.member("ok", procedure != nil)
            json.array("findings") { json in for finding in findings { json.value(value(finding, file: file)) } }
            if let procedure {
                json.object("procedure") { json in
                    ProcedureText.reference(procedure, &json)
                    json.member("contentHash", procedure.contentHash)
                }
            }
        }
    }

    /// 422 with every finding, or 409 where the version is published with other content: what people read first is
    /// `file:line:column: what`.
    static func problem(_ findings: [Finding], file: String) -> Problem {
        let errors = findings.filter { $0.severity == .error }
        let faults = errors.prefix(JSONProblems.countMax).map { finding in
            let place = "\(file):\(finding.spot.line):\(finding.spot.column): \(finding.rule.rawValue) "
            return JSONProblem(
                pointer: finding.path.isEmpty ? "" : "/" + finding.path, code: finding.rule.rawValue,
                message: JSONMessage(vi: place + finding.message.vi, en: place + finding.message.en))
        }
        let isPublished = errors.contains { $0.rule == .v18 && $0.path == "version" }
        let kind: ProblemKind = isPublished ? .duplicateVersion : .procedureRefused
        var problem = kind.problem(
            JSONMessage(vi: "Tệp có \(errors.count) lỗi.", en: "The file has \(errors.count) errors."),
            faults: Array(faults))
        problem.members["findings"] = .array(findings.map { value($0, file: file) })
        return problem
    }

    private static func text(_ text: BilingualText) -> JSONValue {
        .object(["vi": .string(text.vi), "en": .string(text.en)])
    }
}
