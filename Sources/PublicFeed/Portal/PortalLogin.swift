import JSONText
import Synchronization

/// The session at the portal and what was learned of its catalogue, shared by all that is under way there.
actor PortalLogin {
    /// Why there is no session.
    struct Refusal: Error, Sendable {
        let failure: CarryFailure
    }

    private let password: String
    private let address: EndpointAddress
    private var session: String?
    private var renewedAt: ContinuousClock.Instant?
    private var opening: Task<Result<String, Refusal>, Never>?
    private let fields = Mutex<BoundedCache<String, PortalMessage.Field>>(BoundedCache(countMax: 5_000))

    init(address: EndpointAddress, password: String) {
        self.address = address
        self.password = password
    }

    /// The session, opened if there is none; one log-in serves all who wait.
    func session(using client: PortalClient) async -> Result<String, Refusal> {
        if let session { return .success(session) }
        let task: Task<Result<String, Refusal>, Never>
        if let opening {
            task = opening
        } else {
            // Unstructured, because several wait for it and the first may go away.
            task = Task { await self.open(client) }
            opening = task
        }
        return await task.value
    }

    /// Another session than the one that was refused; nil when none is to be had: the portal does not say whether a
    /// session ended or a message is wrong, so a refusal opens a new one at most once a minute.
    func session(after refused: String, using client: PortalClient) async -> String? {
        if session == refused {
            if let renewedAt, ContinuousClock.now - renewedAt < .seconds(60) { return nil }
            renewedAt = .now
            session = nil
        }
        guard case .success(let text) = await session(using: client), text != refused else { return nil }
        return text
    }

    private func open(_ client: PortalClient) async -> Result<String, Refusal> {
        let body: JSONObject = ["username": .string(client.settings.username), "password": .string(password)]
        let reply = await client.post(address, body)
        opening = nil
        session = nil
        switch reply {
        case .done(let json):
            guard let text = json["session"]?.portalText, !text.isEmpty else {
                return .failure(
                    Refusal(failure: CarryFailure(kind: .answered, reason: "the portal's log-in gave no session")))
            }
            session = text
            return .success(text)
        case .refused(let code, let message):
            return .failure(
                Refusal(
                    failure: CarryFailure(kind: .unusable, reason: "the portal refused the log-in: \(code) \(message)"))
            )
        case .failed(let failure): return .failure(Refusal(failure: failure))
        }
    }

    /// A procedure's field, if it was learned.
    nonisolated func field(of procedureCode: String) -> PortalMessage.Field? {
        fields.withLock { $0.value(procedureCode) }
    }

    /// Keeps a procedure's field until the server starts again.
    nonisolated func remember(_ field: PortalMessage.Field, of procedureCode: String) {
        fields.withLock { $0.put(procedureCode, field) }
    }
}
