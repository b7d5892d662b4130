import Dossiers
package import Logging
import Notices
package import Postgres
package import Procedures
import ServiceLifecycle
import Store
import Synchronization
package import Vault
import WorkingTime

/// Runs many dossiers: takes commands, commits them in groups, minds the agenda, numbers the notices.
///
/// One a process; any number of processes may share a database, and PostgreSQL alone arbitrates between them.
package final class DossierEngine: Service, Sendable {
    /// The time in law.
    package let clock: EngineClock
    let store: DossierStore
    /// How the database is reached.
    let database: PostgresConfiguration
    let vault: PersonalVault
    let settings: EngineSettings
    let logger: Logger
    let shelf = CatalogueShelf()
    let queue: CommandQueue
    let metrics = EngineMetrics()
    let hints = Hints()
    let standing: DatabaseStanding
    /// The ids of clients that were shut out.
    let shutOut = Mutex<Set<String>>([])
    let started: AsyncStream<Batch.SentMessage>
    let starts: AsyncStream<Batch.SentMessage>.Continuation

    /// Opens nothing; `loadCatalogue()` and `run()` do.
    package init(
        pool: ConnectionPool, vault: PersonalVault, clock: EngineClock = .system,
        settings: EngineSettings = EngineSettings(),
        logger: Logger
    ) {
        store = DossierStore(pool: pool)
        database = pool.configuration
        self.vault = vault
        self.clock = clock
        self.settings = settings
        self.logger = logger
        queue = CommandQueue(settings)
        standing = DatabaseStanding(patience: settings.databasePatience)
        // What does not fit is not lost: the agenda keeps every message until it is consumed.
        (started, starts) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(10_000))
    }

    /// The procedures, calendars and agencies in use now.
    package var catalogue: Catalogue { shelf.snapshot.catalogue }

    /// Serves until it is told to stop, gracefully or by cancelling, then finishes every command that it took.
    /// - Throws: ``KeyMismatch`` when the database was sealed under another key file.
    package func run() async throws {
        do {
            try await checkKeys()
            try await refreshCatalogue()
        } catch let mismatch as KeyMismatch {
            // Not even a queue may stand open: whoever waits, or came before, would wait for nothing.
            for pending in queue.abandon() { pending.answer(.unavailable) }
            throw mismatch
        } catch {
            // The loop over the catalogue tries again; an engine that ended here would leave its callers without an answer.
            logger.warning("the catalogue cannot be read at start: \(error)")
        }
        let committer = Committer(
            queue: queue, settings: settings, store: store, shelf: shelf, clock: clock, metrics: metrics,
            logger: logger,
            afterCommit: { [self] province, result in
                heard()
                follow(province, result)
            })
        // A task of its own, out of reach of our cancelling: what the committers took, they finish, and a COMMIT under way
        // is never cut short (R14). They end by the queue's closing.
        let committing = Task { [settings] in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<max(settings.committers, 1) { group.addTask { await committer.run() } }
            }
        }
        await withTaskGroup(of: Void.self) { minders in
            minders.addTask { await self.mindDatabase() }
            minders.addTask { await self.mindStarts() }
            minders.addTask { await self.mindAgenda() }
            minders.addTask { await self.mindOutgoing() }
            minders.addTask { await self.mindNotices() }
            minders.addTask { await self.mindCatalogue() }
            minders.addTask { await self.mindAnswers() }
            minders.addTask { await self.mindDays() }
            minders.addTask { await self.mindKeys() }
            minders.addTask { await self.mindStuck() }
            // Throws when the task is cancelled, which means the same here: stop.
            try? await gracefulShutdown()
            minders.cancelAll()
        }
        queue.close()
        await committing.value
    }
}
