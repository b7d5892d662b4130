package import Procedures

/// Compares two files of one kind by what they say.
package enum FileDifference {
    /// In what they differ; nil where one of them does not read, or they are of different kinds or of none.
    package static func between(_ old: [UInt8], _ new: [UInt8]) -> [Difference]? {
        let (before, after) = (TextFile.draft(old), TextFile.draft(new))
        guard let first = before.draft, let second = after.draft, before.findings.isEmpty, after.findings.isEmpty,
            let kind = WorkflowFolder.kind(of: first), kind == WorkflowFolder.kind(of: second)
        else { return nil }
        return Draft.differences(from: first, to: second, as: kind)
    }
}
