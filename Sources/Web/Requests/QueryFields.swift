import Edge
import Hummingbird
import JSONText

/// Reads the query's parameters as `JSONFields` reads a body: every fault at once, unknown names refused.
final class QueryFields {
    private let values: [(name: String, value: String)]
    private var asked: [String] = ["lang"]
    private var problems: [JSONProblem] = []

    private init(_ request: Request) {
        values = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
    }

    /// Reads the parameters.
    /// - Throws: ``Problem`` 400 with every fault; its pointers are `?name`.
    static func read<Value>(_ request: Request, _ body: (QueryFields) -> Value) throws(Problem) -> Value {
        let fields = QueryFields(request)
        let value = body(fields)
        for (name, _) in fields.values.prefix(64) where !fields.asked.contains(name) {
            fields.refuse(name, "unknown-parameter", vi: "Không có tham số này.", en: "There is no such parameter.")
        }
        guard fields.problems.isEmpty else { throw ProblemKind.invalidQuery.problem(faults: fields.problems) }
        return value
    }

    /// Notes what is wrong with a parameter.
    func refuse(_ name: String, _ code: String, vi: String, en: String) {
        guard problems.count < JSONProblems.countMax else { return }
        // The name is the caller's own: it must not make the answer as long as it likes.
        problems.append(
            JSONProblem(pointer: "?" + name.prefix(64), code: code, message: JSONMessage(vi: vi, en: en)))
    }

    /// The text of a parameter; nil if it is absent, and with a problem if it is empty or given twice.
    func text(_ name: String) -> String? {
        asked.append(name)
        let found = values.filter { $0.name == name }
        if found.count > 1 { refuse(name, "repeated", vi: "Chỉ được gửi một lần.", en: "This may be given once only.") }
        guard let value = found.first?.value else { return nil }
        guard !value.isEmpty else {
            // Taken as absent, a filter whose value was lost on the way would show everything.
            refuse(
                name, "empty", vi: "Để trống; bỏ tham số nếu không dùng.",
                en: "This is empty; leave the parameter out if it is not meant.")
            return nil
        }
        return value
    }

    /// A name of ours: 1…`maxLength` ASCII letters, digits and `.-_:/`; nil if absent.
    func name(_ name: String, maxLength: Int = 100) -> String? {
        guard let text = text(name) else { return nil }
        guard text.isPlainName(maxLength: maxLength) else {
            refuse(name, "invalid", vi: "Không phải tên hợp lệ.", en: "This is not a valid name.")
            return nil
        }
        return text
    }

    /// A whole number within the range; nil if absent.
    func integer<Number: FixedWidthInteger>(_ name: String, in range: ClosedRange<Number>) -> Number? {
        guard let text = text(name) else { return nil }
        if let number = Number(text), range.contains(number) { return number }
        refuse(
            name, "out-of-range", vi: "Phải là số từ \(range.lowerBound) đến \(range.upperBound).",
            en: "This must be a number from \(range.lowerBound) to \(range.upperBound).")
        return nil
    }

    /// `true` or `false`; false if absent.
    func flag(_ name: String) -> Bool {
        guard let text = text(name) else { return false }
        if text != "true", text != "false" {
            refuse(name, "wrong-type", vi: "Phải là true hoặc false.", en: "This must be true or false.")
        }
        return text == "true"
    }

    /// One of these words; nil if absent.
    func choice(_ name: String, of choices: [String]) -> String? {
        guard let text = text(name) else { return nil }
        if choices.contains(text) { return text }
        let list = choices.joined(separator: ", ")
        refuse(name, "not-a-choice", vi: "Phải là một trong: \(list).", en: "This must be one of: \(list).")
        return nil
    }

    /// Numbers that count events: what every JSON reader holds exactly, with room to calculate.
    static let numbers: ClosedRange<Int64> = 0...(1 << 53)

    /// Entries on a page.
    func limit() -> Int { integer("limit", in: 1...200) ?? 50 }
}

extension String {
    /// Whether it is 1…`maxLength` ASCII letters, digits and `.-_:/`: what names of ours are made of, and nothing that a
    /// database or a log could stumble over.
    func isPlainName(maxLength: Int) -> Bool {
        (1...maxLength).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: ":"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
