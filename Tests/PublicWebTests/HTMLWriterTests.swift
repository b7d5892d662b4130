import Notices
import Testing

@testable import PublicWeb

@Suite struct HTMLWriterTests {
    /// What becomes of a text, scalar by scalar.
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            case "\t", "\n": String(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}": ""
            default: String(scalar)
            }
        }.joined()
    }

    private func written(_ text: String) -> String {
        var html = HTMLWriter(language: .vi)
        html.value(text)
        return String(decoding: html.bytes, as: UTF8.self)
    }

    @Test(arguments: [3, 5, 8]) func `whatever is a value is escaped, wherever in it what needs care stands`(
        _ seed: UInt64
    ) {
        var generator = Dice(seed: seed)
        let pieces: [String] =
            (0..<0x80).map { String(UnicodeScalar(UInt8($0))) }
            + ["ộ", "–", "“", "Ứng", "đ", "\u{2028}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{206A}", "€", "😀"]
            + Array(repeating: "chữ thường", count: 60)
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            #expect(written(text) == escaped(text))
        }
    }

    @Test func `each byte that needs care is seen at each place of a word of eight`() {
        let marks: [Character] = ["&", "<", ">", "\"", "'", "\u{0}", "\u{1F}", "\u{7F}", "\u{202A}", "\u{2069}"]
        for mark in marks {
            for place in 0...16 {
                let (before, after) = (String(repeating: "a", count: place), String(repeating: "z", count: 16 - place))
                let text = before + String(mark) + after
                #expect(written(text) == escaped(text))
            }
        }
    }
}

/// The same throws for the same seed.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9
    }
}
