package import HTTPTypes

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
    /// 32 random hexadecimal digits, as in W3C trace contexts.
    @Sendable package static func random() -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        for var word in [UInt64.random(in: 1 ... .max), UInt64.random(in: 1 ... .max)] {
            for _ in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: word & 0xF)
                digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                word >>= 4
            }
        }
        return String(decoding: digits, as: UTF8.self)
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
    /// The key under which a command has its effect once.
    package static let idempotencyKey = named("Idempotency-Key")
    /// What is left of a quota.
    static let rateLimit = named("RateLimit")
    /// The quota itself.
    static let rateLimitPolicy = named("RateLimit-Policy")
}
