internal import OwnerFiles

/// Why the vault refused. The message is one line for an administrator and never holds a key or a sealed value.
package struct VaultError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure; callers branch on these.
    package enum Code: String, Hashable, Sendable {
        /// There is no key file and none was to be made.
        case keyFileMissing = "key-file-missing"
        /// Group or others can read or change the key file.
        case keyFileTooOpen = "key-file-too-open"
        /// The key file is not what this program writes.
        case keyFileMalformed = "key-file-malformed"
        /// The system refused to read or write the key file.
        case keyFileUnusable = "key-file-unusable"
        /// The value was sealed under a key version that the key file does not hold.
        case unknownKeyVersion = "unknown-key-version"
        /// The value is shorter than any sealed value.
        case truncated = "truncated"
        /// The value begins with a format that this build does not know.
        case unknownFormat = "unknown-format"
        /// The value was changed, or belongs to another province, dossier, section or key. The law of AES-GCM: which of
        /// these it was cannot be told.
        case refused = "refused"
        /// A salt of fewer than 16 bytes: the value could be guessed.
        case weakSalt = "weak-salt"
        /// The cryptographic library failed to seal; nothing was written.
        case cannotSeal = "cannot-seal"
    }

    /// The kind of failure.
    package let code: Code
    /// What happened and what to do, one line.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What the key file's room says of it.
    init(_ error: OwnerFileError) {
        let code: Code =
            switch error.kind {
            case .unusable: .keyFileUnusable
            case .tooOpen: .keyFileTooOpen
            case .tooLong: .keyFileMalformed
            }
        self.init(code, "key file: \(error)")
    }

    /// The message.
    package var description: String { message }
}
