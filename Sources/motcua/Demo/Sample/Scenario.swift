/// What happens to a sample dossier in the day: who asks, refuses, withdraws, or leaves it for tomorrow.
enum Scenario: String, Sendable, CaseIterable {
    /// Everything is in order, up to the hand-over.
    case smooth
    /// In order; the result waits at the desk.
    case uncollected
    /// The desk asks for a paper, and gets it.
    case deskSupplement = "desk-supplement"
    /// The desk asks for a paper; the applicant has not answered yet.
    case deskSupplementOpen = "desk-supplement-open"
    /// The desk does not accept it.
    case deskRefusal = "desk-refusal"
    /// Nobody at the desk has taken it yet.
    case untouched
    /// Civil status asks for a paper, and gets it: the whole starts again.
    case birthSupplement = "birth-supplement"
    /// Civil status asks for a paper; the applicant has not answered yet.
    case birthSupplementOpen = "birth-supplement-open"
    /// The register does not agree at first: checked again, and entered.
    case registerMismatch = "register-mismatch"
    /// The register cannot be reached at first.
    case registerDown = "register-down"
    /// The chairman sends it back once.
    case sentBack = "sent-back"
    /// The birth is not registered; the chairman signs.
    case birthRefusal = "birth-refusal"
    /// Not yet signed when the office closes.
    case unsigned
    /// The child lives with others: the police verify, and register.
    case residenceVerified = "residence-verified"
    /// The police are still verifying.
    case residenceVerifying = "residence-verifying"
    /// The householder must consent, and does.
    case residenceConsent = "residence-consent"
    /// The police refuse; the card is issued.
    case residenceRefusal = "residence-refusal"
    /// The parts are under way when the office closes.
    case partsOpen = "parts-open"
    /// Social insurance asks for a paper, and gets it.
    case cardSupplement = "card-supplement"
    /// Social insurance refuses; the residence is registered.
    case cardRefusal = "card-refusal"
    /// Withdrawn before the desk has accepted it.
    case withdrawnEarly = "withdrawn-early"
    /// Withdrawn while civil status works on it; the desk confirms.
    case withdrawnHeld = "withdrawn-held"
    /// Withdrawn when the certificate is there: the certificate stays, the rest ends.
    case withdrawnLate = "withdrawn-late"

    /// How many of a thousand are so.
    var share: Int {
        switch self {
        case .smooth: 470
        case .uncollected: 60
        case .deskSupplement: 60
        case .deskSupplementOpen: 30
        case .deskRefusal: 35
        case .untouched: 25
        case .birthSupplement: 40
        case .birthSupplementOpen: 20
        case .registerMismatch: 20
        case .registerDown: 15
        case .sentBack: 15
        case .birthRefusal: 10
        case .unsigned: 20
        case .residenceVerified: 45
        case .residenceVerifying: 15
        case .residenceConsent: 25
        case .residenceRefusal: 25
        case .partsOpen: 15
        case .cardSupplement: 15
        case .cardRefusal: 10
        case .withdrawnEarly: 10
        case .withdrawnHeld: 10
        case .withdrawnLate: 10
        }
    }

    /// Whether it needs the residence part.
    var needsResidence: Bool {
        switch self {
        case .residenceVerified, .residenceVerifying, .residenceConsent, .residenceRefusal, .partsOpen, .withdrawnLate,
            .cardRefusal, .cardSupplement:
            true
        default: false
        }
    }

    /// Whether it needs the card.
    var needsInsurance: Bool {
        switch self {
        case .cardSupplement, .cardRefusal, .partsOpen, .residenceRefusal, .withdrawnLate: true
        default: false
        }
    }

    /// Whether the child must live with somebody else than a parent or guardian: else the police need not verify.
    var livesWithOthers: Bool { self == .residenceVerified || self == .residenceVerifying }

    /// So many scenarios in the shares above, each at least once where there is room, in a random order.
    static func list(count: Int, _ random: inout SeededGenerator) -> [Scenario] {
        let count = min(max(count, 0), 100_000)
        var list: [Scenario] = []
        for scenario in allCases where scenario != .smooth {
            let share = max(scenario.share * count / 1000, 1)
            list += Array(repeating: scenario, count: min(share, count - list.count))
        }
        list += Array(repeating: .smooth, count: count - list.count)
        list.shuffle(using: &random)
        return list
    }
}
