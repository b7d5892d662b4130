import WorkingTime

/// A condition over facts: a small, total, typed subset of CEL (Common Expression Language).
///
/// Its types are checked when the file is loaded, so that evaluation never fails. A fact that has no value yet reads as
/// its type's empty value: `false`, `""`, `0`, and 1 January 1970 for a date.
package struct Condition: Hashable, Sendable {
    /// The fact that every dossier has: how it came, as `desk`, `online` or `post`.
    package static let channelFact = "dossier.channel"

    /// The text as the file has it.
    package var source: String
    /// The checked expression; of type yes-no.
    package var expression: Term

    /// Joins the parts.
    package init(source: String, expression: Term) {
        self.source = source
        self.expression = expression
    }

    /// A typed expression.
    package indirect enum Term: Hashable, Sendable {
        case literal(FactValue)
        /// A fact by its full name (`facts.verification`, `form.residence.commune`) and the value it reads as when unset.
        case fact(String, unset: FactValue)
        case not(Term)
        case and(Term, Term)
        case or(Term, Term)
        case compare(Comparison, Term, Term)
        case isIn(Term, [FactValue])
        /// Whether a fact has a value: `has(facts.verification)`.
        case has(String)
        case choose(Term, Term, Term)
    }

    /// The comparisons. Yes-no and text know only the first two.
    package enum Comparison: String, Hashable, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
    }

    /// Whether it holds for these facts.
    package func holds(_ facts: [String: FactValue]) -> Bool {
        if case .yesNo(let value) = Self.value(expression, facts) { return value }
        return false
    }

    private static func value(_ term: Term, _ facts: [String: FactValue]) -> FactValue {
        switch term {
        case .literal(let value): return value
        case .fact(let name, let unset): return facts[name] ?? unset
        case .not(let inner): return .yesNo(value(inner, facts) != .yesNo(true))
        case .and(let left, let right):
            return .yesNo(value(left, facts) == .yesNo(true) && value(right, facts) == .yesNo(true))
        case .or(let left, let right):
            return .yesNo(value(left, facts) == .yesNo(true) || value(right, facts) == .yesNo(true))
        case .compare(let comparison, let left, let right):
            return .yesNo(compare(comparison, value(left, facts), value(right, facts)))
        case .isIn(let inner, let list): return .yesNo(list.contains(value(inner, facts)))
        case .has(let name): return .yesNo(facts[name] != nil)
        case .choose(let test, let yes, let no):
            return value(test, facts) == .yesNo(true) ? value(yes, facts) : value(no, facts)
        }
    }

    private static func compare(_ comparison: Comparison, _ left: FactValue, _ right: FactValue) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: order(left, right) < 0
        case .atMost: order(left, right) <= 0
        case .more: order(left, right) > 0
        case .atLeast: order(left, right) >= 0
        }
    }

    /// Negative, zero or positive; values of unlike types, which the check at load excludes, are equal in order.
    private static func order(_ left: FactValue, _ right: FactValue) -> Int {
        switch (left, right) {
        case (.number(let a), .number(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.date(let a), .date(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.text(let a), .text(let b)): a < b ? -1 : a == b ? 0 : 1
        default: 0
        }
    }
}
