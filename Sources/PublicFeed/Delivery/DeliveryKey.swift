internal import Crypto
internal import FoundationEssentials
internal import OwnerFiles

/// Why the delivery key or what it seals cannot be used; one line that says what to do.
package struct DeliveryKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String
}

/// The feed's own key that seals receivers' secrets and the portal's password in the feed's database: who has a copy of
/// the database alone can sign in nobody's name.
///
/// A text file that only its owner can read: `motcua-delivery-key 1`, then 32 bytes in base64. It does not belong in the
/// backup of the database. Whoever loses it gives each receiver a new secret (`motcua webhook rotate`).
package struct DeliveryKey: Sendable, CustomStringConvertible, CustomReflectable {
    private static let header = "motcua-delivery-key 1"

    private let key: SymmetricKey

    /// A key that no file holds, for tests.
    package init() { key = SymmetricKey(size: .bits256) }

    /// Opens the key file at `path`.
    /// - Parameter createIfMissing: makes a new one when there is none.
    package static func open(_ path: String, createIfMissing: Bool) throws(DeliveryKeyError) -> DeliveryKey {
        if let bytes = try said({ () throws(OwnerFileError) in try OwnerOnlyFile.contents(of: path) }) {
            return try DeliveryKey(parsing: bytes, path)
        }
        guard createIfMissing else {
            throw DeliveryKeyError(
                description:
                    "the delivery key \(path) does not exist; restore it, or let `motcua webhook` make a new one")
        }
        let new = DeliveryKey()
        let base64 = new.key.withUnsafeBytes { Data($0).base64EncodedString() }
        try said { () throws(OwnerFileError) in try OwnerOnlyFile.create(path, "\(header)\n\(base64)\n") }
        // Another process may have been first: what stands in the file counts.
        return try open(path, createIfMissing: false)
    }

    /// Seals a secret for one receiver; nobody can give it to another.
    func seal(_ secret: [UInt8], of subscriber: String, number: Int32) throws(DeliveryKeyError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(secret, using: key, authenticating: DeliveryKey.bond(subscriber, number))
            if let combined = box.combined { return Array(combined) }
            throw DeliveryKeyError(description: "the secret of \(subscriber) cannot be sealed")
        } catch let error as DeliveryKeyError {
            throw error
        } catch {
            throw DeliveryKeyError(description: "the secret of \(subscriber) cannot be sealed")
        }
    }

    /// Opens what ``seal(_:of:number:)`` sealed.
    func open(_ sealed: [UInt8], of subscriber: String, number: Int32) throws(DeliveryKeyError) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: key, authenticating: DeliveryKey.bond(subscriber, number)))
        } catch {
            throw DeliveryKeyError(
                description:
                    "the secret of \(subscriber) was sealed with another delivery key: restore that one, or run "
                    + "`motcua webhook rotate \(subscriber)`")
        }
    }

    private static func bond(_ subscriber: String, _ number: Int32) -> [UInt8] {
        Array("motcua/delivery/1/\(subscriber)/\(number)".utf8)
    }

    /// Nothing of the key.
    package var description: String { "delivery key (redacted)" }
    /// No children: keys are not for dumps.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }

    private init(parsing bytes: [UInt8], _ path: String) throws(DeliveryKeyError) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0] == DeliveryKey.header, lines[2].isEmpty,
            let data = Data(base64Encoded: String(lines[1])), data.count == 32
        else {
            throw DeliveryKeyError(
                description: "\(path) is no delivery key (“\(DeliveryKey.header)” and 32 bytes in base64); restore it")
        }
        key = SymmetricKey(data: data)
    }

    private static func said<R>(_ work: () throws(OwnerFileError) -> R) throws(DeliveryKeyError) -> R {
        do throws(OwnerFileError) { return try work() } catch {
            throw DeliveryKeyError(description: "the delivery key: \(error)")
        }
    }
}
