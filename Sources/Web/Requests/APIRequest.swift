import Dossiers
import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText
import Procedures
import WorkingTime

/// A request whose sender is known, with what every handler asks of it.
struct APIRequest: Sendable {
    let request: Request
    let context: APIContext
    let caller: Caller
    let engine: DossierEngine

    /// When it reached the edge: law is computed from it (R7).
    var arrived: Instant { Instant(microseconds: context.edge.arrivedMicroseconds) }

    /// The agency that the client acts for.
    /// - Throws: ``Problem`` 403 if it acts for none.
    func agency() throws(Problem) -> String {
        guard let agency = caller.agency else { throw ProblemKind.noAgency.problem() }
        return agency
    }

    /// The dossier that the path names.
    /// - Throws: ``Problem`` 404 for what no dossier can be called.
    func dossierRef() throws(Problem) -> DossierRef {
        guard let text = context.parameters.get("dossier"), let ref = DossierRef(text: text) else { throw .notFound }
        return ref
    }

    /// The activation that the path names.
    /// - Throws: ``Problem`` 404 for what is no activation.
    func activation() throws(Problem) -> Int {
        guard let text = context.parameters.get("activation"), let number = Int32(text), number > 0 else {
            throw .notFound
        }
        return Int(number)
    }

    /// A name of ours in the path.
    /// - Throws: ``Problem`` 404 for what nothing is called.
    func pathName(_ parameter: Substring) throws(Problem) -> String {
        guard let text = context.parameters.get(String(parameter)), text.isPlainName(maxLength: 200) else {
            throw .notFound
        }
        return text
    }

    /// The dossier that the path names, if it is the caller's business.
    /// - Throws: ``Problem`` 404 if there is none, or none that the caller may know of.
    func dossier() async throws -> DossierView {
        guard let view = try await engine.dossier(dossierRef()), caller.maySee(view) else { throw Problem.notFound }
        return view
    }

    /// The dossier that the path names, also where the caller's agency only had a step that is over: to see how it stands and
    /// went on, and for nothing else.
    /// - Throws: ``Problem`` 404 if there is none, or none that the caller may know of.
    func dossierOnceWorkedOn() async throws -> DossierView {
        guard let view = try await engine.dossier(dossierRef()), try await mayFollow(view) else {
            throw Problem.notFound
        }
        return view
    }

    /// Whether the caller may see how a dossier stands and went on.
    func mayFollow(_ view: DossierView) async throws -> Bool {
        if caller.maySee(view) { return true }
        guard let agency = caller.agency else { return false }
        return try await engine.hadStep(agency, in: view.state.dossier)
    }

    /// Who reads personal values for which purpose, for the record of readings.
    /// - Throws: ``Problem`` 400 or 403 if an agency's client does not name its officer.
    func reader(purpose: String) throws(Problem) -> Reader {
        let officer = caller.connector == nil ? try requireOfficer().id : nil
        return Reader(client: caller.client, officer: officer, purpose: purpose)
    }
}

/// The officer who acts through a client.
struct ActingOfficer: Hashable, Sendable {
    let id: String
    let agency: String
    /// The roles that both the officer and the client have.
    let roles: [String]

    /// As commands name who acts.
    var actor: Actor { .officer(id: id, agency: agency, roles: roles) }
}

extension APIRequest {
    /// The officer whom `Officer-Id` names; nil without the header.
    /// - Throws: ``Problem`` 403 if nobody of that id works at the client's agency.
    func officer() throws(Problem) -> ActingOfficer? {
        guard let id = request.headers[.officerID] else { return nil }
        let agency = try agency()
        guard let officer = engine.catalogue.directory.officers[id], officer.agency == agency else {
            throw ProblemKind.unknownOfficer.problem()
        }
        return ActingOfficer(id: id, agency: agency, roles: officer.roles.filter(caller.roles.contains))
    }

    /// The officer who acts.
    /// - Throws: ``Problem`` 400 without the header `Officer-Id`, 403 as ``officer()``.
    func requireOfficer() throws(Problem) -> ActingOfficer {
        guard let officer = try officer() else { throw ProblemKind.officerRequired.problem() }
        return officer
    }
}

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return field
    }

    /// The officer who acts, by the id of the directory.
    static let officerID = named("Officer-Id")
    /// Links to other pages (RFC 8288).
    static let link = named("Link")
}
