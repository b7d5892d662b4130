import Logging
import Metrics
import Postgres

/// Works on one receiver after another's request: the part of the courier that keeps no state of its own.
struct CourierRunner: Sendable {
    let store: DeliveryStore
    let key: DeliveryKey
    let caller: OutgoingCaller
    let pace: Courier.Pace
    let logger: Logger
    let nowSeconds: @Sendable () -> Int64
    let logins = PortalLogins()
    private let meters = DeliveryMeters()

    /// The receivers with something to do.
    func due() async throws -> [String] {
        let owner = store.owner
        return try await store.feed.withSession { try $0.run(DeliveryStatements.due, owner) }
    }

    /// Measures how far the receivers are, every ten seconds at most.
    func report() async {
        do {
            try await meters.report(store.feed)
        } catch {
            logger.debug("receivers could not be counted", metadata: ["error": "\(error)"])
        }
    }

    /// Rounds for one receiver until nothing is left, or it is in trouble.
    func work(on id: String) async {
        do {
            while !Task.isCancelled {
                guard let (subscriber, mustReconcile) = try await store.lease(id, for: pace.lease) else { break }
                guard try await round(for: subscriber, mustReconcile: mustReconcile) else { break }
            }
        } catch {
            if !Task.isCancelled {
                logger.error("a receiver could not be worked on", metadata: ["receiver": "\(id)", "error": "\(error)"])
            }
        }
        // Unstructured, so that it happens although we are being stopped: else the next process waits for the lease.
        let store = store
        let release = Task { try await store.release(id) }
        // When the database is away the lease ends by itself.
        try? await release.value
    }

    /// One round; whether another may follow at once.
    private func round(for subscriber: Subscriber, mustReconcile: Bool) async throws -> Bool {
        switch subscriber.kind {
        case .webhook:
            do {
                return try await round(for: subscriber, try await webhook(subscriber))
            } catch let error as DeliveryKeyError {
                return try await stop(subscriber, "\(error)")
            } catch let error as EndpointAddress.Flaw {
                return try await stop(subscriber, "\(error)")
            }
        case .portal:
            return try await portalRound(for: subscriber, mustReconcile: mustReconcile)
        }
    }

    private func webhook(_ subscriber: Subscriber) async throws -> WebhookCarrier {
        let address = try EndpointAddress(subscriber.url, reach: subscriber.reach)
        let secrets = try await store.secrets(subscriber.id, key)
        return WebhookCarrier(
            address: address, filter: subscriber.filter, secrets: secrets.map(WebhookSecret.init(bytes:)),
            caller: caller, timeLimit: pace.callTime, now: nowSeconds)
    }

    /// Disables a receiver that cannot be called at all.
    func stop(_ subscriber: Subscriber, _ reason: String) async throws -> Bool {
        var verdict = RoundVerdict()
        verdict.endpoint = .disabled(reason: RoundVerdict.storable(reason))
        _ = try await write(verdict, for: subscriber)
        return false
    }

    /// Reads, sends, judges and writes.
    func round(for subscriber: Subscriber, _ carrier: some Carrier) async throws -> Bool {
        let round = try await store.round(subscriber, carrier, limit: pace.batchSize)
        let isEmpty = round.chains.isEmpty && round.behind.isEmpty && round.unreadable.isEmpty
        guard !isEmpty || !round.cursors.isEmpty else { return false }
        let results = await send(round.chains, carrier, isProbe: subscriber.failures > 0)
        let verdict = round.verdict(
            results, failures: subscriber.failures, schedule: pace.schedule, chance: { Double.random(in: 0...1) })
        guard try await write(verdict, for: subscriber) else { return false }
        switch verdict.endpoint {
        case .failing, .disabled: return false
        case .well, .unchanged: return true
        }
    }

    private func write(_ verdict: RoundVerdict, for subscriber: Subscriber) async throws -> Bool {
        meters.count(verdict, subscriber.id)
        switch verdict.endpoint {
        case .disabled(let reason):
            logger.error("a receiver is disabled", metadata: ["receiver": "\(subscriber.id)", "reason": "\(reason)"])
        case .failing(let failures, _, let reason) where failures == 1:
            logger.warning("a receiver fails", metadata: ["receiver": "\(subscriber.id)", "reason": "\(reason)"])
        case .well where subscriber.failures > 0:
            logger.notice("a receiver is well again", metadata: ["receiver": "\(subscriber.id)"])
        default: break
        }
        // Unstructured, so that what was delivered is recorded although we are being stopped.
        let (store, id) = (store, subscriber.id)
        return try await Task { try await store.write(verdict, for: id) }.value
    }

    /// Sends chains side by side, each in order; stops beginning new ones when nothing arrives, or when time is up.
    private func send(
        _ chains: [DeliveryRound.Chain], _ carrier: some Carrier, isProbe: Bool
    ) async -> [DeliveryRound.Result] {
        let end = ContinuousClock.now + pace.roundTime
        var results: [DeliveryRound.Result] = []
        var rest = chains[...]
        // After failures two letters of different dossiers are tried, one after the other, before all others.
        while isProbe, !Task.isCancelled, let chain = rest.popFirst() {
            let result = await CourierRunner.send(chain, carrier, until: end)
            results.append(result)
            if !result.delivered.isEmpty { break }
            let isSilent = result.failed.map { $0.failure.kind != .answered } ?? true
            if isSilent || results.count >= 2 { return results }
        }
        await withTaskGroup(of: DeliveryRound.Result.self) { group in
            var runningCount = 0
            func mayBegin() -> Bool {
                let arrived = results.contains { !$0.delivered.isEmpty }
                let failedCount = results.count { $0.failed != nil }
                return !Task.isCancelled && ContinuousClock.now < end && (arrived || failedCount < 2)
            }
            while true {
                while runningCount < pace.parallelCount, mayBegin(), let chain = rest.popFirst() {
                    group.addTask { await CourierRunner.send(chain, carrier, until: end) }
                    runningCount += 1
                }
                guard let result = await group.next() else { return }
                runningCount -= 1
                results.append(result)
            }
        }
        return results
    }

    /// Sends the letters of one dossier, up to the first that is not taken.
    private static func send(
        _ chain: DeliveryRound.Chain, _ carrier: some Carrier, until end: ContinuousClock.Instant
    ) async -> DeliveryRound.Result {
        var results: [Carried] = []
        for letter in chain.letters {
            // What was not tried is left for the next round.
            if Task.isCancelled || (!results.isEmpty && ContinuousClock.now >= end) { break }
            let result = await carrier.carry(letter)
            // A try that we broke off ourselves says nothing of the receiver.
            if Task.isCancelled, result != .delivered { break }
            results.append(result)
            if result != .delivered { break }
        }
        return DeliveryRound.Result(chain: chain, results: results)
    }
}
