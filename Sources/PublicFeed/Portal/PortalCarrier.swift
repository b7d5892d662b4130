import JSONText
import Notices
import Postgres

/// Synchronises one dossier after the other's turn with the national portal.
///
/// A notice becomes `DongBoHoSoMC` when the record changed, then `CapNhatTienDoHoSoMC` when it told a step; what the
/// portal acknowledged before is not sent again. Where it refuses a new dossier that it has already, or a change of one
/// that it has lost, it is asked what it has (`TraCuuHoSo`), and told the other way.
struct PortalCarrier: Carrier {
    let id: String
    let client: PortalClient
    let filter: SubscriberFilter
    let feed: ConnectionPool

    func wants(_ notice: Notice, after previous: Notice?) -> Bool {
        guard notice.procedureCode != nil, let code = notice.legalCode.flatMap(LegalCode.init(typed:)) else {
            return false
        }
        return filter.wants(notice, code)
    }

    func carry(_ letter: Letter) async -> Carried {
        do {
            return try await carryThrough(letter)
        } catch {
            return .failed(CarryFailure(kind: .silent, reason: "the feed's database: \(error)"))
        }
    }

    private func carryThrough(_ letter: Letter) async throws -> Carried {
        let key: PortalStatements.Key = (id, letter.province, letter.dossier)
        let number = letter.number
        let known = try await feed.withSession { try $0.run(PortalStatements.standing, key).first }
        if let known, known.acknowledged >= number { return .delivered }
        let field: PortalMessage.Field? =
            if let code = letter.notice.procedureCode { await client.field(of: code) } else { nil }
        guard let message = PortalMessage(letter.notice, field: field) else { return .delivered }
        let code = message.dossierCode
        _ = try await feed.withSession { try $0.run(PortalStatements.sent, (key: key, number: number, code: code)) }
        let fingerprint = message.fingerprint
        if known?.record != fingerprint {
            let reply = await put(message, isKnown: known?.record != nil)
            if let failure = try await settle(reply, "DongBoHoSoMC", key) { return .failed(failure) }
            _ = try await feed.withSession {
                try $0.run(PortalStatements.recorded, (key: key, record: fingerprint))
            }
        }
        if let step = message.step {
            let reply = await client.call("CapNhatTienDoHoSoMC", ["data": .array([.object(step)])])
            if let failure = try await settle(reply, "CapNhatTienDoHoSoMC", key) { return .failed(failure) }
        }
        _ = try await feed.withSession { try $0.run(PortalStatements.acknowledged, (key: key, number: number)) }
        return .delivered
    }

    private func put(_ message: PortalMessage, isKnown: Bool) async -> PortalReply {
        let reply = await record(message, isUpdating: isKnown)
        guard case .refused = reply, case .success(let found) = await client.find(message.dossierCode),
            (found != nil) != isKnown
        else { return reply }
        return await record(message, isUpdating: found != nil)
    }

    private func record(_ message: PortalMessage, isUpdating: Bool) async -> PortalReply {
        await client.call(
            "DongBoHoSoMC",
            ["isUpdating": .string(isUpdating ? "True" : "False"), "data": .array([.object(message.record)])])
    }

    /// Records a refusal; nil when the message was acknowledged.
    private func settle(
        _ reply: PortalReply, _ service: String, _ key: PortalStatements.Key
    ) async throws -> CarryFailure? {
        switch reply {
        case .done: return nil
        case .failed(let failure): return failure
        case .refused(let code, let message):
            _ = try await feed.withSession {
                try $0.run(PortalStatements.refused, (key: key, code: code, message: message))
            }
            return CarryFailure(kind: .answered, reason: "\(service) was refused: \(code) \(message)")
        }
    }
}
