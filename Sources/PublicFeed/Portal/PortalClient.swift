import JSONText

/// An account at the portal's adapter.
package struct PortalSettings: Sendable, Hashable {
    /// Where one logs in; nil: the address of the messages with `/login` appended.
    package var loginURL: String?
    /// `madonvi`: the identifier of the province at the portal.
    package var unit: String
    /// `dstcode`; nil leaves it out.
    package var destination: String?
    /// The account's name; its password is sealed.
    package var username: String
    /// A file of certificates (PEM) to trust instead of the system's.
    package var trustFile: String?

    /// Joins the parts.
    package init(unit: String, username: String) {
        self.unit = unit
        self.username = username
    }

    /// As stored.
    var encoded: [UInt8] {
        JSONWriter.bytes { json in
            json.member("unit", unit)
            json.member("username", username)
            json.member("loginURL", ifPresent: loginURL)
            json.member("destination", ifPresent: destination)
            json.member("trustFile", ifPresent: trustFile)
        }
    }

    /// Reads what ``encoded`` wrote; nil for anything else.
    init?(decoding bytes: [UInt8]) {
        // A row that a person has edited is no crash: the receiver is disabled and says so.
        guard let json = try? JSONValue.parse(bytes), let unit = json["unit"]?.stringValue,
            let username = json["username"]?.stringValue
        else { return nil }
        self.init(unit: unit, username: username)
        loginURL = json["loginURL"]?.stringValue
        destination = json["destination"]?.stringValue
        trustFile = json["trustFile"]?.stringValue
    }
}

/// What the portal said to one message.
enum PortalReply: Sendable {
    /// `error_code` 0; the whole answer.
    case done(JSONValue)
    /// Another code, with the portal's words.
    case refused(code: String, message: String)
    /// No answer, or none that can be read.
    case failed(CarryFailure)
}

/// Speaks with the portal's adapter: log in, then messages under the session.
struct PortalClient: Sendable {
    let address: EndpointAddress
    let login: PortalLogin
    let settings: PortalSettings
    let caller: OutgoingCaller
    let timeLimit: Duration

    /// One message of a service, with its members; logs in when there is no session, and once more when the portal
    /// refuses under a session that may have ended.
    func call(_ service: String, _ members: JSONObject) async -> PortalReply {
        let session: String
        switch await login.session(using: self) {
        case .success(let given): session = given
        case .failure(let refusal): return .failed(refusal.failure)
        }
        let reply = await post(address, body(service, members, session))
        guard case .refused = reply, let other = await login.session(after: session, using: self) else { return reply }
        return await post(address, body(service, members, other))
    }

    private func body(_ service: String, _ members: JSONObject, _ session: String) -> JSONObject {
        var body: JSONObject = ["session": .string(session), "service": .string(service)]
        body["madonvi"] = .string(settings.unit)
        if let destination = settings.destination { body["dstcode"] = .string(destination) }
        for member in members.members { body[member.key] = member.value }
        return body
    }

    /// Sends a body and reads the answer, in which an error comes with status 200.
    func post(_ address: EndpointAddress, _ body: JSONObject) async -> PortalReply {
        var call = OutgoingCall(
            address,
            headers: [
                ("Content-Type", "application/json; charset=utf-8"), ("Accept", "application/json"),
                ("User-Agent", "MotCua"),
            ], body: JSONValue.object(body).bytes)
        call.timeLimit = timeLimit
        call.answerByteCountMax = 1 << 20
        call.trustFile = settings.trustFile
        do throws(CallFailure) {
            return PortalClient.read(try await caller.send(call))
        } catch {
            let isUnusable = error.code == .forbidden || error.code == .unusable
            return .failed(
                CarryFailure(kind: isUnusable ? .unusable : .silent, reason: "\(error.code.rawValue): \(error)"))
        }
    }

    private static func read(_ answer: OutgoingAnswer) -> PortalReply {
        guard (200...299).contains(answer.status) else {
            return .failed(
                CarryFailure(
                    kind: .answered, reason: "the portal answered HTTP \(answer.status)", pause: answer.retryAfter))
        }
        guard !answer.isCut, let json = try? JSONValue.parse(answer.body, limits: JSONLimits(byteCountMax: 1 << 20)),
            let code = json["error_code"]?.portalText
        else {
            return .failed(CarryFailure(kind: .answered, reason: "the portal's answer has no readable error_code"))
        }
        // Public systems have seen both "0" and "00".
        if !code.isEmpty, code.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) { return .done(json) }
        let message = ["message", "error_message", "description"].lazy.compactMap { json[$0]?.portalText }.first ?? ""
        return .refused(code: RoundVerdict.storable(String(code.prefix(40))), message: RoundVerdict.storable(message))
    }

    /// The dossier as the portal has it; nil when it does not have it.
    ///
    /// Objects, not values: a nil that became JSON's null would read as a dossier that is there.
    func find(_ dossierCode: String) async -> Result<JSONObject?, PortalLogin.Refusal> {
        switch await call("TraCuuHoSo", ["mahoso": .string(dossierCode)]) {
        case .done(let json):
            let result = json["result"]
            let rows = (result?.arrayValue ?? result.map { [$0] } ?? []).compactMap(\.objectValue)
            if let named = rows.first(where: { $0["MaHoSo"]?.portalText == dossierCode }) { return .success(named) }
            // One row that does not name itself is the one that was asked for.
            guard rows.count == 1, let only = rows.first, !only.isEmpty, !only.keys.contains("MaHoSo") else {
                return .success(nil)
            }
            return .success(only)
        case .refused(let code, let message):
            return .failure(.init(failure: CarryFailure(kind: .answered, reason: "TraCuuHoSo: \(code) \(message)")))
        case .failed(let failure): return .failure(.init(failure: failure))
        }
    }

    /// The procedure's field in the portal's catalogue; nil when the portal does not say.
    func field(of procedureCode: String) async -> PortalMessage.Field? {
        if let known = login.field(of: procedureCode) { return known }
        let reply = await call("LayThuTuc", ["maTTHC": .string(procedureCode)])
        // Without an answer it is asked again with the next message.
        if case .failed = reply { return nil }
        var found = PortalMessage.Field(code: "", name: "")
        if case .done(let json) = reply,
            let field = json["result"]?.arrayValue?.first?["LINHVUCTHUCHIEN"]?.arrayValue?.first,
            let code = field["MALINHVUC"]?.portalText, let name = field["TENLINHVUC"]?.portalText
        {
            found = PortalMessage.Field(code: code, name: name)
        }
        login.remember(found, of: procedureCode)
        return found
    }
}
