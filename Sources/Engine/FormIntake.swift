import Foundation
import JSONText
import Notices
import Procedures
import WorkingTime

extension DossierEngine {
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
        var problems: [JSONProblem] = []
        var facts: [String: FactValue] = [:]
        do throws(JSONProblems) {
            facts = try procedure.checkForm(
                form, submitted: request.arrived.date, directory: catalogue.directory
            ).facts
        } catch {
            problems = error.problems.map {
                JSONProblem(pointer: "/form" + $0.pointer, code: $0.code, message: $0.message)
            }
        }
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
