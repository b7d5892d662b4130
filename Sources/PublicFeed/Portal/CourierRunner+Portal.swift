import JSONText
import Logging
import Metrics
import Notices
import Postgres
import Synchronization

/// The log-ins at the portals, by receiver, for as long as account and password stay the same.
final class PortalLogins: Sendable {
    private struct Known {
        let address: EndpointAddress
        let username: String
        let password: String
        let login: PortalLogin
    }

    private let logins = Mutex<[String: Known]>([:])

    func login(_ id: String, _ address: EndpointAddress, username: String, password: String) -> PortalLogin {
        logins.withLock { logins in
            if let known = logins[id], known.address == address, known.username == username,
                known.password == password
            {
                return known.login
            }
            let login = PortalLogin(address: address, password: password)
            logins[id] = Known(address: address, username: username, password: password, login: login)
            return login
        }
    }
}

/// The national portal among the receivers.
extension CourierRunner {
    /// Dossiers compared before other work gets its turn.
    private static let pageSize: Int32 = 25

    /// One page of the daily comparison when it is due, then one round.
    func portalRound(for subscriber: Subscriber, mustReconcile: Bool) async throws -> Bool {
        let carrier: PortalCarrier
        do {
            carrier = try await portal(subscriber)
        } catch let error as DeliveryKeyError {
            return try await stop(subscriber, "\(error)")
        } catch let error as EndpointAddress.Flaw {
            return try await stop(subscriber, "\(error)")
        }
        let isUnfinished = mustReconcile ? try await compare(carrier) : false
        return try await round(for: subscriber, carrier) || isUnfinished
    }

    private func portal(_ subscriber: Subscriber) async throws -> PortalCarrier {
        guard let settings = subscriber.settings.flatMap(PortalSettings.init(decoding:)) else {
            throw EndpointAddress.Flaw(description: "the portal's settings do not read: connect it anew")
        }
        let address = try EndpointAddress(subscriber.url, reach: subscriber.reach)
        let loginAddress = try EndpointAddress(
            settings.loginURL ?? "\(subscriber.url)/login", reach: subscriber.reach)
        let password = try await store.secrets(subscriber.id, key).first ?? []
        let login = logins.login(
            subscriber.id, loginAddress, username: settings.username,
            password: String(decoding: password, as: UTF8.self))
        let client = PortalClient(
            address: address, login: login, settings: settings, caller: caller, timeLimit: pace.callTime)
        return PortalCarrier(id: subscriber.id, client: client, filter: subscriber.filter, feed: store.feed)
    }

    /// Compares one page with the portal; whether more is left. What differs is named and sent again.
    private func compare(_ carrier: PortalCarrier) async throws -> Bool {
        let id = carrier.id
        let rows = try await store.feed.withSession {
            try $0.run(PortalStatements.toCompare, (id: id, limit: CourierRunner.pageSize))
        }
        let end = ContinuousClock.now + pace.roundTime / 2
        for row in rows {
            guard !Task.isCancelled, ContinuousClock.now < end else { return true }
            guard try await compare(row, carrier) else { return false }
        }
        if rows.count == Int(CourierRunner.pageSize) { return true }
        let seconds = Int64.random(in: -1_800...1_800)
        _ = try await store.feed.withSession {
            try $0.run(PortalStatements.comparedAll, (id: id, seconds: seconds))
        }
        return false
    }

    /// Compares one dossier; false when the portal cannot be asked now.
    private func compare(_ row: ComparedRow, _ carrier: PortalCarrier) async throws -> Bool {
        let key: PortalStatements.Key = (carrier.id, row.province, row.dossier)
        // A notice that cannot be read, or has no code any more, has nothing to compare.
        guard let notice = try? Notice(decoding: row.body), let message = PortalMessage(notice, field: nil) else {
            _ = try await store.feed.withSession {
                try $0.run(PortalStatements.compared, (key: key, difference: nil))
            }
            return true
        }
        let found: JSONObject?
        switch await carrier.client.find(message.dossierCode) {
        case .success(let answer): found = answer
        case .failure(let refusal):
            logger.warning(
                "the portal cannot be compared",
                metadata: ["receiver": "\(key.id)", "reason": "\(refusal.failure.reason)"])
            return false
        }
        guard let difference = message.difference(from: found).map(RoundVerdict.storable) else {
            _ = try await store.feed.withSession {
                try $0.run(PortalStatements.compared, (key: key, difference: nil))
            }
            return true
        }
        Counter(label: "portal_differences_total", dimensions: [("receiver", key.id)]).increment()
        logger.warning(
            "a dossier differs at the portal and is sent again",
            metadata: [
                "receiver": "\(key.id)", "dossier": "\(row.dossier)", "difference": "\(difference)",
            ])
        let letter = LetterWrite(
            province: row.province, n: row.n, dossier: row.dossier, number: row.number, attempts: 0, pause: 0,
            reason: nil)
        // Empty: it has a record, and not this one.
        let record: [UInt8]? = found == nil ? nil : []
        try await store.feed.transaction { transaction in
            _ = transaction.enqueue(PortalStatements.compared, (key: key, difference: difference))
            _ = transaction.enqueue(PortalStatements.forget, (key: key, number: row.number, record: record))
            _ = transaction.enqueue(PortalStatements.dropLetters, key)
            _ = transaction.enqueue(DeliveryStatements.putLetters, (id: key.id, letters: [letter]))
            try transaction.sync()
        }
        return true
    }
}
