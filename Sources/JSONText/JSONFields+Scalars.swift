extension JSONFields {
    /// A required text of `minLength`…`maxLength` Unicode scalars, not trimmed.
    package func string(_ key: String, minLength: Int = 1, maxLength: Int) -> String {
        required(key).flatMap { string($0, key, minLength, maxLength) } ?? ""
    }

    /// A text of `minLength`…`maxLength` Unicode scalars, not trimmed; nil if absent or null.
    package func optionalString(_ key: String, minLength: Int = 1, maxLength: Int) -> String? {
        value(key).flatMap { string($0, key, minLength, maxLength) }
    }

    /// A required integer within the range.
    package func integer<Number: FixedWidthInteger>(_ key: String, in range: ClosedRange<Number>) -> Number {
        required(key).flatMap { integer($0, key, range) } ?? range.lowerBound
    }

    /// An integer within the range; nil if absent or null.
    package func optionalInteger<Number: FixedWidthInteger>(_ key: String, in range: ClosedRange<Number>) -> Number? {
        value(key).flatMap { integer($0, key, range) }
    }

    /// A required boolean.
    package func bool(_ key: String) -> Bool {
        required(key).flatMap { bool($0, key) } ?? false
    }

    /// A boolean; nil if absent or null.
    package func optionalBool(_ key: String) -> Bool? {
        value(key).flatMap { bool($0, key) }
    }

    /// A required choice: one of the enum's raw values.
    package func choice<Choice>(_ key: String, of type: Choice.Type = Choice.self) -> Choice
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        guard let placeholder = Choice.allCases.first else { preconditionFailure("\(type) has no cases") }
        return required(key).flatMap { choice($0, key) } ?? placeholder
    }

    /// A choice: one of the enum's raw values; nil if absent or null.
    package func optionalChoice<Choice>(_ key: String, of type: Choice.Type = Choice.self) -> Choice?
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        value(key).flatMap { choice($0, key) }
    }

    /// A required text that `parse` understands; nil from `parse` notes the problem `invalid` with `expected`.
    /// - Parameter placeholder: what stands in for it when there is a problem; it is thrown away.
    package func parsed<Value>(
        _ key: String, maxLength: Int, expected: JSONMessage, placeholder: Value, _ parse: (String) -> Value?
    ) -> Value {
        required(key).flatMap { parsed($0, key, maxLength, expected, parse) } ?? placeholder
    }

    /// A text that `parse` understands; nil if absent or null, or with a problem if `parse` gives nil.
    package func optionalParsed<Value>(
        _ key: String, maxLength: Int, expected: JSONMessage, _ parse: (String) -> Value?
    ) -> Value? {
        value(key).flatMap { parsed($0, key, maxLength, expected, parse) }
    }
}

extension JSONFields {
    private func string(_ value: JSONValue, _ key: String, _ minLength: Int, _ maxLength: Int) -> String? {
        switch Self.text(value, minLength: minLength, maxLength: maxLength) {
        case .success(let text): return text
        case .failure(let complaint):
            refuse(key, complaint)
            return nil
        }
    }

    /// The text of a value, or why it is none.
    static func text(_ value: JSONValue, minLength: Int, maxLength: Int) -> Result<String, Complaint> {
        guard let text = value.stringValue else { return .failure(.wrongType(.string)) }
        // A text has at most as many scalars as bytes: counting is for the doubtful ones.
        if text.utf8.count > maxLength, text.unicodeScalars.count > maxLength { return .failure(.tooLong(maxLength)) }
        if text.utf8.count < minLength || text.unicodeScalars.count < minLength {
            return .failure(.tooShort(minLength))
        }
        return .success(text)
    }

    private func integer<Number: FixedWidthInteger>(
        _ value: JSONValue, _ key: String, _ range: ClosedRange<Number>
    ) -> Number? {
        guard let wide = value.integerValue else {
            refuse(key, .wrongType(.integer))
            return nil
        }
        if let number = Number(exactly: wide), range.contains(number) { return number }
        refuse(key, .outOfRange("\(range.lowerBound)", "\(range.upperBound)"))
        return nil
    }

    private func bool(_ value: JSONValue, _ key: String) -> Bool? {
        if value.boolValue == nil { refuse(key, .wrongType(.boolean)) }
        return value.boolValue
    }

    private func choice<Choice>(_ value: JSONValue, _ key: String) -> Choice?
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        guard let text = value.stringValue else {
            refuse(key, .wrongType(.string))
            return nil
        }
        if let choice = Choice(rawValue: text) { return choice }
        refuse(key, .notAChoice(Choice.allCases.map(\.rawValue)))
        return nil
    }

    private func parsed<Value>(
        _ value: JSONValue, _ key: String, _ maxLength: Int, _ expected: JSONMessage, _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = string(value, key, 1, maxLength) else { return nil }
        if let parsed = parse(text) { return parsed }
        refuse(key, .invalid(expected))
        return nil
    }
}
