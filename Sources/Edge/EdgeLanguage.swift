import HTTPTypes
package import Hummingbird
package import JSONText

/// The two languages of the answers.
package enum EdgeLanguage: String, CaseIterable, Sendable {
    case vi, en

    /// The sentence in this language.
    package func text(_ message: JSONMessage) -> String {
        self == .vi ? message.vi : message.en
    }

    /// The language that a request asks for: `?lang=`, else `Accept-Language` (RFC 9110, 12.5.4), else Vietnamese.
    package init(of request: Request) {
        if let asked = request.uri.queryParameters["lang"], let language = EdgeLanguage(rawValue: String(asked)) {
            self = language
        } else {
            self = request.headers[.acceptLanguage].map(EdgeLanguage.init(acceptLanguage:)) ?? .vi
        }
    }

    /// The better liked of the two by an `Accept-Language` value; Vietnamese wins a tie and whatever is unreadable.
    package init(acceptLanguage value: String) {
        var weights: [EdgeLanguage: Int] = [:]
        var wildcard = 0
        for preference in WeightedList(value).items {
            let primary = preference.value.split(separator: "-").first.map(String.init) ?? ""
            if primary == "*" {
                wildcard = preference.weight
            } else if let language = EdgeLanguage(rawValue: primary) {
                weights[language] = max(weights[language] ?? 0, preference.weight)
            }
        }
        self = (weights[.en] ?? wildcard) > (weights[.vi] ?? wildcard) ? .en : .vi
    }
}

/// A header's comma-separated list with `q` weights, as `Accept` and `Accept-Language` have it.
struct WeightedList {
    /// The values in lower case, without parameters, with their weights in thousandths.
    let items: [(value: String, weight: Int)]

    /// More preferences than anyone has are not read.
    private static let itemCountMax = 32

    init(_ header: String) {
        items = header.split(separator: ",", maxSplits: Self.itemCountMax).prefix(Self.itemCountMax).map { item in
            let parts = item.split(separator: ";").map { $0.trimming(while: { $0 == " " || $0 == "\t" }) }
            var weight = 1000
            for part in parts.dropFirst() where part.lowercased().hasPrefix("q=") {
                weight = Self.thousandths(part.dropFirst(2))
            }
            return (parts.first?.lowercased() ?? "", weight)
        }
    }

    /// `0`…`1` with at most three decimals, as thousandths; what does not read as that is 0.
    private static func thousandths(_ text: Substring) -> Int {
        let digits = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
        let decimals = digits.count > 1 ? String(digits[1].prefix(3)) : ""
        guard decimals.allSatisfy({ ("0"..."9").contains($0) }) else { return 0 }
        let padded = decimals + String(repeating: "0", count: 3 - decimals.count)
        return min(1000, whole * 1000 + (Int(padded) ?? 0))
    }
}

extension Substring {
    /// The text without such characters at its ends.
    func trimming(while isTrimmed: (Character) -> Bool) -> Substring {
        var rest = drop(while: isTrimmed)
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
