internal import Crypto
internal import FoundationEssentials

/// The name under which an installation's logs are known and the secret behind their keys.
///
/// The file is text that only its owner reads:
/// ```
/// motcua-log-key 1
/// origin NAME
/// secret BASE64
/// ```
/// The log of province 48 is called `NAME/log/48`, and its Ed25519 key is derived from the secret for that name, so that
/// no two logs share a key. Whoever copies the file can sign in the log's name; whoever loses it must begin a new log.
package struct LogKeys: Sendable, CustomStringConvertible, CustomReflectable {
    private static let header = "motcua-log-key 1"

    /// The name before `/log/`: the public host, without a scheme.
    package let name: String
    private let secret: [UInt8]

    /// Keys of a name from 32 secret bytes; nil when the name cannot stand in a signature line.
    package init?(name: String, secret: [UInt8]) {
        guard NoteKey.isName(name), !name.hasSuffix("/"), secret.count == 32 else { return nil }
        self.name = name
        self.secret = secret
    }

    /// Opens the folder's key file, or makes one with a new secret.
    /// - Parameter name: the name for a new file, and the one an existing file must have; nil takes what stands there.
    /// - Throws: ``LogFileError``.
    package static func open(_ folder: LogFolder, name: String?) throws(LogFileError) -> LogKeys {
        if let bytes = try folder.key() {
            let keys = try LogKeys(parsing: bytes, path: folder.keyFile)
            guard name == nil || name == keys.name else {
                throw LogFileError(
                    "the log's key in \(folder.keyFile) is that of “\(keys.name)”, not “\(name ?? "")”; a log keeps its name"
                )
            }
            return keys
        }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let new = name ?? LogKeys.usualName
        guard let keys = LogKeys(name: new, secret: secret) else {
            throw LogFileError(
                "“\(new)” cannot name a log: give a host such as mot-cua.example.vn, without spaces or +")
        }
        try folder.createKey(keys.text)
        guard let bytes = try folder.key() else {
            throw LogFileError("\(folder.keyFile) was made and is gone; is another program removing it?")
        }
        // Another process may have been first: what stands in the file counts.
        return try LogKeys(parsing: bytes, path: folder.keyFile)
    }

    /// The keys of a folder; nil when it has none. Makes nothing.
    /// - Throws: ``LogFileError``.
    package static func existing(_ folder: LogFolder) throws(LogFileError) -> LogKeys? {
        guard let bytes = try folder.key() else { return nil }
        return try LogKeys(parsing: bytes, path: folder.keyFile)
    }

    /// What a log is called when nobody gave the public host's name.
    package static let usualName = "motcua.local"

    /// The origin line and key name of a province's log.
    package func origin(_ province: Int16) -> String { "\(name)/log/\(province)" }

    /// The key of a province's log; nil for no name or secret that ``init(name:secret:)`` takes.
    package func signer(_ province: Int16) -> NoteSigner? {
        let origin = origin(province)
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array("motcua/log/1/\(origin)".utf8),
            outputByteCount: 32)
        return NoteSigner(name: origin, secret: derived.withUnsafeBytes { Array($0) })
    }

    /// The public half of a province's key.
    package func key(_ province: Int16) -> NoteKey? { signer(province)?.key }

    /// The name; no secret.
    package var description: String { "log keys of \(name)" }
    /// No children: keys are not for dumps.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }

    private var text: String { "\(LogKeys.header)\norigin \(name)\nsecret \(Base64Text.encode(secret))\n" }

    private init(parsing bytes: [UInt8], path: String) throws(LogFileError) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3] == "", lines[0] == LogKeys.header, lines[1].hasPrefix("origin "),
            lines[2].hasPrefix("secret "), let secret = Base64Text.decode(lines[2].dropFirst("secret ".count)),
            let keys = LogKeys(name: String(lines[1].dropFirst("origin ".count)), secret: secret)
        else {
            throw LogFileError("\(path) is no key file of a log; restore it from its own backup")
        }
        self = keys
    }
}
