extension JSONFields {
    /// A required object, read by `body`; while it is absent `body` runs once on an empty one for a placeholder.
    package func object<Value>(_ key: String, _ body: (JSONFields) -> Value) -> Value {
        if let value = required(key), let read = nested(value, JSONPointer.member(key, of: pointer), body) {
            return read
        }
        let wasMuted = notes.muted
        notes.muted = true
        defer { notes.muted = wasMuted }
        return body(JSONFields(JSONObject(), at: pointer, notes: notes))
    }

    /// An object, read by `body`; nil if absent or null.
    package func optionalObject<Value>(_ key: String, _ body: (JSONFields) -> Value) -> Value? {
        value(key).flatMap { nested($0, JSONPointer.member(key, of: pointer), body) }
    }

    /// A required array of `minCount`…`maxCount` objects, each read by `body`; those that are no objects are left out.
    package func objects<Value>(
        _ key: String, minCount: Int = 0, maxCount: Int, _ body: (JSONFields) -> Value
    ) -> [Value] {
        elements(required(key), key, minCount, maxCount) { self.nested($0, $1, body) } ?? []
    }

    /// An array of objects as ``objects(_:minCount:maxCount:_:)``; nil if absent or null.
    package func optionalObjects<Value>(
        _ key: String, minCount: Int = 0, maxCount: Int, _ body: (JSONFields) -> Value
    ) -> [Value]? {
        elements(value(key), key, minCount, maxCount) { self.nested($0, $1, body) }
    }

    /// A required array of `minCount`…`maxCount` texts, each of 1…`maxLength` Unicode scalars.
    package func strings(_ key: String, minCount: Int = 0, maxCount: Int, maxLength: Int) -> [String] {
        elements(required(key), key, minCount, maxCount) { self.text($0, at: $1, maxLength) } ?? []
    }

    /// An array of texts as ``strings(_:minCount:maxCount:maxLength:)``; nil if absent or null.
    package func optionalStrings(_ key: String, minCount: Int = 0, maxCount: Int, maxLength: Int) -> [String]? {
        elements(value(key), key, minCount, maxCount) { self.text($0, at: $1, maxLength) }
    }

    /// A required object of at most `maxCount` members left as it is, for data whose shape a procedure file decides.
    package func openObject(_ key: String, maxCount: Int) -> JSONObject {
        required(key).flatMap { open($0, key, maxCount) } ?? JSONObject()
    }

    /// An object left as it is; nil if absent or null.
    package func optionalOpenObject(_ key: String, maxCount: Int) -> JSONObject? {
        value(key).flatMap { open($0, key, maxCount) }
    }
}

extension JSONFields {
    private func nested<Value>(_ value: JSONValue, _ place: String, _ body: (JSONFields) -> Value) -> Value? {
        guard let object = value.objectValue else {
            notes.add(Complaint.wrongType(.object).problem(at: place))
            return nil
        }
        return JSONFields(object, at: place, notes: notes).finish(body)
    }

    private func elements<Value>(
        _ value: JSONValue?, _ key: String, _ minCount: Int, _ maxCount: Int,
        _ read: (JSONValue, String) -> Value?
    ) -> [Value]? {
        guard let value else { return nil }
        guard let elements = value.arrayValue else {
            refuse(key, .wrongType(.array))
            return nil
        }
        if elements.count > maxCount { refuse(key, .tooMany(maxCount)) }
        if elements.count < minCount { refuse(key, .tooFew(minCount)) }
        let place = JSONPointer.member(key, of: pointer)
        // Elements beyond the permitted number are refused already and not looked at.
        return elements.prefix(maxCount).enumerated().compactMap { index, element in
            read(element, JSONPointer.element(index, of: place))
        }
    }

    private func text(_ value: JSONValue, at place: String, _ maxLength: Int) -> String? {
        switch Self.text(value, minLength: 1, maxLength: maxLength) {
        case .success(let text): return text
        case .failure(let complaint):
            notes.add(complaint.problem(at: place))
            return nil
        }
    }

    private func open(_ value: JSONValue, _ key: String, _ maxCount: Int) -> JSONObject? {
        guard let object = value.objectValue else {
            refuse(key, .wrongType(.object))
            return nil
        }
        if object.count > maxCount { refuse(key, .tooMany(maxCount)) }
        return object
    }
}
