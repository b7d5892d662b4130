import Notices
package import Procedures

/// Writes files of the language in their one form (`motcua fmt`), so that a difference of texts is a difference of what
/// they say. Comments stay; nothing is written that is not proved to say the same.
package enum FileFormatter {
    /// What came of a file.
    package enum Outcome: Equatable, Sendable {
        /// The text in its form; the same bytes where it had that form.
        case formatted([UInt8])
        /// The file does not read; nothing can be said of it.
        case unreadable([Finding])
        /// The form could not be proved to say the same: the file stays as it is.
        case unproved
    }

    /// Formats a file of any kind: procedure, calendar, agencies or connectors.
    package static func format(_ bytes: [UInt8]) -> Outcome {
        let read = TextFile.draft(bytes)
        guard let draft = read.draft, read.findings.isEmpty, let text = String(validating: bytes, as: UTF8.self) else {
            return .unreadable(read.findings)
        }
        let kind = KeyOrder.kind(of: draft)
        guard let first = layout(text, kind), let second = layout(first.text, kind), first.text == second.text,
            first.comments.sorted() == second.comments.sorted()
        else { return .unproved }
        let written = TextFile.draft(Array(first.text.utf8))
        guard let result = written.draft, written.findings.isEmpty, KeyOrder.sayTheSame(draft, result, as: kind) else {
            return .unproved
        }
        return .formatted(Array(first.text.utf8))
    }

    /// A text in its form, and the comments that it had.
    private static func layout(_ text: String, _ kind: ValueKind?) -> (text: String, comments: [String])? {
        guard let read = LayoutReader.read(text) else { return nil }
        KeyOrder.sort(read.root, as: kind)
        return (LayoutWriter.write(read.root), read.comments)
    }
}
