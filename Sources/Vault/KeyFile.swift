internal import Crypto
internal import FoundationEssentials
internal import OwnerFiles

/// The keys of one installation: numbered wrapping keys 1…n, of which the last is current, and a root that never
/// changes, from which the keys for fingerprints, addresses and tokens are derived.
///
/// The file is text, one key a line, readable by its owner only:
/// ```
/// motcua-keys 1
/// root BASE64
/// 1 BASE64
/// 2 BASE64
/// ```
/// Whoever loses it loses every personal value; whoever copies it can read them. It does not belong in the backup of
/// the database.
package struct KeyFile: Sendable, CustomStringConvertible, CustomReflectable {
    private static let header = "motcua-keys 1"

    private let root: SecretKey
    private let wrapping: [SecretKey]

    /// The version under which new data keys are wrapped; versions are 1…currentVersion.
    package var currentVersion: UInt32 { UInt32(clamping: wrapping.count) }

    /// Opens the key file at `path`.
    /// - Parameter createIfMissing: makes a new one when there is none. Say true only while the database holds no
    ///   sealed value: a new file cannot open what an old one sealed.
    /// - Throws: `.keyFileMissing`, `.keyFileTooOpen`, `.keyFileMalformed`, `.keyFileUnusable`; the message says what
    /// to do.
    package static func open(_ path: String, createIfMissing: Bool) throws(VaultError) -> KeyFile {
        if let bytes = try KeyFile.contents(of: path) { return try KeyFile(parsing: bytes, path: path) }
        guard createIfMissing else {
            throw VaultError(
                .keyFileMissing,
                "key file \(path) does not exist; restore it from its own backup (a new one cannot open sealed values)")
        }
        let new = KeyFile(root: SecretKey(), wrapping: [SecretKey()])
        try KeyFile.putting { () throws(OwnerFileError) in try OwnerOnlyFile.create(path, new.text) }
        // Another process may have been first: what stands in the file counts, never what is in memory.
        return try open(path, createIfMissing: false)
    }

    /// Adds a new current version to the file at `path`, in one step; older versions go on opening what they wrapped.
    /// Running processes see it when they open the file again.
    /// - Throws: as ``open(_:createIfMissing:)``.
    package static func rotate(_ path: String) throws(VaultError) -> KeyFile {
        // Two rotations at once would lose a version under which the first has already wrapped.
        try OwnerFolder.exclusively(OwnerFolder.path(of: path), refusal: VaultError.init) {
            () throws(VaultError) -> KeyFile in
            let old = try open(path, createIfMissing: false)
            let new = KeyFile(root: old.root, wrapping: old.wrapping + [SecretKey()])
            try KeyFile.putting { () throws(OwnerFileError) in try OwnerOnlyFile.replace(path, new.text) }
            return try open(path, createIfMissing: false)
        }
    }

    /// The key for one purpose, the same as long as the file's root is: HKDF-SHA256 of the root (RFC 5869).
    package func derivedKey(_ purpose: KeyPurpose) -> SecretKey {
        SecretKey(
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: root.key, info: Array("motcua/1/\(purpose.rawValue)".utf8),
                outputByteCount: SecretKey.byteCount))
    }

    /// 16 hexadecimal digits that name this file's root and tell nothing of it: a database keeps them and refuses to
    /// start with another key file.
    package var identity: String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("identity".utf8), using: derivedKey(.identity).key)
        return code.prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    /// The wrapping key of a version; nil when the file does not hold it.
    func wrappingKey(_ version: UInt32) -> SecretKey? {
        guard version >= 1, version <= currentVersion else { return nil }
        return wrapping[Int(version) - 1]
    }

    /// The identity and the number of versions; no key.
    package var description: String { "key file \(identity) with \(wrapping.count) version(s)" }
    /// No children: keys are not for dumps.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }

    private init(root: SecretKey, wrapping: [SecretKey]) {
        self.root = root
        self.wrapping = wrapping
    }

    private var text: String {
        var lines = [KeyFile.header, "root \(Data(root.bytes).base64EncodedString())"]
        for (index, key) in wrapping.enumerated() {
            lines.append("\(index + 1) \(Data(key.bytes).base64EncodedString())")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private init(parsing bytes: [UInt8], path: String) throws(VaultError) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        // The last line ends with a line feed too: a file cut short must not pass as one with fewer versions.
        guard lines.count >= 4, lines.last?.isEmpty == true, Array(lines[0]) == Array(KeyFile.header.utf8) else {
            throw KeyFile.malformed(path, "it is cut short or does not start with “\(KeyFile.header)”")
        }
        var keys: [SecretKey] = []
        for (index, line) in lines.dropFirst().dropLast().enumerated() {
            let name = index == 0 ? "root" : String(index)
            let prefix = Array("\(name) ".utf8)
            guard line.starts(with: prefix),
                let data = Data(base64Encoded: Data(line.dropFirst(prefix.count))), data.count == SecretKey.byteCount
            else {
                throw KeyFile.malformed(path, "line \(index + 2) is not “\(name)” and 32 bytes in base64")
            }
            let key = SecretKey(SymmetricKey(data: data))
            guard !keys.contains(where: { $0.key == key.key }) else {
                throw KeyFile.malformed(path, "line \(index + 2) repeats an earlier key")
            }
            keys.append(key)
        }
        self.init(root: keys[0], wrapping: Array(keys.dropFirst()))
    }

    private static func contents(of path: String) throws(VaultError) -> [UInt8]? {
        try putting { () throws(OwnerFileError) in try OwnerOnlyFile.contents(of: path) }
    }

    /// Says as a ``VaultError`` what a file's room says.
    private static func putting<R>(_ work: () throws(OwnerFileError) -> R) throws(VaultError) -> R {
        do throws(OwnerFileError) { return try work() } catch { throw VaultError(error) }
    }

    private static func malformed(_ path: String, _ why: String) -> VaultError {
        VaultError(.keyFileMalformed, "key file \(path): \(why); restore it from its own backup")
    }
}
