/// What can be worked out from known sums by adding and subtracting: the span of their coefficients, modulo a prime.
package struct LinearSpan {
    /// 2^61 − 1.
    private static let prime: UInt64 = 0x1FFF_FFFF_FFFF_FFFF

    private let width: Int
    /// By the place of its first coefficient, which is 1.
    private var rows: [[UInt64]?]

    /// A span of sums of so many unknowns.
    package init(width: Int) {
        self.width = width
        rows = Array(repeating: nil, count: width)
    }

    /// Adds a known sum: its coefficients by the unknowns' places.
    package mutating func insert(_ sum: [Int: Int64]) {
        guard let (place, rest) = reduced(sum) else { return }
        let inverse = LinearSpan.power(rest[place], LinearSpan.prime - 2)
        rows[place] = rest.map { $0 == 0 ? 0 : LinearSpan.product($0, inverse) }
    }

    /// Whether a sum can be worked out from those that are known.
    package func contains(_ sum: [Int: Int64]) -> Bool { reduced(sum) == nil }

    /// What is left of a sum without the known ones, and where it begins; nil when nothing is.
    private func reduced(_ sum: [Int: Int64]) -> (place: Int, rest: [UInt64])? {
        var rest = Array(repeating: UInt64(0), count: width)
        for (place, coefficient) in sum {
            rest[place] =
                coefficient >= 0 ? UInt64(coefficient) : LinearSpan.prime - coefficient.magnitude % LinearSpan.prime
        }
        var first: Int?
        for place in rest.indices where rest[place] != 0 {
            guard let row = rows[place] else {
                if first == nil { first = place }
                continue
            }
            let times = LinearSpan.prime - rest[place]
            for column in place..<width where row[column] != 0 {
                let sum = rest[column] + LinearSpan.product(row[column], times)
                rest[column] = sum >= LinearSpan.prime ? sum - LinearSpan.prime : sum
            }
        }
        return first.map { ($0, rest) }
    }

    private static func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        prime.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
    }

    private static func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
        var (result, square, rest) = (UInt64(1), base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, square) }
            square = product(square, square)
            rest >>= 1
        }
        return result
    }
}
