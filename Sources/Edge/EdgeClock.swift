package import HTTPTypes
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's clock, for the one place that injects it.
package enum EdgeClock {
    /// Microseconds since 1970 UTC.
    @Sendable package static func systemMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

/// Trace ids.
package enum TraceID {
    /// What the process counts on from: ids need only differ, and the system's own source of randomness is a call of the
    /// kernel each time.
    private static let state = Mutex(
        (first: UInt64.random(in: .min ... .max), second: UInt64.random(in: .min ... .max)))

    /// 32 random hexadecimal digits, as in W3C trace contexts.
    @Sendable package static func random() -> String {
        let words = state.withLock { state in
            state.first &+= 0x9E37_79B9_7F4A_7C15
            state.second &+= 0xD1B5_4A32_D192_ED03
            return (mixed(state.first), mixed(state.second))
        }
        return String(unsafeUninitializedCapacity: 32) { digits in
            for place in 0..<32 {
                let word = place < 16 ? words.0 : words.1
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(place % 16 * 4) & 0xF)
                digits[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 32
        }
    }

    /// SplitMix64's mixing of a counter, under which neighbours have nothing in common.
    private static func mixed(_ counter: UInt64) -> UInt64 {
        var word = counter
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

extension HTTPField.Name {
    /// A header that HTTPTypes has no name for.
    static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return field
    }

    /// The trace id of the answer.
    package static let requestID = named("X-Request-Id")
    /// The addresses that proxies saw.
    static let forwardedFor = named("X-Forwarded-For")
    /// What is left of `Host` beside the authority: a second one.
    static let secondHost = named("Host")
    /// The key under which a command has its effect once.
    package static let idempotencyKey = named("Idempotency-Key")
    /// What is left of a quota.
    static let rateLimit = named("RateLimit")
    /// The quota itself.
    static let rateLimitPolicy = named("RateLimit-Policy")
}
