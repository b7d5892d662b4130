/// The words of a condition.
enum ConditionToken: Hashable {
    case name(String)
    case text(String)
    case number(Int64)
    case symbol(String)
    case end
}

/// Cuts a condition into words; offsets count characters from 0.
struct ConditionLexer {
    private let scalars: [Unicode.Scalar]
    private var at = 0

    static let lengthMax = 1000
    private static let symbols = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", "?", ":", ","]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The next word and where it starts; a problem where there is none.
    mutating func next() throws(ConditionProblem) -> (token: ConditionToken, offset: Int) {
        while at < scalars.count, scalars[at] == " " || scalars[at] == "\n" { at += 1 }
        let start = at
        guard at < scalars.count else { return (.end, start) }
        let first = scalars[at]
        if isLetter(first) { return (.name(word(isNamePart)), start) }
        if isDigit(first) || (first == "-" && at + 1 < scalars.count && isDigit(scalars[at + 1])) {
            at += 1
            let digits = (first == "-" ? "-" : String(Character(first))) + word(isDigit)
            guard let number = Int64(digits) else {
                throw ConditionProblem(start, .v17, "Số quá lớn.", "The number is too large.")
            }
            return (.number(number), start)
        }
        if first == "\"" || first == "'" { return (.text(try quoted(first)), start) }
        for symbol in Self.symbols where matches(symbol) {
            at += symbol.utf8.count
            return (.symbol(symbol), start)
        }
        throw ConditionProblem(
            start, .v17, "Không hiểu ký tự “\(Character(first))”.",
            "The character “\(Character(first))” has no meaning here.")
    }

    private func matches(_ symbol: String) -> Bool {
        let wanted = Array(symbol.unicodeScalars)
        guard at + wanted.count <= scalars.count else { return false }
        return wanted.indices.allSatisfy { scalars[at + $0] == wanted[$0] }
    }

    private mutating func word(_ part: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while at < scalars.count, part(scalars[at]) {
            text.append(scalars[at])
            at += 1
        }
        return String(text)
    }

    private mutating func quoted(_ quote: Unicode.Scalar) throws(ConditionProblem) -> String {
        let start = at
        at += 1
        let text = word { $0 != quote && $0 != "\\" && $0 != "\n" }
        guard at < scalars.count, scalars[at] == quote else {
            throw ConditionProblem(start, .v17, "Văn bản chưa đóng ngoặc.", "The text has no closing quote.")
        }
        at += 1
        return text
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool { (0x61...0x7A).contains(scalar.value | 0x20) }
    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    /// Names carry hyphens and dots: the subset has no subtraction, so that they cannot be mistaken.
    private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || isDigit(scalar) || scalar == "-" || scalar == "." || scalar == "_"
    }
}
