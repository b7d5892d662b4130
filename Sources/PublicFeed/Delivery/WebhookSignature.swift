internal import Crypto
internal import FoundationEssentials

/// The secret that a receiver shares with us: bytes that sign, written `whsec_…` (Standard Webhooks 1.0).
package struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    /// The bytes, 24…64.
    let bytes: [UInt8]

    /// A new random secret of 32 bytes.
    package static func random() -> WebhookSecret {
        WebhookSecret(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads `whsec_` and base64, or base64 alone; nil for anything else, or fewer than 24 or more than 64 bytes.
    package init?(text: String) {
        let base64 = text.hasPrefix("whsec_") ? String(text.dropFirst("whsec_".count)) : text
        guard let data = Data(base64Encoded: base64), (24...64).contains(data.count) else { return nil }
        bytes = Array(data)
    }

    /// The secret as it is shown once: `whsec_` and base64.
    package var text: String { "whsec_\(Data(bytes).base64EncodedString())" }

    /// Nothing of the secret.
    package var description: String { "secret (redacted)" }
    /// No children: secrets are not for dumps.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// The three headers of a signed webhook (Standard Webhooks 1.0).
package enum WebhookSignature {
    /// The headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    /// - Parameters:
    ///   - id: the same for every try of one message; without a full stop, which parts what is signed.
    ///   - seconds: when this try is made, since 1970; receivers refuse what is more than five minutes off.
    ///   - secrets: the current one, and while it is being replaced the former one too: one signature each.
    package static func headers(
        id: String, seconds: Int64, body: [UInt8], secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let signatures = secrets.map { sign(id: id, seconds: seconds, body: body, secret: $0) }
        return [
            ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
    package static func sign(id: String, seconds: Int64, body: [UInt8], secret: WebhookSecret) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        code.update(data: Array("\(id).\(seconds).".utf8))
        code.update(data: body)
        return "v1,\(Data(code.finalize()).base64EncodedString())"
    }
}
