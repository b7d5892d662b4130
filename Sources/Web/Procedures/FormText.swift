import JSONText
import Procedures

/// How the API writes the fields of a form, so that a client can draw and check it before it sends.
enum FormText {
    /// One field; groups hold fields of their own.
    static func field(_ field: Field, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", field.name)
            json.member("title", field.title)
            json.member("required", field.required)
            json.member("when", ifPresent: field.when?.source)
            json.member("personal", field.personal)
            type(field.type, &json)
        }
    }

    private static func type(_ type: FieldType, _ json: inout JSONWriter) {
        switch type {
        case .text(let max):
            json.member("type", "text")
            json.member("max", max)
        case .number(let min, let max):
            json.member("type", "number")
            json.member("min", min)
            json.member("max", max)
        case .date(let notAfterSubmission):
            json.member("type", "date")
            json.member("notAfterSubmission", notAfterSubmission)
        case .yesNo: json.member("type", "yes-no")
        case .choice(let choices):
            json.member("type", "choice")
            json.array("choices") { json in
                for choice in choices {
                    json.object { json in
                        json.member("code", choice.code)
                        json.member("title", choice.title)
                    }
                }
            }
        case .nationalID: json.member("type", "national-id")
        case .phone: json.member("type", "phone")
        case .address: json.member("type", "address")
        case .area: json.member("type", "area")
        case .list(let element, let min, let max):
            json.member("type", "list")
            json.member("min", min)
            json.member("max", max)
            json.object("of") { FormText.type(element, &$0) }
        case .group(let fields):
            json.member("type", "group")
            json.array("fields") { json in for inner in fields { FormText.field(inner, &json) } }
        }
    }
}
