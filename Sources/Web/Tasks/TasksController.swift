import Dossiers
import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText
import Procedures
import Store
import WorkingTime

/// Worklists, and what officers do with their tasks.
struct TasksController: Sendable {
    let engine: DossierEngine
    let desk: CommandDesk

    @Sendable func list(_ asked: APIRequest) async throws -> Response {
        guard let filter = try worklist(asked) else { return PageResponse.response(asked) { _ in } }
        let page = try await engine.worklist(filter)
        let cursor = PageCursor(engine: engine, list: "tasks", caller: asked.caller)
        return PageResponse.response(
            asked, previous: cursor.text(page.previous, \.text), next: cursor.text(page.next, \.text)
        ) { json in
            for task in page.tasks { TaskText.line(task, &json) }
        }
    }

    /// What the query asks for; nil where none of the caller's roles is left.
    private func worklist(_ asked: APIRequest) throws(Problem) -> Engine.WorklistFilter? {
        let agency = try asked.agency()
        let officer = try asked.officer()
        let own = officer?.roles ?? asked.caller.roles
        let filter: Engine.WorklistFilter = try QueryFields.read(asked.request) { query in
            let role = query.name("role")
            let isMine = query.flag("mine")
            if isMine, officer == nil {
                query.refuse(
                    "mine", "officer-required", vi: "Cần tiêu đề Officer-Id.", en: "The header Officer-Id is needed.")
            }
            return Engine.WorklistFilter(
                province: asked.caller.province, agency: agency, roles: role.map { [$0] } ?? own,
                kind: Self.kind(query), step: query.name("step"), procedure: query.name("procedure"),
                heldBy: isMine ? officer?.id : nil, isUnclaimed: query.flag("unclaimed"),
                place: place(query, asked), limit: query.limit())
        }
        // An empty list of roles would mean every role.
        let isCall = filter.kind == .call
        guard isCall || (!filter.roles.isEmpty && filter.roles.allSatisfy(own.contains)) else { return nil }
        return filter
    }

    private static func kind(_ query: QueryFields) -> OpenTask.Kind? {
        query.choice("kind", of: ["person", "applicant"]).map { $0 == "applicant" ? .applicant : .person }
    }

    private func place(_ query: QueryFields, _ asked: APIRequest) -> PagePlace<WorklistPosition> {
        query.place(PageCursor(engine: engine, list: "tasks", caller: asked.caller), WorklistPosition.init(text:))
    }

    @Sendable func read(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let activation = try asked.activation()
        let view = try await asked.dossier()
        guard let task = view.work.tasks.first(where: { $0.activation == activation }),
            let tag = ETag(opaque: TaskTag(task).description)
        else { throw Problem.notFound }
        // What the task allows can change without its tag, so that 304 would hide it.
        let headers: HTTPFields = [.eTag: tag.description, .cacheControl: CacheControl.noStore.value]
        return .json(TaskText.bytes(task, of: view), headers: headers)
    }

    @Sendable func claim(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.emptyBody()
        return try await perform(asked, "claim", body) { .claim(activation: $0) }
    }

    @Sendable func release(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.emptyBody()
        return try await perform(asked, "release", body) { .release(activation: $0) }
    }

    @Sendable func reassign(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.request.jsonBytes()
        let officer = try JSONFields.read(body) { $0.string("officer", maxLength: 100) }
        return try await perform(asked, "reassign", body) { .reassign(activation: $0, officer: officer) }
    }

    @Sendable func complete(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.request.jsonBytes()
        let (outcome, said) = try JSONFields.read(body) { fields in
            (
                fields.string("outcome", maxLength: 100),
                fields.optionalOpenObject("said", maxCount: 50) ?? JSONObject()
            )
        }
        return try await perform(asked, "complete", body) {
            .complete(activation: $0, outcome: outcome, said: said)
        }
    }

    private func perform(
        _ asked: APIRequest, _ operation: String, _ body: [UInt8], _ act: (Int) -> PerformRequest.Act
    ) async throws -> Response {
        let activation = try asked.activation()
        let actor = try asked.requireOfficer().actor
        let tag = try asked.request.taskTag()
        guard tag.activation == activation else {
            throw Problem.preconditionFailed.detailed(
                vi: "Thẻ trong If-Match thuộc việc khác.", en: "The tag in If-Match belongs to another task.")
        }
        return try await desk.perform(
            asked, operation, by: actor, act: act(activation), expects: tag.expectation, body: body)
    }
}

extension WorklistPosition {
    /// As page cursors hold it: due in microseconds or `-`, dossier, activation.
    fileprivate var text: String { "\(due.map { String($0.microseconds) } ?? "-") \(dossier) \(activation)" }

    /// Reads what ``text`` writes; nil for anything else.
    fileprivate init?(text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let dossier = DossierID(parts[1]), let activation = Int(parts[2]) else { return nil }
        if parts[0] == "-" {
            self.init(due: nil, dossier: dossier, activation: activation)
        } else {
            guard let due = Int64(parts[0]) else { return nil }
            self.init(due: Instant(microseconds: due), dossier: dossier, activation: activation)
        }
    }
}
