import Metrics

/// What the engine counts. No label names a dossier, a code or a person.
struct EngineMetrics: Sendable {
    /// Commands in a committed batch.
    let batchSize = Recorder(label: "motcua_batch_commands", aggregate: true)
    /// Time of a batch, from taking it to its commit.
    let batchTime = Metrics.Timer(label: "motcua_batch")
    let commands = Counter(label: "motcua_commands")
    let events = Counter(label: "motcua_events")
    let batches = Counter(label: "motcua_batches")
    /// Batches whose outcome was unknown or whose connection was lost.
    let lostBatches = Counter(label: "motcua_batches_lost")
    /// Batches taken apart because one command spoilt them: above 0 calls for a look.
    let splitBatches = Counter(label: "motcua_batches_split")
    let failedCommands = Counter(label: "motcua_commands_failed")
    /// Machine commands that wait for a person to free them: above 0 calls for a look.
    let stuck = Gauge(label: "motcua_stuck")
    let waiting = Gauge(label: "motcua_commands_waiting")

    /// Counts a committed batch.
    func committed(commands count: Int, events eventCount: Int, in time: Duration) {
        batchSize.record(Int64(count))
        let (seconds, attoseconds) = time.components
        batchTime.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        commands.increment(by: Int64(count))
        events.increment(by: Int64(eventCount))
        batches.increment()
    }
}
