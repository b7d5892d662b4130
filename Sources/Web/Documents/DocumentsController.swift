import Dossiers
import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText
import Procedures
import Store
import WorkingTime

/// The papers of a dossier: handed in, listed, read. Contents are personal: sealed at rest, every reading recorded.
struct DocumentsController: Sendable {
    /// The largest document, in bytes.
    static let byteCountMax = 10 << 20
    private static let group = "Documents"

    let engine: DossierEngine
    let desk: CommandDesk
    private let places = UploadPlaces()

    init(engine: DossierEngine, desk: CommandDesk) {
        self.engine = engine
        self.desk = desk
    }

    var routes: [Route] {
        [
            Route(
                .post, "/v1/dossiers/{dossier}/documents", [.submit, .work],
                Operation(
                    id: "uploadDocument", group: Self.group,
                    summary: "Hand in a document: PDF, JPEG or PNG, at most 10 MiB.",
                    details: "The body is the file itself. Its first bytes must be of the declared type.",
                    parameters: [
                        .dossier, .key, .anyOfficer,
                        .query("name", "The paper, as the procedure names it.", required: true),
                        .query("kind", "Which of the paper's kinds it is, where it has any."),
                    ],
                    body: .init(types: MediaKind.allCases.map(\.rawValue), schema: nil),
                    answers: [.init(status: 201, text: "The document.", schema: "Document", example: "document")],
                    problems: [
                        .notFound, .invalidQuery, .idempotencyKeyRequired, .invalidIdempotencyKey,
                        .idempotencyKeyReused,
                        .requestInProgress, .contentTooLarge, .unsupportedMediaType, .wrongContent, .unknownOfficer,
                        .noAgency, .erased,
                    ]), upload),
            Route(
                .get, "/v1/dossiers/{dossier}/documents", [.read],
                Operation(
                    id: "listDocuments", group: Self.group,
                    summary: "The documents of a dossier, without their contents.",
                    parameters: [.dossier],
                    answers: [.init(status: 200, text: "The documents.", schema: "DocumentPage")],
                    problems: [.notFound, .invalidQuery]), list),
            Route(
                .get, "/v1/dossiers/{dossier}/documents/{document}", [.personal, .connect],
                Operation(
                    id: "readDocument", group: Self.group, summary: "A document's content; the reading is recorded.",
                    parameters: [.dossier, .path("document", "The document's `id`."), .anyOfficer],
                    answers: MediaKind.allCases.map {
                        .init(status: 200, text: "The content.", type: $0.rawValue)
                    },
                    problems: [.notFound, .invalidQuery, .officerRequired, .unknownOfficer, .noAgency, .erased]), read),
        ]
    }

    @Sendable private func upload(_ asked: APIRequest) async throws -> Response {
        _ = try asked.request.idempotencyKey()
        let declared = try Self.declaredKind(asked.request)
        _ = try asked.officer()
        let view = try await asked.dossier()
        let (name, kind) = try Self.paper(asked.request, of: view.procedure)
        // Nothing can be sealed any more without the key that was erased. One that came before has its answer (R13).
        if let erasure = try await engine.erasure(of: view.state.dossier) {
            let key = try desk.key(asked, operation: "document")
            guard try await engine.hasAnswer(key, view.state.dossier.province) else { throw Problem.erased(erasure) }
        }
        return try await places.occupy {
            let content = try await asked.request.body(upTo: Self.byteCountMax)
            guard MediaKind(content: content) == declared else { throw ProblemKind.wrongContent.problem() }
            let identity = try desk.identity(asked, operation: "document", body: content)
            let document = NewDocument(name: name, kind: kind, contentType: declared.rawValue, content: content)
            return try await desk.once(identity) { () throws(CommandError) in
                try await engine.addDocument(
                    to: view.state.dossier, document, identity: identity,
                    reader: Reader(
                        client: asked.caller.client, officer: asked.request.headers[.officerID], purpose: "upload"),
                    arrived: asked.arrived
                ) { document in
                    StoredAnswer(
                        fingerprint: identity.fingerprint, status: 201, contentType: "application/json; charset=utf-8",
                        body: JSONWriter.bytes { DocumentText.members(document, of: view.state.dossier, &$0) },
                        location: DocumentText.href(of: document, in: view.state.dossier))
                }
            }
        }
    }

    @Sendable private func list(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let view = try await asked.dossier()
        let documents = try await engine.documents(of: view.state.dossier)
        return PageResponse.response(asked) { json in
            for document in documents {
                json.object { DocumentText.members(document, of: view.state.dossier, &$0) }
            }
        }
    }

    @Sendable private func read(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let id = try asked.pathName("document")
        let reader = try asked.reader(purpose: "document")
        let view = try await asked.dossier()
        guard let (document, content) = try await engine.document(view.state.dossier, id: id, reader: reader) else {
            // Which papers there were is still told.
            let known = try await engine.documents(of: view.state.dossier).contains { $0.id == id }
            throw known ? try await asked.missing(of: view) : Problem.notFound
        }
        let headers: HTTPFields = [
            .contentType: document.contentType, .cacheControl: "no-store", .contentDisposition: "attachment",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }

    private static func declaredKind(_ request: Request) throws(Problem) -> MediaKind {
        let types = MediaKind.allCases.map(\.rawValue)
        try request.requireContentType(types)
        let type = (request.headers[.contentType] ?? "").lowercased().prefix { $0 != ";" && $0 != " " }
        guard let kind = MediaKind(rawValue: String(type)) else { throw .unsupportedMediaType(expected: types) }
        return kind
    }

    /// The paper that the query names, and its kind: both must be known to the procedure.
    private static func paper(_ request: Request, of procedure: Procedure) throws(Problem) -> (String, String?) {
        try QueryFields.read(request) { query in
            let name = query.text("name")
            let rule = procedure.documents.first { $0.name == name }
            if name == nil {
                query.refuse("name", "required", vi: "Bắt buộc phải có.", en: "This is required.")
            } else if rule == nil {
                query.refuse(
                    "name", "not-a-choice", vi: "Thủ tục không có giấy tờ này.", en: "The procedure has no such paper.")
            }
            let kind = query.text("kind")
            let kinds = rule?.oneOf ?? []
            if let kind, !kinds.contains(kind) {
                query.refuse(
                    "kind", "not-a-choice", vi: "Không phải loại của giấy tờ này.", en: "The paper has no such kind.")
            } else if kind == nil, !kinds.isEmpty {
                query.refuse("kind", "required", vi: "Bắt buộc phải có.", en: "This is required.")
            }
            return (name ?? "", kind)
        }
    }
}

/// How the API writes a document without its content.
enum DocumentText {
    /// Where its content can be read.
    static func href(of document: DocumentView, in dossier: DossierRef) -> String {
        "/v1/dossiers/\(dossier.text)/documents/\(document.id)"
    }

    static func members(_ document: DocumentView, of dossier: DossierRef, _ json: inout JSONWriter) {
        json.member("id", document.id)
        json.member("href", href(of: document, in: dossier))
        json.member("name", document.name)
        json.member("kind", ifPresent: document.kind)
        json.member("contentType", document.contentType)
        json.member("byteCount", document.byteCount)
        json.member("received", document.received.iso8601)
    }
}
