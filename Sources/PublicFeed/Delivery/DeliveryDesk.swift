package import Postgres

/// Why an administrator's wish was not done; one line that says what to do.
package struct DeskRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String
}

/// Manages who is told: webhooks and the national portal.
package struct DeliveryDesk: Sendable {
    private let feed: ConnectionPool
    private let key: DeliveryKey

    /// A desk over the feed's database, whose secrets are sealed with `key`.
    package init(feed: ConnectionPool, key: DeliveryKey) {
        self.feed = feed
        self.key = key
    }

    /// Adds a webhook; its secret is given here once and never again.
    /// - Parameters:
    ///   - fromStart: tells it everything since the first notice, instead of what comes from now on.
    /// - Throws: ``DeskRefusal`` for an address that may not be called, or an id that is taken.
    package func addWebhook(
        _ id: String, url: String, reach: Reach, filter: SubscriberFilter, fromStart: Bool
    ) async throws -> WebhookSecret {
        let secret = WebhookSecret.random()
        try await add(id, kind: .webhook, url, reach, filter, nil, secret.bytes, fromStart)
        return secret
    }

    /// Connects the national portal.
    /// - Throws: ``DeskRefusal`` for an address that may not be called, or an id that is taken.
    package func connectPortal(
        _ id: String, url: String, reach: Reach, filter: SubscriberFilter, settings: PortalSettings,
        password: String, fromStart: Bool
    ) async throws {
        if let login = settings.loginURL { _ = try DeliveryDesk.address(login, reach) }
        try await add(id, kind: .portal, url, reach, filter, settings.encoded, Array(password.utf8), fromStart)
    }

    private func add(
        _ id: String, kind: Subscriber.Kind, _ url: String, _ reach: Reach, _ filter: SubscriberFilter,
        _ settings: [UInt8]?, _ secret: [UInt8], _ fromStart: Bool
    ) async throws {
        let address = try DeliveryDesk.address(url, reach)
        let sealed = try key.seal(secret, of: id, number: 1)
        let row = NewReceiver(
            id: id, kind: kind.rawValue, url: address.text, reach: reach.rawValue, filter: filter, settings: settings)
        let isNew = try await feed.transaction { transaction in
            guard try transaction.run(DeskStatements.add, row).first == true else { return false }
            _ = transaction.enqueue(DeskStatements.addSecret, (id: id, number: 1, sealed: sealed))
            if !fromStart { _ = transaction.enqueue(DeskStatements.beginNow, id) }
            try transaction.sync()
            return true
        }
        guard isNew else { throw DeskRefusal(description: "“\(id)” is there already: choose another id") }
    }

    private static func address(_ url: String, _ reach: Reach) throws -> EndpointAddress {
        do throws(EndpointAddress.Flaw) {
            return try EndpointAddress(url, reach: reach)
        } catch {
            throw DeskRefusal(description: "\(error)")
        }
    }

    /// Gives a webhook a new secret, shown here once; the former one signs too for `overlapSeconds`.
    package func rotate(_ id: String, overlapSeconds: Int64) async throws -> WebhookSecret {
        let secret = WebhookSecret.random()
        try await replaceSecret(id, .webhook, secret.bytes, overlapSeconds)
        return secret
    }

    /// Replaces the portal's password, at once.
    package func replacePassword(_ id: String, _ password: String) async throws {
        try await replaceSecret(id, .portal, Array(password.utf8), 0)
    }

    private func replaceSecret(
        _ id: String, _ kind: Subscriber.Kind, _ secret: [UInt8], _ overlapSeconds: Int64
    ) async throws {
        let key = key
        let isKnown = try await feed.transaction { transaction in
            guard try transaction.run(DeskStatements.lock, id).first == kind.rawValue else { return false }
            let number = (try transaction.run(DeskStatements.newestSecret, id).first ?? 0) &+ 1
            let sealed = try key.seal(secret, of: id, number: number)
            _ = transaction.enqueue(DeskStatements.expireSecrets, (id: id, seconds: max(0, overlapSeconds)))
            _ = transaction.enqueue(DeskStatements.addSecret, (id: id, number: number, sealed: sealed))
            try transaction.sync()
            return true
        }
        guard isKnown else { throw DeliveryDesk.unknown(id) }
    }

    /// Stops telling a receiver; its place is kept.
    package func pause(_ id: String, reason: String) async throws {
        let reason = RoundVerdict.storable(reason)
        let done = try await feed.withSession { try $0.run(DeskStatements.pause, (id: id, reason: reason)) }
        guard !done.isEmpty else { throw DeliveryDesk.unknown(id) }
    }

    /// Goes on where a paused, disabled or failing receiver stopped, at once.
    /// - Parameter skipping: leaves out what came meanwhile.
    package func resume(_ id: String, skipping: Bool) async throws {
        let isKnown = try await feed.transaction { transaction in
            guard try transaction.run(DeskStatements.resume, id).first == true else { return false }
            if skipping { _ = transaction.enqueue(DeskStatements.beginNow, id) }
            try transaction.sync()
            return true
        }
        guard isKnown else { throw DeliveryDesk.unknown(id) }
    }

    /// Removes a receiver with its secrets, its place and its letters.
    package func remove(_ id: String) async throws {
        let done = try await feed.withSession { try $0.run(DeskStatements.remove, id) }
        guard !done.isEmpty else { throw DeliveryDesk.unknown(id) }
    }

    /// Every receiver, by id.
    package func list() async throws -> [ReceiverStanding] {
        try await feed.withSession { try $0.run(DeskStatements.list) }
    }

    /// A receiver's dead letters in order, at most `limit`.
    package func deadLetters(_ id: String, limit: Int) async throws -> [DeadLetter] {
        try await feed.withSession { try $0.run(DeskStatements.dead, (id: id, limit: Int32(clamping: limit))) }
    }

    /// Tries dead letters anew, all or those named; how many.
    package func replay(_ id: String, _ letters: [(province: Int16, n: Int64)]?) async throws -> Int {
        try await feed.withSession { try $0.run(DeskStatements.replay, (id: id, letters: letters)).count }
    }

    /// How the portal follows.
    package func portal(_ id: String) async throws -> PortalStandings? {
        try await feed.withSession { try $0.run(DeskStatements.portal, id).first }
    }

    /// The dossiers that the portal refuses or has otherwise, the newest first, at most `limit`.
    package func portalTroubles(_ id: String, limit: Int) async throws -> [PortalTrouble] {
        try await feed.withSession {
            try $0.run(DeskStatements.portalTroubles, (id: id, limit: Int32(clamping: limit)))
        }
    }

    /// Lets the running server compare the portal now instead of at night.
    package func reconcile(_ id: String) async throws {
        let done = try await feed.withSession { try $0.run(DeskStatements.reconcileNow, id) }
        guard !done.isEmpty else {
            throw DeskRefusal(description: "“\(id)” is no portal: `motcua webhook list` names all")
        }
    }

    /// Whether a comparison was asked for and is not finished.
    package func isReconciling(_ id: String) async throws -> Bool {
        try await feed.withSession { try $0.run(DeskStatements.isReconciling, id).first ?? false }
    }

    private static func unknown(_ id: String) -> DeskRefusal {
        DeskRefusal(description: "there is no such receiver “\(id)”: `motcua webhook list` names all")
    }
}
