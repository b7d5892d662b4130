import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText
import Procedures
import WorkingTime

/// Procedures: read by everybody, checked and loaded by administrators.
struct ProceduresController: Sendable {
    /// The largest procedure file, in bytes.
    static let byteCountMax = 256 << 10
    private static let group = "Procedures"
    private static let yaml = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"]

    let engine: DossierEngine

    var routes: [Route] { readings + changes }

    private var readings: [Route] {
        let version: [Operation.Parameter] = [
            .path("name", "The procedure's name."), .path("version", "The version.", schema: "Version"),
        ]
        return [
            Route(
                .get, "/v1/procedures", [],
                Operation(
                    id: "listProcedures", group: Self.group, summary: "Every loaded version of every procedure.",
                    parameters: [
                        .query("code", "Only under this national code."),
                        .query("in-force", "`true`: only those that take dossiers today.", schema: "Flag"),
                    ],
                    answers: [.init(status: 200, text: "The versions.", schema: "ProcedurePage")],
                    problems: [.invalidQuery]), list),
            Route(
                .get, "/v1/procedures/{name}/{version}", [],
                Operation(
                    id: "readProcedure", group: Self.group,
                    summary: "A version: form, papers, fees, steps, what interrupts them, texts.",
                    details: "A published version never changes.", parameters: version,
                    answers: [
                        .init(status: 200, text: "The version.", schema: "Procedure", headers: [("ETag", "Its hash.")]),
                        .init(status: 304, text: "The caller has it already.", hasBody: false),
                    ], problems: [.notFound, .invalidQuery]), read),
            Route(
                .get, "/v1/procedures/{name}/{version}/source", [],
                Operation(
                    id: "readSource", group: Self.group, summary: "The version's file, byte for byte.",
                    parameters: version,
                    answers: [
                        .init(
                            status: 200, text: "The file.", type: "application/yaml", headers: [("ETag", "Its hash.")])
                    ], problems: [.notFound, .invalidQuery]), source),
        ]
    }

    private var changes: [Route] {
        let file = Operation.Parameter.query("file", "What reports call the file; `procedure.yaml` if absent.")
        return [
            Route(
                .post, "/v1/procedures/check", [.admin],
                Operation(
                    id: "checkProcedure", group: Self.group, summary: "Check a procedure file; nothing is stored.",
                    parameters: [file], body: .init(types: Self.yaml, schema: nil),
                    answers: [.init(status: 200, text: "The report.", schema: "FileReport", example: "fileReport")],
                    problems: [.invalidQuery, .unsupportedMediaType, .contentTooLarge]), check),
            Route(
                .post, "/v1/procedures", [.admin],
                Operation(
                    id: "loadProcedure", group: Self.group, summary: "Load a version.",
                    details: "The same bytes again are answered 200; another content under a published version 409.",
                    parameters: [.key, file], body: .init(types: Self.yaml, schema: nil),
                    answers: [
                        .init(
                            status: 201, text: "Loaded.", schema: "FileReport", example: "fileReport",
                            headers: [("Location", "Where it can be read.")]),
                        .init(status: 200, text: "The same bytes were loaded before.", schema: "FileReport"),
                    ],
                    problems: [
                        .invalidQuery, .unsupportedMediaType, .contentTooLarge, .idempotencyKeyRequired,
                        .invalidIdempotencyKey, .procedureRefused, .duplicateVersion,
                    ]), load),
        ]
    }

    @Sendable private func list(_ asked: APIRequest) async throws -> Response {
        let (code, isInForce) = try QueryFields.read(asked.request) { ($0.name("code"), $0.flag("in-force")) }
        let today = engine.clock.now().date
        let procedures = engine.catalogue.procedures.filter { procedure in
            (code == nil || procedure.code == code) && (!isInForce || procedure.effective.covers(today))
        }
        return PageResponse.response(asked) { json in
            for procedure in procedures { ProcedureText.line(procedure, today: today, &json) }
        }
    }

    @Sendable private func read(_ asked: APIRequest) async throws -> Response {
        let (procedure, tag) = try version(asked)
        return await .json(for: asked.request, tag: tag, cache: .revalidate) { ProcedureText.bytes(procedure) }
    }

    @Sendable private func source(_ asked: APIRequest) async throws -> Response {
        let (procedure, tag) = try version(asked)
        guard let bytes = try await engine.source(hash: procedure.contentHash) else { throw Problem.notFound }
        return .json(bytes, headers: [.eTag: tag.description], contentType: "application/yaml; charset=utf-8")
    }

    private func version(_ asked: APIRequest) throws(Problem) -> (Procedure, ETag) {
        try QueryFields.read(asked.request) { _ in }
        guard let number = Int32(try asked.pathName("version")),
            let procedure = engine.catalogue.procedure(named: try asked.pathName("name"), version: Int(number)),
            let tag = ETag(opaque: procedure.contentHash)
        else { throw .notFound }
        return (procedure, tag)
    }

    @Sendable private func check(_ asked: APIRequest) async throws -> Response {
        let (file, bytes) = try await file(asked)
        let report = await engine.checkFile(bytes, name: file)
        return .json(FindingText.report(report.findings, procedure: report.procedure, file: file))
    }

    @Sendable private func load(_ asked: APIRequest) async throws -> Response {
        // The file's own hash makes it the same command; the key is asked for as everywhere.
        _ = try asked.request.idempotencyKey()
        let (file, bytes) = try await file(asked)
        switch try await engine.loadFile(bytes, name: file, by: asked.caller.client) {
        case .loaded(let procedure, let findings):
            let place = "/v1/procedures/\(procedure.name)/\(procedure.version)"
            let body = FindingText.report(findings, procedure: procedure, file: file)
            return .json(body, status: .created, headers: [.location: place])
        case .unchanged(let procedure):
            return .json(FindingText.report([], procedure: procedure, file: file))
        case .refused(let findings):
            throw FindingText.problem(findings, file: file)
        case .duplicate(let procedure):
            throw Self.duplicate(procedure)
        }
    }

    private func file(_ asked: APIRequest) async throws -> (String, [UInt8]) {
        let name = try QueryFields.read(asked.request) { $0.name("file") ?? "procedure.yaml" }
        try asked.request.requireContentType(Self.yaml)
        return (name, try await asked.request.body(upTo: Self.byteCountMax))
    }

    private static func duplicate(_ procedure: Procedure) -> Problem {
        var problem = ProblemKind.duplicateVersion.problem(
            JSONMessage(
                vi: "“\(procedure.name)” phiên bản \(procedure.version) đã công bố; hãy tăng số phiên bản.",
                en: "“\(procedure.name)” version \(procedure.version) is published; give the file a new version."))
        problem.members["contentHash"] = .string(procedure.contentHash)
        return problem
    }
}
