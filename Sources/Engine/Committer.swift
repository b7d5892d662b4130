import Dossiers
import Logging
import Metrics
import Postgres
import Store
import WorkingTime

/// Takes batches from the queue and commits them, until the queue is closed and empty.
struct Committer: Sendable {
    let queue: CommandQueue
    let settings: EngineSettings
    let store: DossierStore
    let shelf: CatalogueShelf
    let clock: EngineClock
    let metrics: EngineMetrics
    let logger: Logger
    /// Told after each commit what there is to do next.
    let afterCommit: @Sendable (_ province: Int16, Batch.Result) -> Void

    /// Runs until the queue ends. A batch in hand is always finished: a command taken is not cancelled.
    func run() async {
        while let work = await queue.next() {
            await commit(work.commands, province: work.lane.province)
            // The batch's messages are there at once, what its callers do next comes within moments: one batch instead of a
            // small one and a large one. Not while another lane waits for this committer. Cancellation only ends the pause.
            if work.commands.count >= settings.crowd, !queue.hasReadyLane {
                try? await Task.sleep(for: settings.gathering)
            }
            queue.finished(work.lane)
        }
    }

    /// Commits the commands together, or takes them apart when the database refuses the whole.
    private func commit(_ commands: [Pending], province: Int16) async {
        let alive = commands.filter { !expired($0) }
        guard !alive.isEmpty else { return }
        // R10: what others held three times goes alone, and waits for its turn up to `lock_timeout`.
        let patient = alive.filter(\.waitsForLock)
        if alive.count > 1, !patient.isEmpty {
            for pending in patient { await commit([pending], province: province) }
            return await commit(alive.filter { !$0.waitsForLock }, province: province)
        }
        let began = ContinuousClock.now
        do {
            let result = try await attempt(alive, province)
            metrics.committed(commands: alive.count, events: result.eventCount, in: ContinuousClock.now - began)
            settle(alive, result, province)
        } catch let error as StoreError where error.isTwin {
            // The same key on another node, a moment earlier: the next try finds its answer.
            for pending in alive { again(pending) }
        } catch StoreError.collision where alive.count == 1 && alive[0].tries < 3 {
            // Another transaction made the same dossier, or took the same reference, a moment earlier: the next try finds it.
            again(alive[0])
        } catch StoreError.held {
            // Whoever holds the dossier, it is not the command's fault: a machine's comes again with the agenda.
            logger.warning("dossier \(alive[0].dossier.text) is held by another transaction")
            for pending in alive { again(pending, missed: true) }
        } catch let error as PostgresError
            where error.isAboutTheConnection || alive.count == 1 && alive[0].mayOutlast(error)
        {
            logger.warning("batch of \(alive.count) is asked again: \(error)")
            metrics.lostBatches.increment()
            // Unknown, or not begun: the same keys tell on the next try. Machines' rows are still in the agenda, or gone.
            // A cancelled wait means stopping, and then the next try is the last.
            try? await Task.sleep(for: .milliseconds(50))
            for pending in alive { again(pending) }
        } catch  where alive.count > 1 {
            // R12: one of them spoils the batch; halves are tried until it stands alone.
            logger.warning("batch of \(alive.count) is taken apart: \(error)")
            metrics.splitBatches.increment()
            let middle = alive.count / 2
            await commit(Array(alive[..<middle]), province: province)
            await commit(Array(alive[middle...]), province: province)
        } catch {
            await fail(alive[0], error)
        }
    }

    private func attempt(_ commands: [Pending], _ province: Int16) async throws -> Batch.Result {
        let batch = Batch(
            province: province, commands: commands, shelf: shelf.snapshot,
            recordedOverride: clock.recordedOverride, waiting: commands.allSatisfy(\.waitsForLock))
        return try await store.commit(province: province) { transaction in try batch.run(transaction) }
    }

    private func settle(_ commands: [Pending], _ result: Batch.Result, _ province: Int16) {
        for (pending, outcome) in zip(commands, result.outcomes) {
            switch outcome {
            case .answered(let answer): pending.answer(.answered(answer))
            case .keyReused: pending.answer(.keyReused)
            case .held: again(pending, missed: true)
            case .notHere:
                logger.error("dossier \(pending.dossier.text) needs a procedure version or build that is not here")
                pending.answer(.unavailable)
            }
        }
        afterCommit(province, result)
    }

    /// Puts a command back in its lane; past its caller's patience it is answered "ask again with the same key".
    private func again(_ pending: Pending, missed: Bool = false) {
        var next = pending
        next.tries += 1
        if missed { next.misses += 1 }
        if pending.isMachine, next.tries > 3 { return pending.answer(.unavailable) }
        if expired(next) { return }
        if !queue.offer(next) { pending.answer(.unavailable) }
    }

    private func expired(_ pending: Pending) -> Bool {
        guard ContinuousClock.now > pending.deadline else { return false }
        pending.answer(.unavailable)
        return true
    }

    /// The one command that cannot be carried out.
    private func fail(_ pending: Pending, _ error: any Error) async {
        logger.error("command on \(pending.dossier.text) failed alone: \(error)")
        metrics.failedCommands.increment()
        if let key = pending.consumes {
            do {
                try await store.noteStuck(
                    province: pending.dossier.province, dossier: pending.dossier.id, key: key, error: "\(error)",
                    at: clock.now(), retryAt: clock.now().adding(seconds: 60))
            } catch {
                logger.error("the stuck list could not be written: \(error)")
            }
        }
        pending.answer(.failed)
    }
}

extension Pending {
    /// Whether a time-out that it met alone may be over at the next try.
    func mayOutlast(_ error: PostgresError) -> Bool {
        // A person's command has its caller's patience. A machine's tries three times: a transaction whose client fell
        // silent is ended before that, what still holds the lock then is for a person to see (R12).
        error.isToldTimeOut && (!isMachine || error.code == .lockTimeout && tries < 2)
    }
}

extension PostgresError {
    /// Whether it says nothing of the commands, only of the way to the database.
    var isAboutTheConnection: Bool {
        [.connectionLost, .outcomeUnknown, .timedOut, .cancelled, .poolExhausted, .poolClosed].contains(code)
            && !isToldTimeOut || isRetryable || isLackOfResources
    }

    /// Whether the server has no room (its disk is full, 53100; too many connections, 53300) or its disk fails (58030): the
    /// commands are as good as before, and done once an operator has made room.
    var isLackOfResources: Bool { ["53100", "53300", "58030"].contains(sqlState) }

    /// Whether the server itself ended a statement at `statement_timeout` or `lock_timeout`: the connection is sound, and
    /// one of the commands may always meet it (R12).
    var isToldTimeOut: Bool { ["57014", "55P03"].contains(sqlState) && [.timedOut, .lockTimeout].contains(code) }
}
