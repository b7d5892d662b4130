/// A random file of the YAML subset, as careless as people are: the same for the same seed.
struct RandomFile {
    private var state: UInt64
    /// Every comment that the file has, each once.
    private(set) var comments: [String] = []
    private var keys = 0

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func text() -> String {
        var text = isOne(in: 2) ? aside(0) : ""
        text += block(indent: 0, depth: 0)
        if isOne(in: 3) { text += aside(0) }
        return isOne(in: 4) ? String(text.dropLast()) : text
    }

    private mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    private mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }
    private mutating func isOne(in count: Int) -> Bool { below(count) == 0 }
    private mutating func spaces(_ most: Int) -> String { String(repeating: " ", count: below(most + 1)) }

    private mutating func comment() -> String {
        let text = "# note \(comments.count) “x” {a: 'b', [c"
        comments.append(text)
        return text
    }

    /// Comments and empty lines, mostly at the depth of what follows.
    private mutating func aside(_ indent: Int) -> String {
        var text = ""
        for _ in 0...below(2) {
            if isOne(in: 2) { text += "\n" }
            let depth = isOne(in: 4) ? below(indent + 4) : indent
            text += String(repeating: " ", count: depth) + comment() + "\n"
        }
        return text + (isOne(in: 3) ? "\n" : "")
    }

    private mutating func tail() -> String {
        isOne(in: 4) ? " " + spaces(5) + comment() : spaces(isOne(in: 4) ? 3 : 0)
    }

    private mutating func block(indent: Int, depth: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let isList = depth > 0 && isOne(in: 3)
        var text = ""
        for _ in 0...below(4) {
            if isOne(in: 4) { text += aside(indent) }
            let mark = isList ? "-" : key() + ":"
            text += margin + mark
            switch below(depth < 4 ? 5 : 3) {
            case 0, 1: text += " " + spaces(3) + scalar(inBrackets: false) + tail() + "\n"
            case 2: text += " " + spaces(2) + brackets(indent: indent + 2, depth: depth + 1) + tail() + "\n"
            case 3 where !isList && isOne(in: 3):
                text += " " + [">-", "|-", ">"][below(3)] + tail() + "\n"
                for _ in 0...below(2) { text += margin + "   " + words() + " # no comment\n" }
            default: text += tail() + "\n" + block(indent: indent + 1 + below(4), depth: depth + 1)
            }
        }
        return text
    }

    private mutating func brackets(indent: Int, depth: Int) -> String {
        let isList = isOne(in: 2)
        var parts: [String] = []
        for _ in 0..<below(4) {
            var part = isList ? "" : key() + ": "
            part +=
                depth < 5 && isOne(in: 4) ? brackets(indent: indent + 2, depth: depth + 1) : scalar(inBrackets: true)
            parts.append(part)
        }
        var text = isList ? "[" : "{"
        for (place, part) in parts.enumerated() {
            text += lineBreak(indent) + part + (place + 1 < parts.count ? "," : "") + spaces(1)
        }
        return text + (parts.isEmpty ? "" : lineBreak(indent)) + (isList ? "]" : "}")
    }

    private mutating func lineBreak(_ indent: Int) -> String {
        guard isOne(in: 6) else { return " " }
        return (isOne(in: 2) ? " " + comment() : "") + "\n" + String(repeating: " ", count: indent + below(3))
    }

    private mutating func key() -> String {
        keys += 1
        return isOne(in: 5) ? "\"\(keys)\"" : "key-\(keys)"
    }

    private mutating func scalar(inBrackets: Bool) -> String {
        switch below(6) {
        case 0: "\"\(words()): \(words()) # no comment\""
        case 1: "'\(words()) “''” \(words())'"
        case 2: "\"\\\"\(words())\\\" \\\\ \\u0111\""
        case 3: inBrackets ? "2026-08-31T16:30" : "\(words()), {\(words())}"
        case 4: String(below(1_000))
        default: "Người dân's \(words())"
        }
    }

    private mutating func words() -> String {
        let words = ["Hồ sơ", "của", "bạn", "đã", "được", "tiếp nhận", "O'Hara", "x#y", "a-b", "3 working days"]
        return (0...below(3)).map { _ in words[below(words.count)] }.joined(separator: " ")
    }
}
