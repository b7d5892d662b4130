/// Why a file cannot be used; one line for an administrator, without anything of its content.
package struct OwnerFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure; callers branch on these.
    package enum Kind: Hashable, Sendable {
        /// The system refused to read, write or lock it, or it is no regular file.
        case unusable
        /// Group or others can read or change it.
        case tooOpen
        /// It is longer than any such file.
        case tooLong
    }

    /// The kind of failure.
    package let kind: Kind
    /// What happened and what to do.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
