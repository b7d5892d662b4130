import Procedures

/// Finds comments, and where brackets close, in a text whose values were read before: what a `#` or a bracket means depends
/// on where quoted texts and brackets begin.
struct SourceScan {
    struct Comment {
        let line: Int
        let column: Int
        /// From the `#` on, without what trails.
        let text: String
        /// Whether nothing stands before it in its line.
        let isAlone: Bool
        /// Where the brackets open in which it stands, outermost first.
        let inside: [Spot]
    }

    /// Where values begin that hide what they hold.
    struct Starts {
        var quoted: Set<Spot> = []
        var brackets: Set<Spot> = []
        /// Lines of `|` and `>` texts.
        var hiddenLines: Set<Int> = []
    }

    let lines: [[Unicode.Scalar]]
    private(set) var comments: [Comment] = []
    /// The line in which a bracket closes, by where it opens.
    private(set) var ends: [Spot: Int] = [:]
    /// Lines of `|` and `>` texts.
    let hidden: Set<Int>

    private var open: [Spot] = []
    /// The quotation mark that would close the text in hand.
    private var quote: Unicode.Scalar?

    /// The lines of a text; nil where it has other line breaks than LF and CRLF, which would count differently.
    static func lines(of text: String) -> [[Unicode.Scalar]]? {
        var lines: [[Unicode.Scalar]] = [[]]
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\n": lines.append([])
            case "\r" where scalars.first == "\n": break
            case "\r", "\u{85}", "\u{2028}", "\u{2029}": return nil
            default: lines[lines.count - 1].append(scalar)
            }
        }
        return lines
    }

    init(_ lines: [[Unicode.Scalar]], _ starts: Starts) {
        self.lines = lines
        hidden = starts.hiddenLines
        for line in lines.indices where !starts.hiddenLines.contains(line + 1) { scan(line, starts) }
    }

    private mutating func scan(_ line: Int, _ starts: Starts) {
        let scalars = lines[line]
        var column = 0
        while column < scalars.count {
            let scalar = scalars[column]
            let spot = Spot(line: line + 1, column: column + 1)
            if let quote {
                column += inQuotes(scalar, quote, next: column + 1 < scalars.count ? scalars[column + 1] : nil)
                continue
            }
            if starts.quoted.contains(spot) {
                quote = scalar
            } else if scalar == "#", column == 0 || scalars[column - 1] == " " || scalars[column - 1] == "\t" {
                let before = scalars[..<column].allSatisfy { $0 == " " || $0 == "\t" }
                comments.append(
                    Comment(
                        line: spot.line, column: spot.column, text: Self.text(scalars[column...]), isAlone: before,
                        inside: open))
                return
            } else if starts.brackets.contains(spot) {
                open.append(spot)
            } else if !open.isEmpty, scalar == "]" || scalar == "}" {
                ends[open.removeLast()] = spot.line
            }
            column += 1
        }
    }

    /// How many characters a character of a quoted text takes.
    private mutating func inQuotes(_ scalar: Unicode.Scalar, _ quote: Unicode.Scalar, next: Unicode.Scalar?) -> Int {
        if quote == "\"", scalar == "\\" { return 2 }
        guard scalar == quote else { return 1 }
        if quote == "'", next == "'" { return 2 }
        self.quote = nil
        return 1
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = scalars
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        var string = String.UnicodeScalarView()
        string.append(contentsOf: text)
        return String(string)
    }

    /// Whether nothing stands in a line, which counts from 1.
    func isEmpty(_ line: Int) -> Bool {
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].allSatisfy { $0 == " " || $0 == "\t" }
    }
}
