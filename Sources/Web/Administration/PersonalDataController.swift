import Dossiers
import Edge
import Engine
import Hummingbird
import JSONText
import Store
import WorkingTime

/// What the law on personal data asks of an installation: who read what, and erasure. On the own province's dossiers alone,
/// of whatever agency; no personal value is shown here.
struct PersonalDataController: Sendable {
    private static let group = "Administration"

    let engine: DossierEngine

    var routes: [Route] {
        [
            Route(
                .get, "/v1/dossiers/{dossier}/accesses", [.audit, .admin],
                Operation(
                    id: "listAccesses", group: Self.group,
                    summary: "Who read, or erased, the personal values of a dossier, newest first.",
                    details:
                        "A reading stands here before its answer leaves. The register is only ever added to, and outlives "
                        + "the values.",
                    parameters: [.dossier, .cursor, .limit],
                    answers: [.init(status: 200, text: "A page.", schema: "AccessPage", example: "accessPage")],
                    problems: [.notFound, .invalidQuery]), accesses),
            Route(
                .delete, "/v1/dossiers/{dossier}/personal", [.admin],
                Operation(
                    id: "erasePersonal", group: Self.group,
                    summary: "Erase the personal values of a dossier and of those linked from it, for good.",
                    details:
                        "Forms, notes, documents and the keys that open them go; events, notices, statistics and the "
                        + "register of accesses stay. Only when the whole family has ended. To be sent again "
                        + "whenever there was no answer: a second time finds nothing left.",
                    parameters: [
                        .dossier,
                        .query(
                            "reason", "`retention`, `request` of the person or `order` of an authority.",
                            schema: "ErasureReason", required: true),
                    ],
                    answers: [.init(status: 200, text: "Erased.", schema: "Erasure", example: "erasure")],
                    problems: [.notFound, .invalidQuery, .notEnded]), erase),
        ]
    }

    @Sendable private func accesses(_ asked: APIRequest) async throws -> Response {
        let cursor = PageCursor(engine: engine, list: "accesses", caller: asked.caller)
        let (place, limit) = try QueryFields.read(asked.request) { query in
            (query.place(cursor) { Int64($0) }, query.limit())
        }
        let dossier = try asked.ownProvincesDossier()
        guard try await engine.dossier(dossier) != nil else { throw Problem.notFound }
        let page = try await engine.accesses(of: dossier, at: place, limit: limit)
        return PageResponse.response(
            asked, previous: cursor.text(page.previous) { String($0) }, next: cursor.text(page.next) { String($0) }
        ) { json in
            for row in page.items.map(\.row) {
                json.object { json in
                    json.member("at", row.at.iso8601)
                    json.member("client", row.client)
                    json.member("officer", ifPresent: row.officer)
                    json.member("purpose", row.purpose)
                    json.array("sections") { json in for section in row.sections { json.string(section) } }
                }
            }
        }
    }

    @Sendable private func erase(_ asked: APIRequest) async throws -> Response {
        let reason = try QueryFields.read(asked.request) { query in
            let reason = query.choice("reason", of: ErasureReason.allCases.map(\.rawValue))
            if reason == nil { query.refuse("reason", "required", vi: "Bắt buộc phải có.", en: "This is required.") }
            return reason.flatMap(ErasureReason.init(rawValue:)) ?? .retention
        }
        let dossier = try asked.ownProvincesDossier()
        switch try await engine.erasePersonal(of: dossier, reason: reason, by: asked.caller.client) {
        case .erased(let erased, let elsewhere):
            let body = JSONWriter.bytes { json in
                json.array("erased") { json in for dossier in erased { json.string(dossier.text) } }
                json.array("elsewhere") { json in for dossier in elsewhere { json.string(dossier.text) } }
            }
            return .json(body, headers: [.cacheControl: CacheControl.noStore.value])
        case .notEnded(let open):
            var problem = ProblemKind.notEnded.problem()
            problem.members["dossiers"] = .array(open.map { .string($0.text) })
            throw problem
        case .noDossier: throw Problem.notFound
        }
    }
}
