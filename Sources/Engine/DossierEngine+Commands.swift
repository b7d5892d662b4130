import Dossiers
import JSONText
import Logging
import Notices
import Procedures
package import Store
import Vault
import WorkingTime

extension DossierEngine {
    /// Makes a dossier. Its form is checked and sealed before anything waits in a queue.
    /// - Returns: the stored answer; the same one, byte for byte, when the key was used before with the same request.
    package func submit(
        _ request: SubmitRequest, render: @escaping Rendering
    ) async throws(CommandError) -> StoredAnswer {
        let catalogue = self.catalogue
        guard let centre = catalogue.directory.agencies[request.centre], centre.kind == "centre",
            let province = catalogue.directory.provinces[centre.province]?.number
        else { throw .unknownCentre }
        if let answer = try await answeredBefore(request, province) { return answer }
        let procedure = try inForce(request.procedure, on: request.arrived.date, catalogue)
        let form = try checked(try await completed(request, procedure), procedure, catalogue)
        let target = DossierRef(
            province: province,
            id: DossierID(
                milliseconds: request.arrived.microseconds / 1_000,
                random: (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))))
        let sealed: (rows: [SealedRow], key: DataKeyRow)
        do {
            let key = try vault.newDataKey(province: String(province), dossier: target.id.description)
            var sealing = Sealing(vault: vault, target: target, key: key, at: request.arrived)
            _ = try sealing.seal(form.canonical, section: DossierEngine.formSection)
            sealed = (sealing.rows, DataKeyRow(dossier: target.id, wrapped: key.wrapped.bytes))
        } catch {
            logger.error("a form could not be sealed: \(error)")
            throw .failed
        }
        var source = SystemRandomNumberGenerator()
        return try await enqueue(
            target,
            .submit(
                Submission(
                    dossier: target, channel: request.channel, centre: centre.code, facts: form.facts,
                    documents: request.documents, sibling: request.sibling?.dossier)),
            by: request.by, arrived: request.arrived, identity: request.identity, expectation: nil,
            newcomer: Pending.Newcomer(
                procedure: procedure.name, version: procedure.version, lookUp: .random(using: &source),
                client: request.identity.key.client, clientReference: request.clientReference),
            sealed: sealed.rows, dataKey: sealed.key, render: render)
    }

    /// Carries out a command on a dossier that is there.
    /// - Returns: the stored answer; the same one, byte for byte, when the key was used before with the same request.
    package func perform(
        _ request: PerformRequest, render: @escaping Rendering
    ) async throws(CommandError) -> StoredAnswer {
        var sealed: [SealedRow] = []
        let command: Command
        do throws(CommandError) {
            command = try await self.command(of: request, sealing: &sealed)
        } catch .noDossier {
            // Nothing can be sealed any more once the dossier was erased; a command that came before has its answer.
            guard let answer = try await answered(request.identity, request.target.province) else { throw .noDossier }
            return answer
        }
        return try await enqueue(
            request.target, command, by: request.by, arrived: request.arrived, identity: request.identity,
            expectation: request.expectation, newcomer: nil, sealed: sealed, dataKey: nil, render: render)
    }

    /// The answer that a key has already; nil where it has none.
    /// - Throws: ``CommandError/keyReused`` when it came with another request.
    package func answered(
        _ identity: CommandIdentity, _ province: Int16
    ) async throws(CommandError) -> StoredAnswer? {
        guard let answer = try await reading({ try await $0.answer(identity.key, province: province) }) else {
            return nil
        }
        guard answer.fingerprint == identity.fingerprint else { throw .keyReused }
        return answer
    }

    /// Whether a key has an answer, whatever it came with.
    package func hasAnswer(_ key: AnswerKey, _ province: Int16) async throws(CommandError) -> Bool {
        try await reading { try await $0.answer(key, province: province) } != nil
    }

    private func command(
        of request: PerformRequest, sealing sealed: inout [SealedRow]
    ) async throws(CommandError) -> Command {
        switch request.act {
        case .complete(let activation, let outcome, let said):
            let said = try await seal(said, activation: activation, request, &sealed)
            return .complete(activation: activation, outcome: outcome, said: said)
        case .answer(let activation, let said):
            return .answer(
                activation: activation, said: try await seal(said, activation: activation, request, &sealed))
        case .withdraw(let said): return .withdraw(said: try await seal(said, activation: 0, request, &sealed))
        case .reappoint(let instant, let said):
            return .reappoint(to: instant, said: try await seal(said, activation: 0, request, &sealed))
        case .claim(let activation): return .claim(activation: activation)
        case .release(let activation): return .release(activation: activation)
        case .reassign(let activation, let officer): return .reassign(activation: activation, officer: officer)
        case .callFailed(let activation): return .callFailed(activation: activation)
        case .tell(let message, let said):
            return .tell(message: message, said: try await seal(said, activation: 0, request, &sealed))
        }
    }

    /// The section under which a dossier's form is sealed.
    static let formSection = "form"

    private func enqueue(
        _ target: DossierRef, _ command: Command, by: Actor, arrived: Instant, identity: CommandIdentity,
        expectation: Expectation?, newcomer: Pending.Newcomer?, sealed: [SealedRow], dataKey: DataKeyRow?,
        render: @escaping Rendering
    ) async throws(CommandError) -> StoredAnswer {
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<PendingOutcome, Never>) in
            let caller = WaitingCaller(continuation)
            guard let ticket = standing.enter(caller) else { return caller.answer(.unavailable) }
            let answer: @Sendable (PendingOutcome) -> Void = { [standing] outcome in
                standing.leave(ticket)
                caller.answer(outcome)
            }
            let pending = Pending(
                dossier: target, command: command, by: by, arrived: arrived, identity: identity,
                expectation: expectation, consumes: nil, newcomer: newcomer, sealed: sealed, dataKey: dataKey,
                render: render, answer: answer, deadline: .now + settings.patience)
            if !queue.offer(pending) { answer(.unavailable) }
        }
        switch outcome {
        case .answered(let answer): return answer
        case .keyReused: throw .keyReused
        case .unavailable: throw .unavailable(retryAfterSeconds: 1)
        case .failed: throw .failed
        }
    }

    func inForce(_ name: String, on day: CivilDate, _ catalogue: Catalogue) throws(CommandError) -> Procedure {
        let named = catalogue.procedures.filter {
            $0.name == name || ($0.code != nil && $0.code == name)
        }
        guard let newest = named.max(by: { $0.version < $1.version }) else { throw .unknownProcedure }
        if let procedure = named.filter({ $0.effective.covers(day) && $0.code != nil }).max(by: {
            $0.version < $1.version
        }) {
            return procedure
        }
        guard newest.code != nil else {
            throw .notInForce(
                LocalText(
                    vi: "Thủ tục này chỉ được thực hiện trong thủ tục liên thông, không nộp riêng.",
                    en: "This procedure is only a part of others and cannot be submitted alone."))
        }
        let successor = newest.effective.replacedBy.map { " \($0)" } ?? ""
        throw .notInForce(
            LocalText(
                vi: "Thủ tục không có hiệu lực vào ngày nộp."
                    + (successor.isEmpty ? "" : " Thay bằng thủ tục\(successor)."),
                en: "The procedure is not in force on the day of submission."
                    + (successor.isEmpty ? "" : " Its successor is\(successor).")))
    }

    private func seal(
        _ object: JSONObject, activation: Int, _ request: PerformRequest, _ rows: inout [SealedRow]
    ) async throws(CommandError) -> [String: Said] {
        let reader = SaidReader(object, pointer: "/said")
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
        guard reader.needsSealing else { return reader.sealed { _, _ in SealedReference(section: "", commitment: []) } }
        let target = request.target
        guard let wrapped = try await reading({ try await $0.dataKey(of: target.id, province: target.province) }) else {
            throw .noDossier
        }
        do {
            let key = try vault.unwrap(
                WrappedKey(bytes: wrapped), province: String(target.province), dossier: target.id.description)
            var sealing = Sealing(vault: vault, target: target, key: key, at: request.arrived)
            // A name of its own for each try: a refused one stores nothing, and never stands in the way of the next.
            let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
            let said = try reader.sealed { name, text in
                try sealing.seal(text, section: "said/\(activation)/\(name)/\(mark)")
            }
            rows = sealing.rows
            return said
        } catch {
            logger.error("what was said could not be sealed: \(error)")
            throw .failed
        }
    }

    /// Runs a read for a command; a database that is away is "ask again".
    func reading<Value: Sendable>(
        _ read: @Sendable (DossierStore) async throws -> Value
    ) async throws(CommandError) -> Value {
        guard !standing.isAway else { throw .unavailable(retryAfterSeconds: 1) }
        do { return try await read(store) } catch {
            logger.warning("a read for a command failed: \(error)")
            throw .unavailable(retryAfterSeconds: 1)
        }
    }
}
