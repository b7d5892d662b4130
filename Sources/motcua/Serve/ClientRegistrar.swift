import Engine
import Procedures
import Web

/// Makes clients of the API; the secret is known once and only its keyed hash is stored.
struct ClientRegistrar: Sendable {
    /// What a client stands for.
    enum Request: Sendable {
        /// The system of an agency of the directory, in the roles that its posts hold.
        case agency(String, id: String)
        /// The adapter of an outside system in a province.
        case adapter(of: String, province: String, id: String)
        /// An administrator of a province, who loads procedure files and keeps the installation running.
        case administrator(province: String, id: String)
        /// An auditor of a province, who sees the register of accesses.
        case auditor(province: String, id: String)
    }

    let engine: DossierEngine

    /// Makes the client.
    /// - Throws: ``CommandFailure`` when the directory has no such agency or province, or the id is taken.
    func add(_ request: Request) async throws -> APIClient.Credentials {
        let secret = ClientSecret.new()
        let record = try record(request, hash: ClientSecret.hash(secret, with: engine))
        guard try await engine.client(id: record.id) == nil else {
            throw CommandFailure(.no, "there is a client \(record.id) already: choose another id")
        }
        try await engine.addClient(record)
        return APIClient.Credentials(id: record.id, secret: secret)
    }

    private func record(_ request: Request, hash: [UInt8]) throws -> ClientRecord {
        let directory = engine.catalogue.directory
        switch request {
        case .agency(let code, let id):
            guard let agency = directory.agencies[code] else {
                throw CommandFailure(.no, "the directory has no agency \(code): load its agencies file first")
            }
            var roles = Set(directory.officers.values.filter { $0.agency == code }.flatMap(\.roles))
            var scopes: [Scope] = [.read, .personal, .work]
            if agency.kind == "centre" {
                // Applicants are asked through the desk.
                roles.formUnion(["applicant", "householder"])
                scopes.append(.submit)
            }
            return ClientRecord(
                id: id, secretHash: hash, province: try number(of: agency.province), agency: code,
                roles: roles.sorted(), scopes: scopes.map(\.rawValue))
        case .adapter(let connector, let province, let id):
            let known = engine.catalogue.connectors
            guard known[connector] != nil else {
                let names = known.keys.sorted().joined(separator: ", ")
                throw CommandFailure(
                    .no, "no file declares the outside system \(connector); there is: \(names.isEmpty ? "none" : names)"
                )
            }
            return ClientRecord(
                id: id, secretHash: hash, province: try number(of: province), agency: nil, roles: [],
                scopes: [Scope.connect.rawValue, Scope.read.rawValue], connector: connector)
        case .administrator(let province, let id):
            return ClientRecord(
                id: id, secretHash: hash, province: try number(of: province), agency: nil, roles: [],
                scopes: [Scope.admin.rawValue])
        case .auditor(let province, let id):
            return ClientRecord(
                id: id, secretHash: hash, province: try number(of: province), agency: nil, roles: [],
                scopes: [Scope.audit.rawValue])
        }
    }

    private func number(of province: String) throws -> Int16 {
        guard let number = engine.catalogue.directory.provinces[province]?.number else {
            throw CommandFailure(.no, "the directory has no province \(province): load its agencies file first")
        }
        return number
    }
}
