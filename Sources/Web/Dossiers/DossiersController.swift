import Dossiers
import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText
import Notices
import Procedures
import WorkingTime

/// Dossiers as a whole: submit, find, read, and what the applicant does through the desk.
struct DossiersController: Sendable {
    let engine: DossierEngine
    let desk: CommandDesk

    /// One of these lets a client read a form.
    static let formScopes: [Scope] = [.personal, .connect]

    @Sendable func submit(_ asked: APIRequest) async throws -> Response {
        let agency = try asked.agency()
        let actor = try asked.officer()?.actor ?? .applicant(through: agency)
        let body = try await asked.request.jsonBytes()
        let form: SubmissionBody
        do { form = try SubmissionBody.read(body) } catch { throw all(error, in: body, asked) }
        let sibling = try form.sibling.map { dossier throws(Problem) in try source(asked, dossier) }
        return try await desk.submit(asked, body: body) { identity in
            SubmitRequest(
                identity: identity, by: actor, centre: agency, procedure: form.procedure,
                channel: form.channel, form: .object(form.form), documents: form.documents,
                clientReference: form.clientReference, sibling: sibling, arrived: asked.arrived)
        }
    }

    /// What is wrong with a body that cannot be read, and with the form in it as far as that can be told.
    private func all(_ refused: JSONProblems, in body: [UInt8], _ asked: APIRequest) -> JSONProblems {
        guard refused.kind == .fields, case .object(let object)? = try? JSONValue.parse(body, limits: .request),
            let procedure = object["procedure"]?.stringValue, let form = object["form"], form.objectValue != nil,
            // A sibling's form has only what differs.
            object["sibling"] == nil
        else { return refused }
        let more = engine.problems(ofForm: form, procedure: procedure, arrived: asked.arrived)
        return JSONProblems(Array((refused.problems + more).prefix(JSONProblems.countMax)))
    }

    /// A sibling's form as the caller may read it: copying is reading.
    private func source(_ asked: APIRequest, _ dossier: DossierRef) throws(Problem) -> SiblingSource {
        let caller = asked.caller
        guard !caller.scopes.isDisjoint(with: Self.formScopes) else { throw .missingScope(Self.formScopes) }
        return SiblingSource(dossier: dossier, reader: try asked.reader(purpose: "sibling")) { caller.maySee($0) }
    }

    @Sendable func list(_ asked: APIRequest) async throws -> Response {
        let query = try DossierQuery.read(asked)
        switch query.lookFor {
        case .page(let filter): return try await page(asked, filter)
        case .changed(let since, let limit): return try await changed(asked, since: since, limit: limit)
        case .lookUp(let code):
            return try await one(asked, engine.dossier(lookUp: code, province: asked.caller.province))
        case .code(let code):
            return try await one(asked, engine.dossier(code: code, province: asked.caller.province))
        }
    }

    private func page(_ asked: APIRequest, _ filter: DossierFilter) async throws -> Response {
        let page = try await engine.dossiers(filter)
        let cursor = PageCursor(engine: engine, list: "dossiers", caller: asked.caller)
        return PageResponse.response(
            asked, previous: cursor.text(page.previous, \.description), next: cursor.text(page.next, \.description)
        ) { json in
            for view in page.dossiers { DossierText.line(view, &json) }
        }
    }

    private func changed(_ asked: APIRequest, since: Int64, limit: Int) async throws -> Response {
        // The sequencer's first number is 0; the API counts how many were seen, so that 0 is the beginning.
        let page = try await engine.changed(
            province: asked.caller.province, agency: asked.agency(), since: since - 1, limit: limit)
        let body = JSONWriter.bytes { json in
            json.array("items") { json in for view in page.dossiers { DossierText.line(view, &json) } }
            json.member("updatedSince", page.upTo + 1)
            json.member("hasMore", page.hasMore)
        }
        return .json(body, headers: [.cacheControl: CacheControl.noStore.value])
    }

    private func one(_ asked: APIRequest, _ found: DossierView?) async throws -> Response {
        let view = if let found, try await asked.mayFollow(found) { found } else { DossierView?.none }
        return PageResponse.response(asked) { json in
            if let view { DossierText.line(view, &json) }
        }
    }

    @Sendable func read(_ asked: APIRequest) async throws -> Response {
        let view = try await asked.dossierOnceWorkedOn()
        return await .json(for: asked.request, tag: ETag(version: view.state.sequence), cache: .revalidate) {
            DossierText.bytes(view, for: asked.caller)
        }
    }

    @Sendable func events(_ asked: APIRequest) async throws -> Response {
        let (after, limit) = try QueryFields.read(asked.request) { query in
            (query.integer("after", in: QueryFields.numbers) ?? 0, query.limit())
        }
        let view = try await asked.dossierOnceWorkedOn()
        let events = try await engine.events(of: view.state.dossier, after: after, limit: limit)
        let body = JSONWriter.bytes { json in
            json.array("items") { json in for event in events { EventText.write(event, &json) } }
            json.member("hasMore", (events.last?.sequence ?? after) < view.state.sequence && !events.isEmpty)
        }
        return .json(body, headers: [.cacheControl: CacheControl.noStore.value])
    }

    @Sendable func form(_ asked: APIRequest) async throws -> Response {
        try QueryFields.read(asked.request) { _ in }
        let reader = try asked.reader(purpose: "form")
        let view = try await asked.dossier()
        guard let form = try await engine.form(of: view.state.dossier, reader: reader) else {
            throw try await asked.missing(of: view)
        }
        return .json(form.bytes, headers: [.cacheControl: CacheControl.noStore.value])
    }

    @Sendable func note(_ asked: APIRequest) async throws -> Response {
        let section = try QueryFields.read(asked.request) { query in
            let section = query.name("section", maxLength: 255)
            if section == nil { query.refuse("section", "required", vi: "Bắt buộc phải có.", en: "This is required.") }
            return section ?? ""
        }
        // Forms and documents have routes, and purposes, of their own.
        guard section.hasPrefix("said/") else { throw Problem.notFound }
        let reader = try asked.reader(purpose: "note")
        let view = try await asked.dossier()
        guard let text = try await engine.said(of: view.state.dossier, section: section, reader: reader) else {
            throw try await asked.missing(of: view)
        }
        let body = JSONWriter.bytes { $0.member("text", text) }
        return .json(body, headers: [.cacheControl: CacheControl.noStore.value])
    }

    @Sendable func supplement(_ asked: APIRequest) async throws -> Response {
        let tag = try asked.request.taskTag()
        let (body, said) = try await asked.saidBody()
        let actor = try await applicant(asked)
        return try await desk.perform(
            asked, "supplement", by: actor, act: .answer(activation: tag.activation, said: said),
            expects: tag.expectation, body: body)
    }

    @Sendable func withdraw(_ asked: APIRequest) async throws -> Response {
        let expectation = try asked.request.dossierTag()
        let (body, said) = try await asked.saidBody()
        let actor = try await applicant(asked)
        return try await desk.perform(
            asked, "withdraw", by: actor, act: .withdraw(said: said), expects: expectation, body: body)
    }

    @Sendable func reappoint(_ asked: APIRequest) async throws -> Response {
        let expectation = try asked.request.dossierTag()
        let actor = try asked.requireOfficer().actor
        let body = try await asked.request.jsonBytes()
        let (date, said) = try JSONFields.read(body) { fields in
            (fields.instant("date"), fields.optionalOpenObject("said", maxCount: 50) ?? JSONObject())
        }
        _ = try await asked.dossier()
        return try await desk.perform(
            asked, "reappoint", by: actor, act: .reappoint(to: date, said: said), expects: expectation, body: body)
    }

    /// Who acts for the applicant: only the desk that received the dossier may.
    private func applicant(_ asked: APIRequest) async throws -> Actor {
        let agency = try asked.agency()
        let actor = try asked.officer()?.actor ?? .applicant(through: agency)
        let view = try await asked.dossier()
        guard view.state.centre == agency else { throw Problem.notFound }
        return actor
    }
}
