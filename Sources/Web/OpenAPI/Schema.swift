import JSONText

/// JSON Schemas (2020-12, as OpenAPI 3.1 has them) in few words.
enum Schema {
    /// A schema of the components.
    static func ref(_ name: String, _ description: String? = nil) -> JSONValue {
        var object: JSONObject = ["$ref": .string("#/components/schemas/\(name)")]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    /// A text of a request as ``JSONFields`` reads it: 1…`upTo` characters.
    static func text(upTo maxLength: Int64, _ description: String) -> JSONValue {
        .object([
            "type": "string", "minLength": 1, "maxLength": .integer(maxLength), "description": .string(description),
        ])
    }

    /// A text; `pattern` and `format` as JSON Schema has them.
    static func text(_ description: String? = nil, pattern: String? = nil, format: String? = nil) -> JSONValue {
        var object: JSONObject = ["type": "string"]
        if let description { object["description"] = .string(description) }
        if let pattern { object["pattern"] = .string(pattern) }
        if let format { object["format"] = .string(format) }
        return .object(object)
    }

    /// An instant, as `2026-02-27T16:30:00+07:00`.
    static func instant(_ description: String? = nil) -> JSONValue { text(description, format: "date-time") }

    /// A whole number within bounds.
    static func integer(_ description: String? = nil, min: Int64? = nil, max: Int64? = nil) -> JSONValue {
        var object: JSONObject = ["type": "integer"]
        if let description { object["description"] = .string(description) }
        if let min { object["minimum"] = .integer(min) }
        if let max { object["maximum"] = .integer(max) }
        return .object(object)
    }

    /// `true` or `false`.
    static func flag(_ description: String? = nil) -> JSONValue {
        var object: JSONObject = ["type": "boolean"]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    /// One of these words.
    static func choice(_ words: [String], _ description: String? = nil) -> JSONValue {
        var object: JSONObject = ["type": "string", "enum": .array(words.map { .string($0) })]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    /// An array.
    static func list(_ items: JSONValue, _ description: String? = nil) -> JSONValue {
        var object: JSONObject = ["type": "array", "items": items]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    /// An object of any members.
    static func anyObject(_ description: String? = nil) -> JSONValue {
        var object: JSONObject = ["type": "object", "additionalProperties": true]
        if let description { object["description"] = .string(description) }
        return .object(object)
    }

    /// An object.
    /// - Parameter isClosed: whether other members are refused, as in requests; answers may get more with time.
    static func object(
        _ required: JSONObject, optional: JSONObject = [:], isClosed: Bool = false, _ description: String? = nil
    ) -> JSONValue {
        var properties = required
        for member in optional.members { properties[member.key] = member.value }
        var object: JSONObject = ["type": "object"]
        if let description { object["description"] = .string(description) }
        object["properties"] = .object(properties)
        if !required.isEmpty { object["required"] = .array(required.keys.map { .string($0) }) }
        if isClosed { object["additionalProperties"] = false }
        return .object(object)
    }

    /// A page of a list.
    static func page(_ item: String, optional: JSONObject = [:]) -> JSONValue {
        var more = optional
        more["prev"] = text("Where the page before is; absent on the first.")
        more["next"] = text("Where the next page is; absent on the last.")
        return object(["items": list(ref(item))], optional: more)
    }
}
