package import Notices
package import WorkingTime

/// One entry of the public streams: that a dossier has become so complete. Legal code and degree of completion, no more
/// (TT 01/2018 art. 16.2.d): who holds it and what is promised stays with the look-up code.
package struct CompletionEntry: Hashable, Sendable {
    /// The province's number.
    package var province: Int16
    /// The place of the notice that told it in the province's sequence (R6).
    package var n: Int64
    /// The dossier, as printed.
    package var legalCode: LegalCode
    /// The procedure's key.
    package var procedure: String
    /// The national status.
    package var status: NationalStatus
    /// The state's tag.
    package var stage: PublicStage
    /// When it happened, in law.
    package var at: Instant
    /// When the province's sequencer told it; never earlier than that of the entry before it.
    package var toldAt: Instant

    /// Joins the parts.
    package init(
        province: Int16, n: Int64, legalCode: LegalCode, procedure: String, status: NationalStatus,
        stage: PublicStage, at: Instant, toldAt: Instant
    ) {
        self.province = province
        self.n = n
        self.legalCode = legalCode
        self.procedure = procedure
        self.status = status
        self.stage = stage
        self.at = at
        self.toldAt = toldAt
    }

    /// The agency whose stream it belongs to: the one that the code itself names. Not the one that holds the dossier
    /// now, which a legal code alone must not tell.
    package var agency: String { legalCode.agency }
}

extension LegalCode {
    /// The agency that gave the code: what stands before its first hyphen.
    package var agency: String { String(text.prefix { $0 != "-" }) }
}
