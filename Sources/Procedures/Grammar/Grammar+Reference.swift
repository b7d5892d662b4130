extension Grammar {
    /// The key tables of the reference page, in Markdown: one section a shape, the roots first.
    package static func reference() -> String {
        var text = ""
        for shape in shapes {
            text += "### `\(shape.name)`\n\n\(shape.about)\n\n| key | value | | |\n| --- | --- | --- | --- |\n"
            for key in shape.keys {
                let presence =
                    switch key.presence {
                    case .optional: ""
                    case .required(let rule): "required (\(rule.rawValue))"
                    case .advised(let rule): "wanted (\(rule.rawValue))"
                    }
                text += "| `\(key.name)` | \(describe(key.kind)) | \(presence) | \(key.about) |\n"
            }
            text += "\n"
        }
        return text
    }

    private static func describe(_ kind: ValueKind) -> String {
        switch kind {
        case .name: "name"
        case .stepName: "step name"
        case .text(let max): "text, at most \(max)"
        case .yesNo: "`true` or `false`"
        case .whole(let least, let most): "whole number \(least)…\(most)"
        case .date: "date"
        case .instant(let orNone): orNone ? "instant or `none`" : "instant"
        case .time: "time of day"
        case .limit: "duration"
        case .code(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .condition: "condition"
        case .performer: "performer"
        case .agencyRule: "agency rule"
        case .operation: "`CONNECTOR.OPERATION`"
        case .value: "yes-no, number, date or text"
        case .session: "session"
        case .shape(let name): "[`\(name)`](#\(name))"
        case .list(let inner, _): "list of \(describe(inner))"
        case .oneOrList(let inner): "\(describe(inner)), or a list of such"
        case .map(let names, let inner, _): "\(describe(names)) → \(describe(inner))"
        }
    }

    private static func describe(_ names: ValueKind.NameKind) -> String {
        switch names {
        case .kebab: "name"
        case .dotted: "dotted name"
        case .step: "step path"
        case .digits: "area code"
        case .identifier: "identifier"
        case .weekday: "weekday"
        }
    }
}
