import Dossiers
import Logging
import Notices
import Postgres
import Procedures
import Store
import WorkingTime

/// What the engine does by itself: each loop is the floor under a hint, and survives a database that goes away.
extension DossierEngine {
    /// After a commit: hands on what it caused.
    func follow(_ province: Int16, _ result: Batch.Result) {
        if result.hasNotices { hints.noticesWait(province) }
        if result.hasOutgoing { hints.outgoingWaits(province) }
        for sent in result.messages {
            if case .start = sent.message.body {
                starts.yield(sent)
            } else {
                // At once and in the order of the sender's commits, so that a dossier hears another in order.
                offer(sent.message.to, .message(sent.message), key: sent.key, arrived: sent.sent)
            }
        }
    }

    /// Begins the linked dossiers of this node's commits, whose forms are read first.
    func mindStarts() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for await sent in self.started { await self.take(sent) } }
            }
        }
    }

    /// Looks for timers and messages that are due.
    func mindAgenda() async {
        var regained: Instant?
        var isAway = false
        while !Task.isCancelled {
            do {
                // By the primary's clock: one node whose own is wrong must not open for others what is not due.
                let now = if let told = clock.recordedOverride { told } else { try await store.primaryTime() }
                if isAway { regained = nil }
                isAway = false
                let since = regained ?? now
                regained = since
                // What worsens a dossier waits until people had ten minutes to be heard again (R7).
                let mayWorsen = now >= since.adding(seconds: 600)
                hints.beginSweep()
                let due = try await store.provincesDue(before: now)
                heard()
                for province in due {
                    try await sweep(province, before: now, mayWorsen: mayWorsen)
                }
            } catch {
                if !isAway { warn("the agenda cannot be read", error) }
                isAway = true
            }
            await pause(settings.agendaInterval)
        }
    }

    /// Takes everything that is due, page by page: rows that must wait, or are in the queue, never hide what stands behind.
    private func sweep(_ province: Int16, before now: Instant, mayWorsen: Bool) async throws {
        var from: Instant?
        while !Task.isCancelled {
            let page = try await store.agendaDue(province: province, before: now, from: from, limit: 500)
            for row in page { await take(row, province: province, at: now, mayWorsen: mayWorsen) }
            guard page.count == 500, let last = page.last?.dueAt, last != from else { return }
            from = last
        }
    }

    /// Carries messages to other provinces, each in a transaction of its own (R9).
    func mindOutgoing() async {
        var sweep = ContinuousClock.now
        while !Task.isCancelled {
            do {
                var provinces = hints.takeOutgoing()
                if ContinuousClock.now >= sweep {
                    sweep = .now + .seconds(1)
                    provinces.formUnion(try await store.provincesOutgoing())
                }
                for province in provinces.sorted() {
                    for sent in try await store.relayOutgoing(province: province, limit: 500) {
                        await take(
                            AgendaRow(dossier: sent.dossier, key: sent.key, dueAt: sent.dueAt, payload: sent.payload),
                            province: sent.targetProvince, at: clock.now(), mayWorsen: false)
                    }
                }
            } catch { warn("messages to other provinces wait", error) }
            await pause(settings.sequencerInterval)
        }
    }

    /// Numbers the notices: one dense sequence a province (R6).
    func mindNotices() async {
        var sweep = ContinuousClock.now
        while !Task.isCancelled {
            do {
                var provinces = hints.takeNotices()
                if ContinuousClock.now >= sweep {
                    sweep = .now + .seconds(1)
                    provinces.formUnion(try await store.provincesWithNotices())
                }
                for province in provinces.sorted() {
                    while try await store.sequence(province: province, limit: 1_000, at: clock.now()) == 1_000 {}
                }
            } catch { warn("notices wait for their numbers", error) }
            await pause(settings.sequencerInterval)
        }
    }

    /// Looks for files that another node loaded and clients that it shut out, and sees to it that the months ahead have their partitions.
    func mindCatalogue() async {
        while !Task.isCancelled {
            await pause(settings.catalogueInterval)
            do {
                try await refreshCatalogue()
                try await lookForDisabledClients()
                try await store.ensureEventMonths(around: clock.now())
            } catch { warn("the catalogue cannot be read", error) }
        }
    }

    /// Removes stored answers after 30 days, a few at a time (R13).
    func mindAnswers() async {
        while !Task.isCancelled {
            await pause(.seconds(600))
            do {
                while try await store.removeAnswers(before: clock.now().adding(seconds: -30 * 86_400), limit: 500)
                    == 500
                {}
            } catch { warn("old answers could not be removed", error) }
        }
    }

    /// Logs what a loop survives; what was cut short by our own stopping is no news.
    func warn(_ what: String, _ error: any Error) {
        if !Task.isCancelled { logger.warning("\(what): \(error)") }
    }

    /// Waits; a cancelled wait returns at once, and the loop's condition ends it.
    func pause(_ time: Duration) async { try? await Task.sleep(for: time) }

    private func take(_ row: AgendaRow, province: Int16, at now: Instant, mayWorsen: Bool) async {
        let target = DossierRef(province: province, id: row.dossier)
        if let payload = row.payload {
            // What cannot be read by this build may be read by the next: for a person to see, not to be asked for ever.
            guard let message = try? Message(decoding: payload) else {
                return await noteStuck(target, row.key, "the message cannot be read by this build")
            }
            return await take(Batch.SentMessage(message: message, key: row.key, sent: row.dueAt))
        }
        if let amendment = Amendment(key: row.key) {
            let waited = now > row.dueAt.adding(seconds: Amendment.patienceSeconds)
            guard waited || amendment.isIn(catalogue) else { return }
            return offer(target, amendment.command, key: row.key, arrived: now)
        }
        guard let timer = TimerKey(text: row.key) else {
            return await noteStuck(target, row.key, "the row is of no kind that this build knows")
        }
        guard mayWorsen || !timer.kind.worsens else { return }
        offer(target, .timer(timer, due: row.dueAt), key: row.key, arrived: now)
    }

    private func take(_ sent: Batch.SentMessage) async {
        let message = sent.message
        guard case .start(let start) = message.body else {
            return offer(message.to, .message(message), key: sent.key, arrived: sent.sent)
        }
        do {
            let (rows, key) = try await inheritedForm(message, start, at: sent.sent)
            offer(message.to, .message(message), key: sent.key, arrived: sent.sent, sealed: rows, dataKey: key)
        } catch let error as PostgresError {
            logger.warning("linked dossier \(message.to.text) waits for its form: \(error)")
        } catch { await noteStuck(message.to, sent.key, "the form cannot be handed on: \(error)") }
    }

    /// Puts an agenda row that cannot become a command into the list of what is stuck (R12).
    private func noteStuck(_ target: DossierRef, _ key: String, _ error: String) async {
        logger.error("agenda row \(key) of \(target.text): \(error)")
        do {
            try await store.noteStuck(
                province: target.province, dossier: target.id, key: key, error: error, at: clock.now(),
                retryAt: clock.now().adding(seconds: 60))
        } catch { warn("the stuck list could not be written", error) }
    }

    private func offer(
        _ target: DossierRef, _ command: Command, key: String, arrived: Instant, sealed: [SealedRow] = [],
        dataKey: DataKeyRow? = nil
    ) {
        let row = Hints.Row(dossier: target, key: key)
        guard hints.begin(row) else { return }
        let pending = Pending(
            dossier: target, command: command, by: .engine, arrived: arrived, identity: nil, expectation: nil,
            consumes: key, newcomer: nil, sealed: sealed, dataKey: dataKey, render: nil,
            answer: { [hints] _ in hints.end(row) }, deadline: .now + .seconds(60))
        if !queue.offer(pending) { hints.end(row) }
    }
}

extension TimerKey.Kind {
    /// Whether a dossier or its agency stands worse after it fires.
    var worsens: Bool {
        switch self {
        case .silence, .stepLate, .late, .interrupt: true
        case .time, .down, .warn, .stopOverdue, .remind, .succession: false
        }
    }
}
