import Engine
import JSONText
import Procedures
import Synchronization
import TestSupport

@testable import motcua

/// Every agency's system, each a client of its own with its own access token.
struct Cast: Sendable {
    static let centre = "000.00.01.H17"
    static let otherCentre = "000.00.02.H17"
    static let strangers = [otherCentre, "000.02.02.H17", "000.03.02.H17", "000.00.01.H50"]

    private let clients: [String: APIClient]
    private let agencies: [String: String]
    let registry: Registry

    /// Registers the clients.
    init(_ live: LiveSystem) async throws {
        let registrar = ClientRegistrar(engine: live.engine)
        let directory = live.engine.catalogue.directory
        var clients: [String: APIClient] = [:]
        for agency in directory.agencies.values where agency.kind != "identity-police" {
            clients[agency.code] = APIClient(
                live.api, try await registrar.add(.agency(agency.code, id: agency.code.lowercased())))
        }
        self.clients = clients
        agencies = directory.officers.mapValues(\.agency)
        registry = Registry(
            APIClient(
                live.api,
                try await registrar.add(.adapter(of: "civil-registry", province: "da-nang", id: "civil-registry"))))
    }

    /// The system of an agency.
    func client(_ agency: String) throws -> APIClient {
        guard let client = clients[agency] else { throw Failure("no client for \(agency)") }
        return client
    }

    /// The agency of an officer.
    func agency(of officer: String) throws -> String {
        guard let agency = agencies[officer] else { throw Failure("no officer \(officer)") }
        return agency
    }
}

/// The adapter of the civil status system: one lease serves all stories.
actor Registry {
    private let client: APIClient
    private var calls: [String: Int] = [:]

    init(_ client: APIClient) { self.client = client }

    /// The activation of a dossier's newest call, once it was handed out.
    private func call(of dossier: String, newerThan last: Int) async throws -> Int {
        try await eventually("a call of \(dossier) is handed out") {
            let leased: Reply
            do {
                leased = try await client.post("/v1/calls/lease", ["limit": 100, "seconds": 3600], key: nil)
            } catch is HTTPFailure {
                // A kept connection was closed meanwhile; what is no command is not repeated by itself.
                return nil
            }
            for call in leased.json["items"]?.arrayValue ?? [] {
                guard let id = call["dossier"]?.stringValue, let number = call["activation"]?.integerValue else {
                    continue
                }
                calls[id] = Int(number)
            }
            guard let call = calls[dossier], call > last else { return nil }
            return call
        }
    }

    /// Answers the dossier's call; gives the activation.
    @discardableResult
    func answer(_ dossier: String, _ outcome: String, newerThan last: Int = 0) async throws -> Int {
        let call = try await call(of: dossier, newerThan: last)
        try await late(dossier, call, outcome)
        return call
    }

    /// Answers a call whose activation is known, be it open or not.
    func late(_ dossier: String, _ call: Int, _ outcome: String) async throws {
        let said: JSONValue =
            outcome == "number" ? ["personal-number": "048326000123", "register-number": "12/2026"] : [:]
        _ = try await client.post(
            "/v1/calls/\(dossier)/\(call)/complete", ["outcome": .string(outcome), "said": said],
            key: "\(dossier)/\(call)/\(outcome)")
    }

    /// Says so many times that the outside system could not be reached; gives the activation.
    func fail(_ dossier: String, times: Int, newerThan last: Int = 0) async throws -> Int {
        let call = try await call(of: dossier, newerThan: last)
        for time in 1...times {
            _ = try await client.post(
                "/v1/calls/\(dossier)/\(call)/failed", [:], key: "\(dossier)/\(call)/failed/\(time)")
        }
        return call
    }
}
