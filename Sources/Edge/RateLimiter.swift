package import HTTPTypes
package import Hummingbird
import NIOCore
import Synchronization

/// So many requests at once, refilled evenly.
package struct Quota: Hashable, Sendable {
    /// How many may come at once, at least 1.
    package let burst: Int
    /// How long one takes to come back, in microseconds, at least 1.
    package let refillMicroseconds: Int64

    /// `count` requests in each `seconds`, all of which may come at once.
    package init(count: Int, seconds: Int) {
        let count = max(1, min(count, 1_000_000))
        self.burst = count
        self.refillMicroseconds = max(1, Int64(max(1, min(seconds, 86_400))) * 1_000_000 / Int64(count))
    }

    var windowMicroseconds: Int64 { Int64(burst) * refillMicroseconds }

    /// When the bucket will be full again once another request is taken.
    fileprivate func after(_ full: Int64, _ now: Int64) -> Int64 { max(full, now) + refillMicroseconds }

    /// When a bucket will be full again, seen from now: none owes more than a whole window. Where that stands in the
    /// table, a clock set back locks callers out for no longer; else they would wait until it is where it was.
    fileprivate func kept(_ full: Int64, _ now: Int64) -> Int64 { min(full, now + windowMicroseconds) }
}

/// What the limiter says of one request.
package struct QuotaDecision: Hashable, Sendable {
    /// Whether it may go on.
    package let isAllowed: Bool
    /// How many more may follow at once.
    package let remaining: Int
    /// Seconds until the quota is whole again, rounded up.
    package let resetSeconds: Int
    /// Seconds until the next may come, rounded up; 0 if it may at once.
    package let retryAfterSeconds: Int

    fileprivate let texts: QuotaTexts
}

/// What the RateLimit headers say that never changes.
private struct QuotaTexts: Hashable, Sendable {
    /// The value of RateLimit-Policy.
    let policy: String
    /// How the value of RateLimit begins.
    let start: String

    init(_ name: String, _ quota: Quota) {
        let window = max(1, quota.windowMicroseconds / 1_000_000)
        policy = "\"\(name)\";q=\(quota.burst);w=\(window)"
        start = "\"\(name)\";r="
    }
}

/// A token bucket for each block of addresses and one for all together.
///
/// The table is bounded: when it is full of callers who still owe, newcomers share one bucket of a single block's size.
package final class RateLimiter: Sendable {
    private let perBlock: Quota
    private let overall: Quota
    private let perBlockTexts: QuotaTexts
    private let overallTexts: QuotaTexts
    private let blockCountMax: Int
    private let state = Mutex(State())

    /// A bucket is one number: the instant at which it will be full again, in microseconds.
    private struct State {
        var full: [AddressBlock: Int64] = [:]
        var overflow: Int64 = .min
        var overall: Int64 = .min
        var sweepAfter: Int64 = .min
    }

    /// A limiter whose name stands in the RateLimit headers.
    package init(name: String, perBlock: Quota, overall: Quota, blockCountMax: Int = 50_000) {
        self.perBlock = perBlock
        self.overall = overall
        perBlockTexts = QuotaTexts(name, perBlock)
        overallTexts = QuotaTexts(name, overall)
        self.blockCountMax = blockCountMax
    }

    /// Takes one request from both buckets, or from neither if one of them is empty.
    /// - Parameter block: nil for callers without an address, who share the overflow bucket.
    package func take(_ block: AddressBlock?, nowMicroseconds now: Int64) -> QuotaDecision {
        decide(block, now, spends: true)
    }

    /// What ``take(_:nowMicroseconds:)`` would say, without taking; for quotas that only failures spend.
    package func peek(_ block: AddressBlock?, nowMicroseconds now: Int64) -> QuotaDecision {
        decide(block, now, spends: false)
    }

    private func decide(_ block: AddressBlock?, _ now: Int64, spends: Bool) -> QuotaDecision {
        state.withLock { state in
            state.overall = overall.kept(state.overall, now)
            state.overflow = perBlock.kept(state.overflow, now)
            let stored = block.flatMap { state.full[$0] }
            let known = stored.map { perBlock.kept($0, now) }
            if known != stored, let block { state.full[block] = known }
            let isOverflow = known == nil && (block == nil || !makeRoom(&state, now))
            let own = perBlock.after(known ?? (isOverflow ? state.overflow : .min), now)
            let all = overall.after(state.overall, now)
            let ownDebt = own - now - perBlock.windowMicroseconds
            let allDebt = all - now - overall.windowMicroseconds
            guard ownDebt <= 0, allDebt <= 0 else {
                let tighter = ownDebt >= allDebt
                return decision(
                    false, full: (tighter ? own - perBlock.refillMicroseconds : all - overall.refillMicroseconds) - now,
                    wait: max(ownDebt, allDebt), isOverall: !tighter)
            }
            if spends {
                if isOverflow { state.overflow = own } else if let block { state.full[block] = own }
                state.overall = all
            }
            let full = spends ? own - now : own - perBlock.refillMicroseconds - now
            return decision(true, full: full, wait: 0, isOverall: false)
        }
    }

    private func decision(_ isAllowed: Bool, full: Int64, wait: Int64, isOverall: Bool) -> QuotaDecision {
        let quota = isOverall ? overall : perBlock
        let left = max(0, quota.windowMicroseconds - full) / quota.refillMicroseconds
        return QuotaDecision(
            isAllowed: isAllowed, remaining: Int(left), resetSeconds: Self.seconds(full),
            retryAfterSeconds: Self.seconds(wait), texts: isOverall ? overallTexts : perBlockTexts)
    }

    private static func seconds(_ microseconds: Int64) -> Int { Int((max(0, microseconds) + 999_999) / 1_000_000) }

    /// Whether a new block has a place; drops those that owe nothing, at most once a refill so that a flood of
    /// addresses does not make every request walk the table.
    private func makeRoom(_ state: inout State, _ now: Int64) -> Bool {
        if state.full.count < blockCountMax { return true }
        state.sweepAfter = min(state.sweepAfter, now + 1_000_000)
        guard now >= state.sweepAfter else { return false }
        state.sweepAfter = now + 1_000_000
        // What lies further ahead than a window is of a clock that has been set back since.
        state.full = state.full.filter { $0.value > now && $0.value <= now + perBlock.windowMicroseconds }
        return state.full.count < blockCountMax
    }
}

extension QuotaDecision {
    /// The RateLimit headers (draft-ietf-httpapi-ratelimit-headers) of the answer.
    package func add(to headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = texts.policy
        headers[.rateLimit] = "\(texts.start)\(remaining);t=\(resetSeconds)"
    }

    /// The same as lines of an answer's head.
    func write(into buffer: inout ByteBuffer) {
        buffer.writeStaticString("RateLimit-Policy: ")
        buffer.writeString(texts.policy)
        buffer.writeStaticString("\r\nRateLimit: ")
        buffer.writeString(texts.start)
        buffer.writeString(String(remaining))
        buffer.writeStaticString(";t=")
        buffer.writeString(String(resetSeconds))
        buffer.writeStaticString("\r\n")
    }

    /// The answer to a request that may not go on: 429 with Retry-After and the RateLimit headers.
    package var problem: Problem {
        var problem = Problem.tooManyRequests(retryAfterSeconds: retryAfterSeconds)
        add(to: &problem.headers)
        return problem
    }
}

/// Takes one from the limiter for each request of a group of routes, at the instant of its arrival.
package struct RateLimitMiddleware<Context: EdgeRequestContext>: RouterMiddleware {
    private let limiter: RateLimiter

    /// A middleware over that limiter.
    package init(_ limiter: RateLimiter) {
        self.limiter = limiter
    }

    /// Answers 429, or goes on and adds the RateLimit headers.
    package func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let decision = limiter.take(
            context.edge.client?.block, nowMicroseconds: context.edge.arrivedMicroseconds)
        guard decision.isAllowed else { throw decision.problem }
        var response = try await next(request, context)
        decision.add(to: &response.headers)
        return response
    }
}
