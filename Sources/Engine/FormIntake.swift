import Foundation
package import JSONText
import Notices
import Procedures
package import WorkingTime

extension DossierEngine {
    /// What is wrong with a form, by pointers below `/form`: for a submission that is refused for something else already, so
    /// that its sender hears of everything at once. Empty where the procedure is not known or not in force.
    package func problems(ofForm form: JSONValue, procedure name: String, arrived: Instant) -> [JSONProblem] {
        let catalogue = catalogue
        guard let procedure = try? inForce(name, on: arrived.date, catalogue) else { return [] }
        return read(form.inNFC, procedure, arrived, catalogue).problems
    }

    private func read(
        _ form: JSONValue, _ procedure: Procedure, _ arrived: Instant, _ catalogue: Catalogue
    ) -> (facts: [String: FactValue], problems: [JSONProblem]) {
        do throws(JSONProblems) {
            let directory = catalogue.directory
            return (try procedure.checkForm(form, submitted: arrived.date, directory: directory).facts, [])
        } catch {
            let problems = error.problems.map {
                JSONProblem(pointer: "/form" + $0.pointer, code: $0.code, message: $0.message)
            }
            return ([:], problems)
        }
    }

    /// A form ready to be sealed, and what conditions may read of it.
    struct Intake {
        /// The whole form, canonical and in NFC: what is sealed.
        var canonical: [UInt8]
        var facts: [String: FactValue]
    }

    /// Checks the form and the papers of a submission: every problem in one answer.
    func checked(
        _ request: SubmitRequest, _ procedure: Procedure, _ catalogue: Catalogue
    ) throws(CommandError) -> Intake {
        let form = request.form.inNFC
        let (facts, faults) = read(form, procedure, request.arrived, catalogue)
        var problems = faults
        problems += procedure.problems(ofDocuments: request.documents, facts: facts, formIsGood: problems.isEmpty)
        guard problems.isEmpty else { throw .invalid(Array(problems.prefix(JSONProblems.countMax))) }
        return Intake(canonical: form.canonicalBytes, facts: facts)
    }
}

extension Procedure {
    /// What is wrong with the papers declared with a submission, by JSON Pointer below `/documents`.
    /// - Parameter formIsGood: whether the facts are known, on which required papers may depend.
    func problems(
        ofDocuments declared: [String: String], facts: [String: FactValue], formIsGood: Bool
    ) -> [JSONProblem] {
        var problems: [JSONProblem] = []
        for (name, kind) in declared.sorted(by: { $0.key < $1.key }) {
            let pointer = JSONPointer.member(name, of: "/documents")
            guard let rule = documents.first(where: { $0.name == name }) else {
                let near = NearestKey.of(name, among: documents.map(\.name))
                problems.append(
                    JSONProblem(
                        pointer: pointer, code: "unknown-document",
                        message: JSONMessage(
                            vi: "Thủ tục không có giấy tờ “\(name)”" + (near.map { "; có phải “\($0)”?" } ?? "."),
                            en: "The procedure has no document “\(name)”"
                                + (near.map { "; did you mean “\($0)”?" } ?? "."))))
                continue
            }
            let kinds = rule.oneOf.isEmpty ? [rule.name] : rule.oneOf
            guard !kinds.contains(kind) else { continue }
            problems.append(
                JSONProblem(
                    pointer: pointer, code: "unknown-choice",
                    message: JSONMessage(
                        vi: "Loại giấy tờ phải là một trong: \(kinds.joined(separator: ", ")).",
                        en: "The kind must be one of: \(kinds.joined(separator: ", ")).")))
        }
        guard formIsGood else { return problems }
        for rule in documents where rule.required && declared[rule.name] == nil && rule.when?.holds(facts) ?? true {
            problems.append(
                JSONProblem(
                    pointer: JSONPointer.member(rule.name, of: "/documents"), code: "required",
                    message: JSONMessage(
                        vi: "Thiếu giấy tờ: \(rule.title.vi).",
                        en: "A paper is missing: \(rule.title.en ?? rule.title.vi).")))
        }
        return problems
    }
}

extension JSONValue {
    /// The same value with every text in Unicode's composed form (NFC), so that equal names compare equal.
    var inNFC: JSONValue {
        switch self {
        case .string(let text):
            text.utf8.allSatisfy { $0 < 0x80 } ? self : .string(text.precomposedStringWithCanonicalMapping)
        case .array(let items): .array(items.map(\.inNFC))
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, $0.value.inNFC) }))
        case .null, .bool, .integer, .number: self
        }
    }
}
