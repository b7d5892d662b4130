import Dossiers
import Edge
import Engine
import Hummingbird
import JSONText
import Store
import WorkingTime

/// What keeps an installation running: machine commands that are stuck, and clients that must be shut out. An administrator
/// acts on its own province alone.
struct OperationsController: Sendable {
    private static let group = "Administration"

    let engine: DossierEngine

    var routes: [Route] { stuck + clients }

    private var stuck: [Route] {
        [
            Route(
                .get, "/v1/stuck", [.admin],
                Operation(
                    id: "listStuck", group: Self.group,
                    summary: "Timers and messages that failed, with the reason.",
                    details:
                        "With `nextTry` they are tried again by themselves; without, after five tries, a person must "
                        + "mend the cause and free them. The metric `motcua_stuck` counts the latter.",
                    parameters: [.cursor, .limit],
                    answers: [.init(status: 200, text: "A page.", schema: "StuckPage", example: "stuckPage")],
                    problems: [.invalidQuery]), listStuck),
            Route(
                .delete, "/v1/stuck/{dossier}", [.admin],
                Operation(
                    id: "freeStuck", group: Self.group, summary: "Free one: it is tried again at once.",
                    parameters: [
                        .dossier, .query("key", "Its `key` in the list.", schema: "LongName", required: true),
                    ],
                    answers: [.init(status: 204, text: "Freed.", hasBody: false)],
                    problems: [.notFound, .invalidQuery]), free),
        ]
    }

    private var clients: [Route] {
        [
            Route(
                .get, "/v1/clients", [.admin],
                Operation(
                    id: "listClients", group: Self.group, summary: "The clients of the province; no secret.",
                    answers: [.init(status: 200, text: "The clients.", schema: "ClientPage", example: "clientPage")],
                    problems: [.invalidQuery]), listClients),
            Route(
                .put, "/v1/clients/{client}", [.admin],
                Operation(
                    id: "changeClient", group: Self.group, summary: "Shut a client out, or let it in again.",
                    details:
                        "Its tokens end with it: on this server at once, on others some seconds later. Nothing that it "
                        + "did is undone.",
                    parameters: [.path("client", "The client's id.")],
                    body: .init(types: ["application/json"], schema: "ClientChange", example: "clientChange"),
                    answers: [.init(status: 200, text: "The client as it is now.", schema: "Client")],
                    problems: [
                        .notFound, .ownClient, .invalidJSON, .invalidFields, .unsupportedMediaType, .contentTooLarge,
                    ]), changeClient),
        ]
    }

    @Sendable private func listStuck(_ asked: APIRequest) async throws -> Response {
        let cursor = PageCursor(engine: engine, list: "stuck", caller: asked.caller)
        let (place, limit) = try QueryFields.read(asked.request) { query in
            (query.place(cursor, ClearedAgenda.init(text:)), query.limit())
        }
        let page = try await engine.stuck(province: asked.caller.province, at: place, limit: limit)
        return PageResponse.response(
            asked, previous: cursor.text(page.previous, \.text), next: cursor.text(page.next, \.text)
        ) { json in
            for item in page.items {
                json.object { json in
                    json.member("dossier", item.dossier.text)
                    json.member("key", item.key)
                    json.member("kind", item.kind.rawValue)
                    json.member("tries", item.tries)
                    json.member("error", item.error)
                    json.member("since", item.first.iso8601)
                    json.member("last", item.last.iso8601)
                    json.member("nextTry", ifPresent: item.nextTry)
                }
            }
        }
    }

    @Sendable private func free(_ asked: APIRequest) async throws -> Response {
        let key = try QueryFields.read(asked.request) { query in
            let key = query.name("key", maxLength: 255)
            if key == nil { query.refuse("key", "required", vi: "Bắt buộc phải có.", en: "This is required.") }
            return key ?? ""
        }
        let dossier = try asked.ownProvincesDossier()
        guard try await engine.freeStuck(dossier, key: key, by: asked.caller.client) else { throw Problem.notFound }
        return Response(status: .noContent)
    }

    @Sendable private func listClients(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let clients = try await engine.clients(province: asked.caller.province)
        return PageResponse.response(asked) { json in
            for client in clients { json.object { Self.write(client, &$0) } }
        }
    }

    @Sendable private func changeClient(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let id = try asked.pathName("client")
        let isDisabled = try await asked.request.json { $0.bool("disabled") }
        // Whoever shuts itself out can let nobody in again.
        guard id != asked.caller.client else { throw ProblemKind.ownClient.problem() }
        let province = asked.caller.province
        guard
            try await engine.setClient(id, isDisabled: isDisabled, province: province, by: asked.caller.client),
            let client = try await engine.client(id: id)
        else { throw Problem.notFound }
        return .json(
            JSONWriter.bytes { Self.write(client, &$0) }, headers: [.cacheControl: CacheControl.noStore.value])
    }

    private static func write(_ client: ClientRecord, _ json: inout JSONWriter) {
        json.member("id", client.id)
        json.member("agency", ifPresent: client.agency)
        json.member("connector", ifPresent: client.connector)
        json.array("roles") { json in for role in client.roles { json.string(role) } }
        json.array("scopes") { json in for scope in client.scopes { json.string(scope) } }
        json.member("disabled", client.isDisabled)
    }
}

extension APIRequest {
    /// The dossier that the path names, if the caller's province keeps it; it need not be there.
    /// - Throws: ``Problem`` 404 for every other.
    func ownProvincesDossier() throws(Problem) -> DossierRef {
        let dossier = try dossierRef()
        guard dossier.province == caller.province else { throw .notFound }
        return dossier
    }
}

extension ClearedAgenda {
    /// As page cursors hold it: dossier, key.
    fileprivate var text: String { "\(dossier) \(key)" }

    /// Reads what ``text`` writes; nil for anything else.
    fileprivate init?(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let dossier = DossierID(parts[0]) else { return nil }
        self.init(dossier: dossier, key: String(parts[1]))
    }
}
