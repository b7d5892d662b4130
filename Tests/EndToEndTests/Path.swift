import JSONText
import Testing

/// Every ending and exceptional path of the flagship (2.002621), each told from Monday 2 March 2026 on.
enum Path: String, CaseIterable, Sendable, CustomTestStringConvertible {
    // The desk.
    case complete
    case deskRefusal
    case silence
    case lateAnswer
    case notOurs
    case twins
    // The birth.
    case birthRefused
    case otherCommune
    case birthSupplement
    case birthSilence
    case mismatch
    case obstacleWithoutNumber
    case registrySilent
    case sendBack
    // The parts.
    case partial
    case verification
    case consent
    case consentSilence
    case cardSupplement
    case cardRefused
    case twoOfThree
    case otherProvince
    // Withdrawal.
    case withdrawnBeforeAcceptance
    case withdrawnBeforeSignature
    case withdrawnAfterBirth
    case withdrawalTooLate
    case withdrawalRejected
    // Time.
    case apology
    case late

    var testDescription: String { rawValue }

    /// Tells the path.
    func tell(_ story: Story) async throws {
        switch self {
        case .complete: try await story.complete()
        case .deskRefusal: try await story.deskRefusal()
        case .silence: try await story.silence()
        case .lateAnswer: try await story.lateAnswer()
        case .notOurs: try await story.notOurs()
        case .twins: try await story.twins()
        case .birthRefused: try await story.birthRefused()
        case .otherCommune: try await story.otherCommune()
        case .birthSupplement: try await story.birthSupplement()
        case .birthSilence: try await story.birthSilence()
        case .mismatch: try await story.mismatch()
        case .obstacleWithoutNumber: try await story.obstacleWithoutNumber()
        case .registrySilent: try await story.registrySilent()
        case .sendBack: try await story.sendBack()
        case .partial: try await story.partial()
        case .verification: try await story.verification()
        case .consent: try await story.consent()
        case .consentSilence: try await story.consentSilence()
        case .cardSupplement: try await story.cardSupplement()
        case .cardRefused: try await story.cardRefused()
        case .twoOfThree: try await story.twoOfThree()
        case .otherProvince: try await story.otherProvince()
        case .withdrawnBeforeAcceptance: try await story.withdrawnBeforeAcceptance()
        case .withdrawnBeforeSignature: try await story.withdrawnBeforeSignature()
        case .withdrawnAfterBirth: try await story.withdrawnAfterBirth()
        case .withdrawalTooLate: try await story.withdrawalTooLate()
        case .withdrawalRejected: try await story.withdrawalRejected()
        case .apology: try await story.apology()
        case .late: try await story.late()
        }
    }
}

/// The officers of the example directory who take part.
enum Officer {
    static let desk = "dn-mc1-tiepnhan-01"
    static let otherDesk = "dn-mc2-tiepnhan-01"
    static let civilStatus = "dn-haichau-hotich-01"
    /// Holds both posts, in the directory of these tests alone.
    static let bothPosts = "dn-haichau-phochutich-01"
    static let chairman = "dn-haichau-chutich-01"
    static let police = "dn-haichau-congan-01"
    static let policeHead = "dn-haichau-truongcongan-01"
    static let card = "dn-bhxh1-01"
    static let cardHead = "dn-bhxh1-truong-01"
}

extension Story {
    /// Submitted at 8:30 and accepted at 9:00 on Monday 2 March: promised for Thursday.
    func accepted(_ form: FlagshipForm = FlagshipForm()) async throws {
        try await at("03-02T08:30")
        try await submit(form)
        try await at("03-02T09:00")
        try await act("receive", "accept", by: Officer.desk)
    }

    /// Accepted, checked at 10:00, numbered at 10:30.
    func numbered(_ form: FlagshipForm = FlagshipForm()) async throws {
        try await accepted(form)
        try await at("03-02T10:00")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await at("03-02T10:30")
        try await cast.registry.answer(dossier(.birth), "number")
    }

    /// Signed at 11:00 of the same day: the parts have begun.
    func born(_ form: FlagshipForm = FlagshipForm()) async throws {
        try await numbered(form)
        try await at("03-02T11:00")
        try await act("sign", "sign", .birth, by: Officer.chairman)
    }

    /// The card is issued on Tuesday at 10:00.
    func cardIssued() async throws {
        try await at("03-03T10:00")
        try await act("issue", "issue", .card, by: Officer.card, said: ["card-number": "TE1480000000001"])
    }

    static let reason: JSONObject = ["reason": ["code": "missing-paper"]]
    static let missing: JSONObject = ["missing": ["birth-proof"]]
}
