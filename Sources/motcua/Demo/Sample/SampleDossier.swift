import JSONText
import Procedures
import WorkingTime

/// A dossier that nobody submitted, ready to be sent: all people in it are invented.
struct SampleDossier: Sendable {
    /// The sender's own reference: `DEMO-0001`.
    var reference: String
    /// The receiving centre, by code.
    var centre: String
    /// `desk`, `online` or `post`.
    var channel: String
    /// The form of procedure 2.002621.
    var form: JSONValue
    /// The kind chosen for each paper.
    var documents: [String: String]
    /// What will happen to it.
    var scenario: Scenario
    /// When it comes in.
    var arrives: TimeOfDay
    /// What the desks and registers will say of the child.
    var child: SampleChild
}

/// What others than the applicant write about the child.
struct SampleChild: Hashable, Sendable {
    var personalNumber: String
    var registerNumber: String
    var cardNumber: String
}

/// The places in which samples happen, found in the directory.
struct SamplePlaces: Sendable {
    /// Centres that receive, by code, in a fixed order.
    let centres: [AgencyDirectory.Agency]
    /// By province: communes in which births are registered and children live, by code.
    let communes: [String: [AgencyDirectory.Area]]
    let provinces: [String: AgencyDirectory.Province]

    /// Nil where the directory has no centre, or no commune with civil status, police and social insurance.
    init?(_ directory: AgencyDirectory, on day: CivilDate) {
        var communes: [String: [AgencyDirectory.Area]] = [:]
        for area in directory.areas.values.sorted(by: { $0.code < $1.code }) {
            let kinds = ["civil-status", "police", "social-insurance"]
            guard kinds.allSatisfy({ directory.agency($0, serving: area.code, on: day) != nil }) else { continue }
            communes[area.province, default: []].append(area)
        }
        centres = directory.agencies.values
            .filter { $0.kind == "centre" && communes[$0.province]?.isEmpty == false }
            .sorted { $0.code < $1.code }
        self.communes = communes
        provinces = directory.provinces
        if centres.isEmpty { return nil }
    }
}
