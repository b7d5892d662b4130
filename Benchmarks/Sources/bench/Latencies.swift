/// How long answers took: a histogram whose steps are 1.6 % wide, up to 67 seconds.
struct Latencies: Sendable {
    private static let stepCount = 64
    private static let largestExponent = 26
    private var counts = [Int](repeating: 0, count: 2 * stepCount + (largestExponent - 6) * stepCount)

    /// Answers recorded.
    private(set) var count = 0

    /// Records one answer.
    mutating func record(microseconds: Int64) {
        counts[Self.place(of: UInt64(max(0, min(microseconds, 1 << 26))))] += 1
        count += 1
    }

    /// Adds what another connection recorded.
    mutating func add(_ other: Latencies) {
        for place in counts.indices { counts[place] += other.counts[place] }
        count += other.count
    }

    /// The time within which this share of the answers came, in milliseconds; the upper edge of its step.
    func milliseconds(quantile: Double) -> Double {
        let wanted = max(1, Int((Double(count) * quantile).rounded(.up)))
        var seen = 0
        for place in counts.indices {
            seen += counts[place]
            if seen >= wanted { return Double(Self.upperEdge(of: place)) / 1000 }
        }
        return 0
    }

    private static func place(of value: UInt64) -> Int {
        if value < UInt64(2 * stepCount) { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let step = Int(value >> UInt64(exponent - 6)) & (stepCount - 1)
        return min(
            2 * stepCount + (exponent - 7) * stepCount + step, 2 * stepCount + (largestExponent - 6) * stepCount - 1)
    }

    private static func upperEdge(of place: Int) -> UInt64 {
        if place < 2 * stepCount { return UInt64(place) }
        let exponent = (place - 2 * stepCount) / stepCount + 7
        let step = (place - 2 * stepCount) % stepCount
        return UInt64(stepCount + step + 1) << UInt64(exponent - 6)
    }
}
