package import JSONText

extension Grammar {
    /// The schema of procedure files for editors (JSON Schema 2020-12), made of the same table that reads them.
    package static func jsonSchema() -> JSONValue {
        var definitions = JSONObject()
        var todo = ["procedure"]
        var done: Set<String> = []
        while let name = todo.popLast() {
            guard done.insert(name).inserted else { continue }
            let shape = Grammar.shape(name)
            for key in shape.keys { todo += shapes(in: key.kind) }
        }
        for shape in Grammar.shapes where done.contains(shape.name) {
            definitions[shape.name] = schema(of: shape)
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "MotCua procedure file",
            "description": "Made from the grammar of the reader; docs/language.md explains it.",
            "$ref": "#/$defs/procedure",
            "$defs": .object(definitions),
        ]
    }

    private static func shapes(in kind: ValueKind) -> [String] {
        switch kind {
        case .shape(let name): [name]
        case .list(let inner, _), .map(_, let inner, _), .oneOrList(let inner): shapes(in: inner)
        default: []
        }
    }

    private static func schema(of shape: Shape) -> JSONValue {
        var properties = JSONObject()
        var required: [JSONValue] = []
        for key in shape.keys {
            var schema = schema(of: key.kind)
            schema["description"] = .string(key.about)
            properties[key.name] = .object(schema)
            if case .required = key.presence { required.append(.string(key.name)) }
        }
        var object: JSONObject = [
            "description": .string(shape.about), "type": "object", "additionalProperties": false,
            "properties": .object(properties),
        ]
        if !required.isEmpty { object["required"] = .array(required) }
        return .object(object)
    }

    private static func schema(of kind: ValueKind) -> JSONObject {
        switch kind {
        case .shape(let name): ["$ref": .string("#/$defs/" + name)]
        case .list(let inner, let least):
            ["type": "array", "minItems": .integer(Int64(least)), "items": .object(schema(of: inner))]
        case .map(let names, let inner, let least):
            [
                "type": "object", "minProperties": .integer(Int64(least)),
                "propertyNames": ["pattern": .string(pattern(names))],
                "additionalProperties": .object(schema(of: inner)),
            ]
        case .oneOrList(let inner):
            ["anyOf": [.object(schema(of: inner)), ["type": "array", "items": .object(schema(of: inner))]]]
        case .yesNo: ["type": "boolean"]
        case .whole(let least, let most):
            ["type": "integer", "minimum": .integer(least), "maximum": .integer(most)]
        case .value: ["type": ["boolean", "integer", "string"]]
        case .code(let words): ["enum": .array(words.map(JSONValue.string))]
        case .text(let max): ["type": "string", "minLength": 1, "maxLength": .integer(Int64(max))]
        case .name: ["type": "string", "pattern": .string(pattern(.kebab))]
        case .stepName: ["type": "string", "pattern": .string(pattern(.step))]
        case .date: ["type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"]
        case .instant(let orNone):
            ["type": "string", "pattern": .string("^(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}.*\(orNone ? "|none" : ""))$")]
        case .time: ["type": "string", "pattern": "^\\d{2}:\\d{2}(:\\d{2})?$"]
        case .limit:
            [
                "type": "string",
                "pattern":
                    "^((same|half|quarter) working day|[1-9]\\d* (working (day|hour|minute)|calendar day)s?)$",
            ]
        case .session: ["type": "string", "pattern": "^\\d{2}:\\d{2}-\\d{2}:\\d{2}$"]
        case .condition: ["type": ["string", "boolean"], "maxLength": .integer(Int64(ConditionLexer.lengthMax))]
        case .performer: ["type": "string", "pattern": "^[a-z0-9-]+ at .+$"]
        case .agencyRule: ["type": "string", "pattern": "^(centre|agency|[a-z0-9-]+ of (form|facts)\\..+)$"]
        case .operation: ["type": "string", "pattern": "^[a-z0-9-]+\\.[a-z0-9-]+$"]
        }
    }

    private static func pattern(_ names: ValueKind.NameKind) -> String {
        let kebab = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
        let dotted = "\(kebab)(\\.\(kebab))*"
        return switch names {
        case .kebab: "^\(kebab)$"
        case .dotted: "^\(dotted)$"
        case .step: "^\(dotted)(/\(dotted))*$"
        case .digits: "^[0-9]{1,10}$"
        case .identifier: "^[0-9A-Z]+(\\.[0-9A-Z]+)*$"
        case .weekday: "^(\(weekdays.joined(separator: "|")))$"
        }
    }
}
