/// Reads the members of one object and notes everything wrong, without ever stopping early.
///
///     let fields = try JSONFields.read(body) { f in
///         Submission(procedure: f.string("procedure", maxLength: 40), note: f.optionalString("note", maxLength: 2000))
///     }
///
/// A read that fails notes a problem and gives a placeholder (empty text, the range's lower bound, a first choice), so
/// the closure must only build its value: what it built is thrown away when there is any problem. Members that the
/// closure did not ask for are problems too.
package final class JSONFields {
    /// The object's own place, as a JSON Pointer.
    package let pointer: String
    let object: JSONObject
    let notes: Notes
    private var asked: [String] = []
    private var acceptsOthers = false

    /// The problems of one document, shared by the readers of its objects.
    final class Notes {
        var problems: [JSONProblem] = []
        /// While a placeholder object is read its missing members are nobody's fault.
        var muted = false

        func add(_ problem: JSONProblem) {
            if !muted, problems.count < JSONProblems.countMax { problems.append(problem) }
        }
    }

    init(_ object: JSONObject, at pointer: String, notes: Notes) {
        self.object = object
        self.pointer = pointer
        self.notes = notes
    }

    /// Reads a whole body, which must be an object.
    /// - Throws: ``JSONProblems``: of syntax, or all problems of the fields.
    package static func read<Value>(
        _ bytes: [UInt8], limits: JSONLimits = .request, _ body: (JSONFields) -> Value
    ) throws(JSONProblems) -> Value {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue.parse(bytes, limits: limits) } catch { throw JSONProblems(error) }
        return try read(value, body)
    }

    /// Reads a value, which must be an object.
    /// - Throws: ``JSONProblems`` with all problems of the fields.
    package static func read<Value>(
        _ value: JSONValue, _ body: (JSONFields) -> Value
    ) throws(JSONProblems) -> Value {
        let notes = Notes()
        guard case .object(let object) = value else {
            throw JSONProblems([Complaint.wrongType(.object).problem(at: "")])
        }
        let result = JSONFields(object, at: "", notes: notes).finish(body)
        guard notes.problems.isEmpty else { throw JSONProblems(notes.problems) }
        return result
    }

    /// Runs the reading, then notes the members that it never asked for.
    func finish<Value>(_ body: (JSONFields) -> Value) -> Value {
        let value = body(self)
        guard !acceptsOthers else { return value }
        for member in object.members where !asked.contains(member.key) {
            // Looking for the meant key is the dear part; after enough problems nobody reads it.
            guard notes.problems.count < JSONProblems.countMax else { break }
            let meant = NearestKey.of(member.key, among: asked.filter { !object.contains($0) })
            refuse(member.key, Complaint.unknownKey(meant: meant))
        }
        return value
    }

    /// Lets members through that nobody asked for; for objects open by design.
    package func acceptOthers() { acceptsOthers = true }

    /// Notes a problem of a member that only the caller can see, such as one member contradicting another.
    /// - Parameter key: nil for the object itself.
    package func refuse(_ key: String?, code: String, vi: String, en: String) {
        let place = key.map { JSONPointer.member($0, of: pointer) } ?? pointer
        notes.add(JSONProblem(pointer: place, code: code, message: JSONMessage(vi: vi, en: en)))
    }

    func refuse(_ key: String, _ complaint: Complaint) {
        notes.add(complaint.problem(at: JSONPointer.member(key, of: pointer)))
    }

    /// The member as it stands, or nil if absent or null; marks the key as known.
    package func value(_ key: String) -> JSONValue? {
        if !asked.contains(key) { asked.append(key) }
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    /// The member, or nil with a problem if it is absent or null.
    func required(_ key: String) -> JSONValue? {
        let found = value(key)
        if found == nil { refuse(key, .required) }
        return found
    }
}
