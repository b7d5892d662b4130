/// The same numbers for the same seed, on every machine (SplitMix64). For samples only: nothing secret comes from it.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number of the range.
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True so many times in a hundred.
    mutating func isSo(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of the list, all alike; `otherwise` of an empty one.
    mutating func pick<Element>(_ list: [Element], otherwise: Element) -> Element {
        list.randomElement(using: &self) ?? otherwise
    }

    /// One of the list, each as often as its weight says; the empty text of an empty list.
    mutating func pick(weighted list: [(String, Int)]) -> String {
        let sum = list.reduce(0) { $0 + max($1.1, 0) }
        guard sum > 0 else { return "" }
        var left = number(1...sum)
        for (text, weight) in list {
            left -= max(weight, 0)
            if left <= 0 { return text }
        }
        return ""
    }

    /// So many decimal digits.
    mutating func digits(_ count: Int) -> String {
        var text = ""
        for _ in 0..<max(count, 0) { text += String(number(0...9)) }
        return text
    }
}
