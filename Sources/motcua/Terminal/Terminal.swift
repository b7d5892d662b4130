import Glibc

/// What we know of where our output goes.
struct Terminal: Sendable {
    /// Whether a person sees it as it is written, so that lines may be redrawn.
    let isInteractive: Bool
    /// Whether colours are wanted: a terminal, and neither NO_COLOR nor TERM=dumb says otherwise (no-color.org).
    let hasColour: Bool
    /// Columns; 80 where nobody says.
    let width: Int

    init(isInteractive: Bool, hasColour: Bool, width: Int) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.width = max(width, 40)
    }

    /// The standard output's.
    static var standard: Terminal {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let kind = getenv("TERM").map { String(cString: $0) } ?? ""
        let isPlain = kind == "dumb" || kind.isEmpty
        var size = winsize()
        let isKnown = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            isInteractive: isTerminal && !isPlain,
            hasColour: isTerminal && !isPlain && getenv("NO_COLOR") == nil,
            width: isKnown ? Int(size.ws_col) : 80)
    }

    /// Writes as is. A reader who has gone away is no error of ours.
    func write(_ text: String) {
        Terminal.write(text, to: STDOUT_FILENO)
    }

    /// Writes a line.
    func line(_ text: String = "") { write(text + "\n") }

    /// Writes a line to the standard error.
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to file: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// The text in a style, or as it is where colours are not wanted.
    func styled(_ text: String, _ style: TextStyle) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// The few styles in use; each also says in words what it shows, for those who see no colour.
enum TextStyle: String, Sendable {
    case bold = "1"
    case dim = "2"
    case good = "32"
    case warning = "33"
    case bad = "31"
}
