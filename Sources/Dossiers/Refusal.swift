package import Notices

/// Why a command was refused. A refused command changes nothing.
package struct Refusal: Error, Hashable, Sendable {
    /// The kinds of refusals; each has one HTTP status at the edge.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The version is not in force on the day of submission, or the procedure cannot be submitted.
        case notInForce = "not-in-force"
        /// The dossier exists already.
        case alreadyThere = "already-there"
        /// No dossier yet.
        case notThere = "not-there"
        /// The dossier has ended.
        case ended
        /// The task is over, or was never there.
        case notOpen = "not-open"
        /// The step does not have that outcome.
        case noSuchOutcome = "no-such-outcome"
        /// The outcome is not offered in this case.
        case notOffered = "not-offered"
        /// It was chosen as often as allowed.
        case tooOften = "too-often"
        /// Something must be said that was not, or was said and is unknown or of the wrong kind.
        case badData = "bad-data"
        /// The task belongs to another agency.
        case otherAgency = "other-agency"
        /// The officer lacks the role.
        case noRole = "no-role"
        /// Another officer holds the task.
        case heldByOther = "held-by-other"
        /// Nobody holds the task, so it cannot be released.
        case notHeld = "not-held"
        /// The performer did the step that this one checks.
        case fourEyes = "four-eyes"
        /// The result is ready: it cannot be withdrawn any more; or a new date was set already.
        case tooLate = "too-late"
        /// No agency is competent for what the form says.
        case noCompetentAgency = "no-competent-agency"
        /// A date outside the calendar, or not allowed.
        case badDate = "bad-date"
    }

    /// What kind.
    package var code: Code
    /// What happened, where, and what to do next.
    package var message: LocalText
    /// The need or field that is meant, for `badData`; one of the command itself, not of what is said, begins with “/”.
    package var field: String?

    /// Joins the parts.
    package init(_ code: Code, _ message: LocalText, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }
}
