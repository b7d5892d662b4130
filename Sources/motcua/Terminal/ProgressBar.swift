import Synchronization

/// How far a long work is: one line redrawn in a terminal, a line at each tenth elsewhere.
final class ProgressBar: Sendable {
    private let terminal: Terminal
    private let shown = Mutex<(tenth: Int, isOpen: Bool)>((-1, false))

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows `done` of `total` and what is going on.
    func show(done: Int, total: Int, note: String) {
        if terminal.isInteractive {
            shown.withLock { $0.isOpen = true }
            terminal.write("\r\u{1B}[K" + ProgressBar.line(done: done, total: total, note: note, width: terminal.width))
            return
        }
        let tenth = total > 0 ? min(max(done, 0), total) * 10 / total : 0
        let isNew = shown.withLock { shown -> Bool in
            guard tenth > shown.tenth else { return false }
            shown.tenth = tenth
            return true
        }
        if isNew { terminal.line("\(padded(tenth * 10, 3))%  \(note)") }
    }

    /// Ends the line, so that what follows stands below it.
    func finish() {
        let wasOpen = shown.withLock { shown -> Bool in
            defer { shown.isOpen = false }
            return shown.isOpen
        }
        if wasOpen { terminal.write("\n") }
    }

    /// The bar as text, never wider than `width`: ` 42% ████▍      note`.
    static func line(done: Int, total: Int, note: String, width: Int) -> String {
        let share = total > 0 ? min(max(done, 0), total) : 0
        let percent = total > 0 ? share * 100 / total : 0
        let barWidth = min(30, max(width / 3, 10))
        let eighths = total > 0 ? share * barWidth * 8 / total : 0
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        var bar = String(repeating: "█", count: eighths / 8)
        bar += parts[eighths % 8]
        let blank = barWidth - eighths / 8 - (eighths % 8 == 0 ? 0 : 1)
        bar += String(repeating: "·", count: max(blank, 0))
        let room = width - barWidth - 8
        return "\(padded(percent, 3))% \(bar)  \(note.prefix(max(room, 0)))"
    }
}

/// A whole number with blanks before it up to `width`.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(width - digits.utf8.count, 0)) + digits
}
