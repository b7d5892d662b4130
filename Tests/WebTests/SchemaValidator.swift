import JSONText

/// Checks values against the contract's schemas: as much of JSON Schema as the contract uses.
///
/// Objects are taken as closed whatever the schema says, unless it opens them: what is sent and not described is an
/// error, so that representations and contract cannot drift apart.
struct SchemaValidator {
    let schemas: JSONObject

    init(contract: JSONValue) { schemas = contract["components"]?["schemas"]?.objectValue ?? JSONObject() }

    /// What is wrong with a value, each with its place; empty if nothing is.
    func problems(_ value: JSONValue, _ name: String) -> [String] {
        guard let schema = schemas[name] else { return ["no schema \(name)"] }
        return check(value, schema, "")
    }

    private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        if let ref = schema["$ref"]?.stringValue {
            let name = String(ref.split(separator: "/").last ?? "")
            guard let target = schemas[name] else { return ["\(place): no schema \(name)"] }
            return check(value, target, place)
        }
        if let words = schema["enum"]?.arrayValue, !words.contains(value) { return ["\(place): not one of \(words)"] }
        switch schema["type"]?.stringValue {
        case "object": return object(value, schema, place)
        case "array":
            guard let items = value.arrayValue else { return ["\(place): no array"] }
            return items.enumerated().flatMap { check($1, schema["items"] ?? [:], "\(place)/\($0)") }
        case "string": return text(value, schema, place)
        case "integer":
            guard let number = value.integerValue else { return ["\(place): no integer"] }
            let isInside =
                number >= schema["minimum"]?.integerValue ?? .min && number <= schema["maximum"]?.integerValue ?? .max
            return isInside ? [] : ["\(place): \(number) out of range"]
        case "boolean": return value.boolValue == nil ? ["\(place): no boolean"] : []
        default: return ["\(place): schema without a type"]
        }
    }

    private func object(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard let object = value.objectValue else { return ["\(place): no object"] }
        let properties = schema["properties"]?.objectValue ?? JSONObject()
        var found = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
            .filter { object[$0] == nil }.map { "\(place)/\($0): required" }
        for member in object.members {
            let inner = "\(place)/\(member.key)"
            if let property = properties[member.key] {
                found += check(member.value, property, inner)
            } else if let others = schema["additionalProperties"], others.boolValue != false {
                if others.objectValue != nil { found += check(member.value, others, inner) }
            } else {
                found.append("\(inner): not described")
            }
        }
        return found
    }

    private func text(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard let text = value.stringValue else { return ["\(place): no string"] }
        guard let pattern = schema["pattern"]?.stringValue, let regex = try? Regex(pattern) else { return [] }
        return text.firstMatch(of: regex) == nil ? ["\(place): \(text) is not \(pattern)"] : []
    }
}
