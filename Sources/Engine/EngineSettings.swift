/// How the engine is sized.
package struct EngineSettings: Sendable {
    /// Commands in one transaction at most.
    package var batchLimit = 200
    /// Commands waiting in all queues together at most; more are told to come again.
    package var queueLimit = 8_000
    /// Lanes of one province: a dossier always uses the same one (R10).
    package var lanesPerProvince = 2
    /// Batches that may commit at the same time.
    package var committers = 4
    /// After a batch of so many commands the lane gathers for a moment before the next one.
    package var crowd = 24
    /// How long it gathers then.
    package var gathering: Duration = .milliseconds(3)
    /// How long a caller waits for an answer before it is told to ask again.
    package var patience: Duration = .seconds(10)
    /// How long the database may be silent before callers are told to ask again; after a third of it is knocked, so often and
    /// so patiently.
    package var databasePatience: Duration = .seconds(3)
    package var knockInterval: Duration = .milliseconds(500)
    package var knockTimeout: Duration = .milliseconds(1_500)
    /// How often the agenda is looked at.
    package var agendaInterval: Duration = .milliseconds(100)
    /// How often waiting notices are sequenced when nothing tells of new ones.
    package var sequencerInterval: Duration = .milliseconds(50)
    /// How often procedure files loaded by other nodes are looked for.
    package var catalogueInterval: Duration = .seconds(2)
    /// How often it is counted what is stuck.
    package var stuckInterval: Duration = .seconds(10)
    /// How often it is looked whether a new day has begun.
    package var dayInterval: Duration = .seconds(30)

    /// The sizes for two cores.
    package init() {}
}
