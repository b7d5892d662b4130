/// What a client may do with its agency's dossiers, as OAuth scopes have it.
package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// Submit dossiers, hand in what the applicant brings, file a withdrawal.
    case submit
    /// Read dossiers, histories, lists of documents and worklists, without personal values.
    case read
    /// Read forms, documents and sealed notes; every reading is recorded.
    case personal
    /// Take, finish and hand on tasks, set a new date with an apology.
    case work
    /// Lease and answer the calls of one connector.
    case connect
    /// See who read the personal values of the province's dossiers, and never a value.
    case audit
    /// Check and load procedure files, free what is stuck, shut clients out, erase personal values.
    case admin
}
