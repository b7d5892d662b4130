import HTTPTypes
package import Hummingbird
package import JSONText

extension Request {
    /// The whole body, at most `byteCountMax` bytes.
    ///
    /// A declared length above the limit is refused before a byte is read. How slowly the bytes may come is the
    /// connection's affair (``ConnectionLimits``). May be called once a request.
    /// - Throws: ``Problem`` 413, 408 if the body comes too slowly, 400 if it breaks off.
    package func body(upTo byteCountMax: Int) async throws -> [UInt8] {
        let declared = headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > byteCountMax { throw Problem.contentTooLarge(byteCountMax: byteCountMax) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(declared ?? 0, byteCountMax))
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= byteCountMax else {
                throw Problem.contentTooLarge(byteCountMax: byteCountMax)
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        // When the caller goes away the stream just ends: half a document must not pass for a whole one.
        if let declared, declared != bytes.count { throw Problem.bodyBrokenOff }
        return bytes
    }

    /// The body as JSON fields, every fault reported at once.
    /// - Throws: ``Problem`` 415 if the content type is not JSON, 413, 408, 400; ``JSONProblems``.
    package func json<Value>(
        limits: JSONLimits = .request, _ read: (JSONFields) -> Value
    ) async throws -> Value {
        try await JSONFields.read(jsonBytes(limits: limits), limits: limits, read)
    }

    /// The body's bytes, for a fingerprint before they are read; the content type must be JSON.
    /// - Throws: ``Problem`` 415, 413, 408, 400.
    package func jsonBytes(limits: JSONLimits = .request) async throws -> [UInt8] {
        try requireContentType(MediaTypes.json)
        return try await body(upTo: limits.byteCountMax)
    }
}

/// The content types that are read and written here.
package enum MediaTypes {
    /// What a JSON body may call itself.
    package static let json = ["application/json", "application/problem+json", "application/cloudevents+json"]
}

extension Request {
    /// Checks that the body's content type, parameters aside, is one of these.
    /// - Throws: ``Problem`` 415, also for a charset other than UTF-8.
    package func requireContentType(_ types: [String]) throws(Problem) {
        let parts = (headers[.contentType] ?? "").lowercased().split(separator: ";")
            .map { $0.trimming(while: { $0 == " " || $0 == "\t" }) }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8)
            .trimming(while: { $0 == "\"" })
        guard let type = parts.first, types.contains(String(type)), charset == nil || charset == "utf-8" else {
            throw .unsupportedMediaType(expected: types)
        }
    }

    /// The best liked of the offered content types by `Accept`; the first where all are equal or none is asked for.
    /// - Throws: ``Problem`` 406 if `Accept` excludes all.
    package func preferredType(of offered: [String]) throws(Problem) -> String {
        guard let first = offered.first else { return "" }
        guard let header = headers[.accept] else { return first }
        let list = WeightedList(header)
        var best = (type: first, weight: 0)
        for type in offered {
            let weight = Self.weight(of: type, in: list)
            if weight > best.weight { best = (type, weight) }
        }
        guard best.weight > 0 else { throw .notAcceptable(available: offered) }
        return best.type
    }

    /// The weight of the most specific range that covers the type (RFC 9110, 12.5.1).
    private static func weight(of type: String, in list: WeightedList) -> Int {
        let family = type.prefix { $0 != "/" } + "/*"
        for range in [type, String(family), "*/*"] {
            if let match = list.items.first(where: { $0.value == range }) { return match.weight }
        }
        return 0
    }
}

extension Problem {
    /// 400: the connection ended before the declared length had come.
    static let bodyBrokenOff: Problem = {
        var problem = Problem.badRequest(
            "body-broken-off", vi: "Nội dung bị ngắt giữa chừng.", en: "The body broke off half-way.")
        problem.closesConnection = true
        return problem
    }()
}
