/// The clocks of one connection, without I/O: events go in with their instant, and `tick` says what must happen.
///
/// Instants are whatever the caller counts from, as durations; they never go back.
struct ConnectionWatch {
    /// What the connection must do now.
    enum Action: Equatable {
        case none
        /// Close without a word: there is nobody to tell, or nobody who listens.
        case close
        /// Tell the handler that the body will not come; the answer, if one follows, ends the connection.
        case failBody
    }

    private struct Body {
        var since: Duration
        let deadline: Duration
        var byteCount = 0
    }

    let limits: ConnectionLimits
    /// The body being received; nil between bodies.
    private var body: Body?
    /// Requests whose answer has not been written to its end.
    private(set) var openRequestCount = 0
    /// Writes handed to the network and not yet taken by it.
    private(set) var pendingWriteCount = 0
    private var lastProgress: Duration
    /// Since when we only wait for the caller to read the last answer; nil before.
    private(set) var lingerSince: Duration?
    /// Since when the body counts as failed; nil before.
    private(set) var bodyFailedSince: Duration?
    /// Whether someone is waiting for bytes; while nobody is, a stalled body is our own doing.
    var wantsRead = true
    private var lastTick: Duration

    init(limits: ConnectionLimits, now: Duration) {
        self.limits = limits
        self.lastProgress = now
        self.lastTick = now
    }

    /// Whether a request's body is still on its way.
    var isReceivingBody: Bool { body != nil }

    mutating func headRead(declaredByteCount: Int?, now: Duration) {
        openRequestCount += 1
        body = Body(since: now, deadline: limits.bodyTime(declaredByteCount: declaredByteCount))
    }

    mutating func bodyRead(byteCount: Int) { body?.byteCount += byteCount }

    mutating func bodyEnded() { body = nil }

    mutating func writeStarted(now: Duration) {
        if pendingWriteCount == 0 { lastProgress = now }
        pendingWriteCount += 1
    }

    mutating func writeEnded(now: Duration) {
        pendingWriteCount -= 1
        lastProgress = now
    }

    mutating func answerEnded() { openRequestCount = max(0, openRequestCount - 1) }

    /// A request came and its answer was handed to the network, both out of our sight.
    mutating func answeredQuickly(now: Duration) {
        // While something of ours is pending its own clock runs.
        if pendingWriteCount == 0 { lastProgress = now }
    }

    /// An answer that goes on, out of our sight but for its writes.
    mutating func streamBegan() { openRequestCount += 1 }

    mutating func streamEnded(now: Duration) {
        answerEnded()
        answeredQuickly(now: now)
    }

    mutating func linger(now: Duration) { lingerSince = lingerSince ?? now }

    /// Looks at every clock.
    mutating func tick(now: Duration) -> Action {
        defer { lastTick = now }
        if let lingerSince { return now - lingerSince >= limits.lingerTime ? .close : .none }
        if pendingWriteCount > 0 { return now - lastProgress >= limits.writeDeadline ? .close : .none }
        // The handler had its word; as long as for any other write it may now say so to the caller.
        if let bodyFailedSince { return now - bodyFailedSince >= limits.writeDeadline ? .close : .none }
        if body != nil { return bodyTick(now) }
        if openRequestCount == 0 { return now - lastProgress >= limits.idleTimeout ? .close : .none }
        return .none
    }

    private mutating func bodyTick(_ now: Duration) -> Action {
        guard var body else { return .none }
        if !wantsRead {
            // Our own handler is not reading: the caller's clock stands still meanwhile.
            body.since += now - lastTick
            self.body = body
            return .none
        }
        let elapsed = now - body.since
        let isTooSlow =
            elapsed >= limits.bodyGrace
            && .seconds(Int64(body.byteCount)) < elapsed * limits.bodyBytesPerSecondMin
        guard elapsed >= body.deadline || isTooSlow else { return .none }
        bodyFailedSince = now
        return .failBody
    }
}
