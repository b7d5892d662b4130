/// When a refused message is tried again: each pause is four times the one before, up to twelve hours, and about a fifth
/// of it is left to chance, so that many receivers that failed together do not return in step.
///
/// | try | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9…14 |
/// |---|---|---|---|---|---|---|---|---|
/// | after | 5 s | 20 s | 80 s | 5 min 20 s | 21 min 20 s | 1 h 25 min | 5 h 41 min | 12 h each |
///
/// Fourteen tries over 79 hours and 35 minutes, give or take the chance.
package struct RetrySchedule: Hashable, Sendable {
    /// The pause after the first try.
    package var first: Duration = .seconds(5)
    /// How many times as long each next pause is.
    package var factor = 4
    /// The longest pause.
    package var longest: Duration = .seconds(43_200)
    /// How many tries there are, the first included.
    package var attemptsMax = 14
    /// What a receiver may ask for at most (Retry-After).
    package var askedMax: Duration = .seconds(86_400)

    /// The schedule above.
    package init() {}

    /// The pause after so many tries, 1…; nil after the last one.
    /// - Parameters:
    ///   - chance: 0…1, drawn anew for each pause.
    ///   - asked: what the receiver asked for; the longer one counts.
    package func pause(afterAttempt attempt: Int, chance: Double, asked: Duration? = nil) -> Duration? {
        guard attempt < attemptsMax else { return nil }
        var pause = first
        for _ in 1..<max(1, min(attempt, 60)) where pause < longest { pause = min(pause * factor, longest) }
        let spread = 0.8 + 0.4 * min(max(chance, 0), 1)
        return max(pause * spread, min(asked ?? .zero, askedMax))
    }
}
