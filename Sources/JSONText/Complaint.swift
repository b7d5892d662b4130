/// What the field reader itself can find wrong, with its code and its sentences in one table.
enum Complaint: Error, Hashable {
    case required
    case wrongType(Kind)
    case tooLong(Int)
    case tooShort(Int)
    case tooMany(Int)
    case tooFew(Int)
    case outOfRange(String, String)
    case notAChoice([String])
    case invalid(JSONMessage)
    case unknownKey(meant: String?)

    enum Kind { case string, integer, boolean, array, object }

    func problem(at pointer: String) -> JSONProblem {
        let (code, vi, en) = texts
        return JSONProblem(pointer: pointer, code: code, message: JSONMessage(vi: vi, en: en))
    }

    private var texts: (code: String, vi: String, en: String) {
        switch self {
        case .required: ("required", "Bắt buộc phải có.", "This is required.")
        case .wrongType(let kind): ("wrong-type", "Phải là \(kind.vi).", "This must be \(kind.en).")
        case .tooLong(let count): ("too-long", "Dài nhất \(count) ký tự.", "At most \(count) characters.")
        case .tooShort(let count): ("too-short", "Ngắn nhất \(count) ký tự.", "At least \(count) characters.")
        case .tooMany(let count): ("too-many", "Nhiều nhất \(count) phần tử.", "At most \(count) items.")
        case .tooFew(let count): ("too-few", "Ít nhất \(count) phần tử.", "At least \(count) items.")
        case .outOfRange(let low, let high):
            ("out-of-range", "Phải từ \(low) đến \(high).", "This must be from \(low) to \(high).")
        case .notAChoice(let choices):
            (
                "not-a-choice", "Phải là một trong: \(choices.joined(separator: ", ")).",
                "This must be one of: \(choices.joined(separator: ", "))."
            )
        case .invalid(let expected): ("invalid", expected.vi, expected.en)
        case .unknownKey(let meant?):
            ("unknown-key", "Không có trường này; có phải “\(meant)”?", "No such field; did you mean “\(meant)”?")
        case .unknownKey(nil): ("unknown-key", "Không có trường này.", "No such field.")
        }
    }
}

extension Complaint.Kind {
    fileprivate var vi: String {
        switch self {
        case .string: "chuỗi ký tự"
        case .integer: "số nguyên"
        case .boolean: "true hoặc false"
        case .array: "mảng"
        case .object: "đối tượng"
        }
    }

    fileprivate var en: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .boolean: "true or false"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
