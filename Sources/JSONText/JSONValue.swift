/// One JSON value as it was read: integers apart from other numbers, objects in the order of the text.
///
/// Equality of strings is Swift's (canonically equivalent texts are equal); of objects it ignores the order of members.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent, within 64 bits.
    case integer(Int64)
    /// Any other number, kept as its source text (at most ``JSONLimits/numberByteCountMax`` bytes), never rounded.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// The text, or nil if the value is no string.
    package var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, or nil if the value is no integer.
    package var integerValue: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth value, or nil if the value is no boolean.
    package var boolValue: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The elements, or nil if the value is no array.
    package var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, or nil if the value is no object.
    package var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Whether the value is `null`.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The member of that name, or nil if the value is no object or has no such member.
    package subscript(_ key: String) -> JSONValue? {
        objectValue?[key]
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `nil` is JSON's `null`.
    package init(nilLiteral: ()) { self = .null }
    /// A boolean literal.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer literal, checked against 64 bits by the compiler.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// A string literal.
    package init(stringLiteral value: String) { self = .string(value) }
    /// An array literal.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object literal in its written order; of a repeated key the last value stays.
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
