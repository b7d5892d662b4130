/// One POST to a receiver.
package struct OutgoingCall: Sendable {
    /// Where to.
    package var address: EndpointAddress
    /// Name and value; a value with control characters is refused.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]
    /// The whole call, looking up the name included.
    package var timeLimit: Duration = .seconds(15)
    /// What is kept of the answer's body, in bytes; a longer one is cut off and the connection closed.
    package var answerByteCountMax = 16_384
    /// A file of certificates (PEM) to trust instead of the system's; nil: the system's.
    package var trustFile: String?

    /// A call with the usual limits.
    package init(_ address: EndpointAddress, headers: [(name: String, value: String)], body: [UInt8]) {
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// What a receiver answered.
package struct OutgoingAnswer: Sendable {
    /// The status of HTTP.
    package let status: Int
    /// The body, cut to the call's limit.
    package let body: [UInt8]
    /// Whether the body was longer.
    package let isCut: Bool
    /// How long it asks to be left alone (Retry-After); nil when it does not.
    package let retryAfter: Duration?
}

/// Why there is no answer.
package struct CallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable {
        /// The name is not known.
        case noHost
        /// The name leads to an address that may not be called.
        case forbidden
        /// No connection, or it broke.
        case noConnection
        /// The certificate or the encryption.
        case untrusted
        case timedOut
        case cancelled
        /// The call itself cannot be made.
        case unusable
    }

    /// The kind.
    package let code: Code
    /// One line, in English, for the administrator; holds nothing of the answer's body.
    package let description: String

    /// Joins both.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// Calls receivers over HTTP: names are looked up and checked first, the connection goes to a checked address and to no
/// other, redirects are not followed, and time and size are limited.
///
/// All transfers run on one thread of their own; a cancelled task ends its transfer.
package final class OutgoingCaller: Sendable {
    private let resolver = HostResolver()
    private let loop = CurlLoop()

    /// Starts the thread.
    package init() {}

    deinit { loop.stop() }

    /// Makes the call.
    package func send(_ call: OutgoingCall) async throws(CallFailure) -> OutgoingAnswer {
        let start = ContinuousClock.now
        let addresses: [InternetAddress]
        if let literal = call.address.literal {
            addresses = [literal]
        } else {
            addresses = try await resolver.addresses(of: call.address.host, within: call.timeLimit)
        }
        // One private address among public ones is no accident.
        if let wrong = addresses.first(where: { !call.address.reach.permits($0) }) {
            throw CallFailure(.forbidden, "\(call.address.host) leads to \(wrong), which may not be called")
        }
        let left = call.timeLimit - (ContinuousClock.now - start)
        guard left > .zero else { throw CallFailure(.timedOut, "no time was left for the call") }
        return try await loop.run(call, to: addresses, within: left).get()
    }
}
