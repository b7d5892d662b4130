package import JSONText
import Notices
package import WorkingTime

/// A form that was taken: every value checked, personal ones apart (R2).
package struct CheckedForm: Hashable, Sendable {
    /// The values given, by the field's name (`child.full-name`).
    package var values: [String: JSONValue]
    /// The personal fields, nested as they were sent: to be sealed, never to be logged.
    package var personal: JSONObject
    /// The other fields, nested as they were sent.
    package var open: JSONObject
    /// The facts that conditions read (`form.residence.commune`), computed once (R3).
    package var facts: [String: FactValue]
}

extension Procedure {
    /// Checks a submitted form against the fields: names, types, ranges, what is required in this case, the form rules.
    ///
    /// The form nests by the parts of the names, `{"child": {"full-name": "…"}}`; null counts as absent. A field whose
    /// `when` does not hold must be absent: what is not needed is not taken.
    /// - Parameter submitted: The day against which dates that may not be in the future are held.
    /// - Throws: Every problem at once, each with its JSON Pointer.
    package func checkForm(
        _ form: JSONValue, submitted: CivilDate, directory: AgencyDirectory
    ) throws(JSONProblems) -> CheckedForm {
        var check = FormCheck(procedure: self, submitted: submitted, directory: directory)
        return try check.run(form)
    }

    /// The form facts of these values (`form.<name>`), for the facts that this procedure declares.
    package func declaredFacts(_ values: [String: JSONValue]) -> [String: FactValue] {
        var found: [String: FactValue] = [:]
        for fact in facts {
            guard case .form(let field) = fact.source, let value = values[field] else { continue }
            found[fact.name] = Self.factValue(value, fact.type)
        }
        return found
    }

    private static func factValue(_ value: JSONValue, _ type: FactType) -> FactValue? {
        switch (type, value) {
        case (.yesNo, .bool(let flag)): .yesNo(flag)
        case (.number, .integer(let number)): .number(number)
        case (.date, .string(let text)): CivilDate(text).map(FactValue.date)
        case (.text, .string(let text)), (.choice, .string(let text)), (.area, .string(let text)): .text(text)
        default: nil
        }
    }
}

extension Condition {
    /// The full names of the facts that it reads.
    package var facts: Set<String> { expression.facts }
}

extension Condition.Term {
    /// The full names of the facts that it reads; as deep as the parser lets a condition be.
    fileprivate var facts: Set<String> {
        switch self {
        case .literal: []
        case .fact(let name, _), .has(let name): [name]
        case .not(let inner), .isIn(let inner, _): inner.facts
        case .and(let left, let right), .or(let left, let right), .compare(_, let left, let right):
            left.facts.union(right.facts)
        case .choose(let test, let yes, let no): test.facts.union(yes.facts).union(no.facts)
        }
    }
}

/// The work of one check.
private struct FormCheck {
    let procedure: Procedure
    let directory: AgencyDirectory
    private var rule: FieldCheck
    private var values: [String: JSONValue] = [:]
    /// Fields whose value was refused: they are present, so that they are not missing as well.
    private var refused: Set<String> = []

    init(procedure: Procedure, submitted: CivilDate, directory: AgencyDirectory) {
        self.procedure = procedure
        self.directory = directory
        rule = FieldCheck(submitted: submitted, directory: directory)
    }

    mutating func run(_ form: JSONValue) throws(JSONProblems) -> CheckedForm {
        guard case .object(let object) = form else {
            rule.note("", "wrong-type", "Biểu mẫu phải là một đối tượng.", "The form must be an object.")
            throw JSONProblems(rule.problems)
        }
        walk(object, name: "", pointer: "", depth: 0)
        let facts = procedure.declaredFacts(values)
        for field in procedure.form { checkPresence(field, facts) }
        // A rule over a form with holes in it would only repeat what is already said.
        if rule.problems.isEmpty {
            for rule in procedure.formRules where !rule.check.holds(facts) {
                self.rule.note("", "form-rule", rule.message.vi, rule.message.en ?? rule.message.vi)
            }
        }
        guard rule.problems.isEmpty else { throw JSONProblems(rule.problems) }
        var personal = JSONValue.object(JSONObject())
        var open = JSONValue.object(JSONObject())
        for field in procedure.form {
            guard let value = values[field.name] else { continue }
            let path = field.name.split(separator: ".").map(String.init)[...]
            if field.personal { Self.put(value, path, &personal) } else { Self.put(value, path, &open) }
        }
        return CheckedForm(
            values: values, personal: personal.objectValue ?? JSONObject(), open: open.objectValue ?? JSONObject(),
            facts: facts)
    }

    private static func put(_ value: JSONValue, _ path: ArraySlice<String>, _ into: inout JSONValue) {
        guard let first = path.first else {
            into = value
            return
        }
        var object = into.objectValue ?? JSONObject()
        var inner = object[first] ?? .object(JSONObject())
        put(value, path.dropFirst(), &inner)
        object[first] = inner
        into = .object(object)
    }

    private mutating func walk(_ object: JSONObject, name: String, pointer: String, depth: Int) {
        // After enough problems nobody reads the next, and looking for each key's meaning is dear.
        for member in object.members where !rule.isFull {
            let inner = name.isEmpty ? member.key : name + "." + member.key
            let place = JSONPointer.member(member.key, of: pointer)
            let isFlat = member.key.contains(".")
            if !isFlat, let field = procedure.form.first(where: { $0.name == inner }) {
                if member.value.isNull { continue }
                if rule.check(member.value, field.type, at: place, depth: 0) {
                    values[field.name] = member.value
                } else {
                    refused.insert(field.name)
                }
            } else if !isFlat, depth < 16, procedure.form.contains(where: { $0.name.hasPrefix(inner + ".") }) {
                if member.value.isNull { continue }
                if let object = member.value.objectValue {
                    walk(object, name: inner, pointer: place, depth: depth + 1)
                } else {
                    rule.note(place, "wrong-type", "Ở đây phải là một đối tượng.", "There must be an object here.")
                    for field in procedure.form where field.name.hasPrefix(inner + ".") { refused.insert(field.name) }
                }
            } else {
                unknown(inner, isFlat: isFlat, at: place)
            }
        }
    }

    private mutating func unknown(_ name: String, isFlat: Bool, at place: String) {
        if isFlat, procedure.form.contains(where: { $0.name == name }) {
            rule.note(
                place, "unknown-field", "Tên có dấu chấm phải viết lồng nhau.",
                "A name with dots must be nested: one object for each part.")
            return
        }
        let near = NearestKey.of(name, among: procedure.form.map(\.name))
        rule.note(
            place, "unknown-field", "Không có trường này." + (near.map { " Có phải là “\($0)”?" } ?? ""),
            "There is no such field." + (near.map { " Do you mean “\($0)”?" } ?? ""))
    }

    private mutating func checkPresence(_ field: Field, _ facts: [String: FactValue]) {
        // Whether a field is asked for is not known while what its condition reads is wrong itself.
        if field.when?.facts.contains(where: { refused.contains(String($0.dropFirst(5))) }) ?? false { return }
        let isAsked = field.when?.holds(facts) ?? true
        var pointer = ""
        for part in field.name.split(separator: ".") { pointer = JSONPointer.member(String(part), of: pointer) }
        if isAsked, field.required, values[field.name] == nil, !refused.contains(field.name) {
            rule.note(
                pointer, "required", "Thiếu “\(field.title.vi)”.", "“\(field.title.en ?? field.title.vi)” is missing.")
        }
        if !isAsked, values[field.name] != nil {
            rule.note(
                pointer, "not-asked", "Trường hợp này không cần “\(field.title.vi)”; hãy bỏ trống.",
                "“\(field.title.en ?? field.title.vi)” is not asked for in this case; leave it out.")
        }
    }
}
