import JSONText
import WorkingTime

/// Everything about people that a run has submitted, and whether a text shows any of it.
struct PersonalValues: Sendable {
    /// In lower case, each with what it is called in a finding: never the value itself.
    private var needles: [(name: String, text: String)] = []
    /// Numbers of ten digits and more, which somebody could print in groups.
    private var numbers: [(name: String, digits: [UInt8])] = []

    /// Answers that are choices of a list, and words that agencies and the State's own name have as well.
    private static let choices: Set<String> = [
        "with-certificate", "mother", "female", "desk", "parents", "guardian", "other", "Kinh", "Việt Nam",
    ]

    /// The values of forms and of what officers added, by their paths.
    init(_ values: [(name: String, value: JSONValue)]) {
        for (name, value) in values { take(value, name) }
    }

    private mutating func take(_ value: JSONValue, _ name: String) {
        if let object = value.objectValue {
            for key in object.keys { take(object[key] ?? .null, "\(name).\(key)") }
        } else if let list = value.arrayValue {
            for element in list { take(element, name) }
        } else if let text = value.stringValue, text.utf8.count > 5, !PersonalValues.choices.contains(text) {
            needles.append((name, text.lowercased()))
            if text.utf8.count == 10, let instant = Instant(iso8601: "\(text)T00:00") {
                needles.append((name, instant.date.vietnamese))
            }
            let digits = PersonalValues.digits(text.utf8)
            if digits.count >= 10, digits.count == text.utf8.count { numbers.append((name, digits)) }
        }
    }

    /// How many values there are.
    var count: Int { needles.count }

    /// The names of what a text shows.
    func shown(in text: String) -> [String] {
        let plain = text.lowercased()
        let digits = PersonalValues.digits(text.utf8)
        return needles.filter { plain.contains($0.text) }.map(\.name)
            + numbers.filter { digits.firstRange(of: $0.digits) != nil }.map(\.name)
    }

    private static func digits(_ text: some Sequence<UInt8>) -> [UInt8] {
        text.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
