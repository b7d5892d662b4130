import Engine
import Procedures
import ServiceLifecycle
import Synchronization
import WorkingTime

/// The ports at which the server listens, as soon as it does.
final class DemoDoors: Sendable {
    private let ports = Mutex<[ServerFace: Int]>([:])

    func opened(_ face: ServerFace, port: Int) {
        ports.withLock { $0[face] = port }
    }

    /// Waits for all faces.
    func wait() async throws -> (api: Int, pages: Int) {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let ports = ports.withLock { $0 }
            if let api = ports[.api], let pages = ports[.pages], ports[.operations] != nil { return (api, pages) }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure(.notNow, "the server does not listen after a minute: is a port taken? (--port)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// The demo as a service beside the server: plays the day, reports, and stays until told to stop.
struct DemoPlay: Service {
    let engine: DossierEngine
    let day: DemoDay
    let doors: DemoDoors
    let count: Int
    let seed: UInt64
    let host: String
    let servesOn: Bool
    let terminal: Terminal
    let outcome: BodyOutcome

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await play() }
            if servesOn { try await gracefulShutdown() }
        } catch is CancellationError {
            return
        } catch {
            // Kept aside, so that the server ends in order before the error is shown.
            outcome.set(error)
        }
    }

    private func play() async throws {
        let ports = try await doors.wait()
        let client = HTTPClient(ServerAddress(host: host, port: ports.api), idleCountMax: 48)
        let pages = HTTPClient(ServerAddress(host: host, port: ports.pages))
        try await ready(client)
        guard let places = SamplePlaces(engine.catalogue.directory, on: day.date) else {
            throw CommandFailure(.no, "the agencies have no centre with communes around it: nothing to play")
        }
        var writer = SampleWriter(places: places, day: day.date, seed: seed)
        let samples = writer.dossiers(count: count)
        let script = DemoScript()
        let cast = try await DemoCast(engine: engine, api: client, samples: samples, script: script, day: day)
        terminal.line(
            "API \(client.address)   trang công dân / citizens' pages \(pages.address)   "
                + "\(samples.count) hồ sơ / dossiers, seed \(seed)")
        let bar = ProgressBar(terminal)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cast.play() }
            group.addTask {
                try await day.play(isBehind: { script.isBehind }) { now in
                    let count = script.count
                    bar.show(
                        done: day.progress(at: now), total: 1000,
                        note: "\(now.timeOfDay.minuteText)  \(count.submitted) nộp/in  \(count.tasks) việc/tasks  "
                            + "\(count.returned) trả/returned")
                }
            }
            try await group.waitForAll()
        }
        bar.finish()
        let report = DemoReport(
            script: script, centres: cast.centres, desks: cast.desks, pages: pages, terminal: terminal)
        try await report.show()
        await client.close()
        await pages.close()
        if servesOn { terminal.line("\nMáy chủ vẫn chạy; Ctrl-C để dừng. / Serving on; Ctrl-C ends it.") }
    }

    /// The catalogue is in use and the API answers.
    private func ready(_ client: HTTPClient) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while await engine.readiness() != nil {
            guard ContinuousClock.now < deadline else {
                throw CommandFailure(.notNow, "the engine is not ready after a minute")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        _ = try await client.send(HTTPCall(.get, "/openapi.json"))
    }
}
