/// How a receiver stands.
package struct ReceiverStanding: Sendable {
    /// Its name here.
    package let id: String
    /// `webhook` or `portal`.
    package let kind: String
    /// Where it listens.
    package let url: String
    /// `active`, `paused` or `disabled`.
    package let state: String
    /// Why it is not active; nil when it is.
    package let reason: String?
    /// What went wrong last; nil when nothing does.
    package let lastFailure: String?
    /// Rounds in a row in which it took nothing.
    package let failures: Int
    /// Since when, in microseconds since 1970; nil when it takes what comes.
    package let failingSince: Int64?
    /// When it last took something, in microseconds since 1970; nil: never.
    package let deliveredAt: Int64?
    /// When it is tried again, in microseconds since 1970; nil when it does not fail or is not active.
    package let nextAttemptAt: Int64?
    /// Places of the sequences that it has not been told yet, whether or not it wants them.
    package let waitingCount: Int64
    /// Letters set aside that are tried again.
    package let openCount: Int64
    /// Letters that are not tried any more.
    package let deadCount: Int64
}

/// What a receiver did not take to the end.
package struct DeadLetter: Sendable {
    /// The province and the place in its sequence, which name the letter.
    package let province: Int16
    package let n: Int64
    /// The dossier; nil while it has no legal code.
    package let legalCode: String?
    /// How often it was tried.
    package let attempts: Int
    /// When it was set aside and when given up, in microseconds since 1970.
    package let since: Int64
    package let deadAt: Int64
    /// What the receiver said last.
    package let lastFailure: String?
}

/// How many dossiers stand how at the portal.
package struct PortalStandings: Sendable {
    /// Sent and not acknowledged, acknowledged, refused.
    package let sentCount: Int64
    package let acknowledgedCount: Int64
    package let refusedCount: Int64
    /// Different at the last comparison, and not acknowledged since.
    package let differingCount: Int64
    /// Different at the last comparison, sent again and acknowledged since; the next one sees whether they agree.
    package let repairedCount: Int64
    /// The last and the next comparison, in microseconds since 1970; nil: none.
    package let comparedAt: Int64?
    package let nextComparisonAt: Int64?
}

/// A dossier that the portal refuses, or has otherwise.
package struct PortalTrouble: Sendable {
    /// The dossier, as printed.
    package let legalCode: String
    /// `sent`, `acknowledged` or `refused`.
    package let state: String
    /// The numbers of the notices sent and acknowledged last.
    package let sent: Int
    package let acknowledged: Int
    /// The portal's code and words of a refusal; nil when it acknowledged.
    package let code: String?
    package let message: String?
    /// What differed at the last comparison; nil: nothing.
    package let difference: String?
    /// When it was sent again and acknowledged after that comparison, in microseconds since 1970; nil: it was not.
    package let repairedAt: Int64?
    /// In microseconds since 1970.
    package let changedAt: Int64

    /// Joins the parts.
    package init(
        legalCode: String, state: String, sent: Int, acknowledged: Int, code: String?, message: String?,
        difference: String?, repairedAt: Int64?, changedAt: Int64
    ) {
        self.legalCode = legalCode
        self.state = state
        self.sent = sent
        self.acknowledged = acknowledged
        self.code = code
        self.message = message
        self.difference = difference
        self.repairedAt = repairedAt
        self.changedAt = changedAt
    }
}
