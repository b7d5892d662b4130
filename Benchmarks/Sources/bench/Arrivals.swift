import ArgumentParser
import NIOCore
import Synchronization

/// How long it takes from the commit of a step to the public page.
struct Arrivals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Completes tasks at a steady rate, and looks up finished dossiers until their pages say so.")

    @Option(help: "Port of the API.") var port: Int
    @Option(help: "Port of the public pages.") var pages: Int
    @Option var clients: String
    @Option var stock: String
    @Option(help: "Tasks a second.") var rate: Double
    @Option var warmUp: Int
    @Option var seconds: Int
    @Option(help: "Of so many dossiers that end, one is looked up.") var every = 10
    @OptionGroup var options: RecordOptions

    func run() async throws {
        let desks = try await Desks(clients: clients, port: port)
        let stock = try Stock(file: stock)
        let writer = SubmissionWriter(token: desks.tokens[Desks.centre] ?? "", run: RunName.new())
        let numbers = Numbers()
        let ended = EndedDossiers(every: every)
        var working = Load(
            port: port, connectionCount: options.connections, warmUp: .seconds(Int64(warmUp)),
            extent: .fixed(.seconds(Int64(seconds))), watched: options.watched)
        // A fifth of the requests reads the dossier after the connector's answer.
        working.rate = rate * 1.25
        working.tick = .milliseconds(5)
        var looking = Load(
            port: pages, connectionCount: 16, warmUp: .zero,
            extent: .fixed(.seconds(Int64(warmUp + seconds + 3))))
        // Each of the sixteen asks fifty times a second while it awaits something: more would take the cores from what is
        // measured.
        looking.rate = 800
        looking.isInStep = true
        async let seen = looking.run { Awaiting(ended, connection: $0) }
        let worked = try await working.run { connection in
            let errand = Working(
                desks: desks, stock: stock, writer: writer, numbers: numbers, connection: connection)
            errand.onEnd = { ended.put($0) }
            return errand
        }
        try options.write("arrivals-tasks", worked)
        var result = try await seen
        result.latencies = ended.latencies
        result.seconds = Double(seconds)
        try options.write("arrivals", result)
        guard ended.missingCount == 0 else { throw BenchFailure("\(ended.missingCount) ends never came to the page") }
    }
}

/// Dossiers that ended just now, of which some are looked up until their page says so.
final class EndedDossiers: Sendable {
    struct Ended: Sendable {
        let code: String
        /// When the answer was there, which leaves after the commit.
        let at: NIODeadline
    }

    private struct State {
        var count = 0
        var waiting: [Ended] = []
        var taken = 0
        var seen = 0
        var latencies = Latencies()
    }

    private let every: Int
    private let state = Mutex(State())

    init(every: Int) { self.every = max(1, every) }

    var latencies: Latencies { state.withLock { $0.latencies } }
    /// Those that were looked up and not seen.
    var missingCount: Int { state.withLock { $0.taken - $0.seen + $0.waiting.count } }

    func put(_ code: String) {
        let ended = Ended(code: code, at: .now())
        state.withLock { state in
            state.count += 1
            if state.count % every == 0 { state.waiting.append(ended) }
        }
    }

    func take() -> Ended? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            state.taken += 1
            return state.waiting.removeFirst()
        }
    }

    func saw(_ ended: Ended) {
        let time = (NIODeadline.now() - ended.at).nanoseconds / 1_000
        state.withLock { state in
            state.seen += 1
            state.latencies.record(microseconds: time)
        }
    }
}

/// Looks one ended dossier up again and again until its page says that it has ended, then the next.
final class Awaiting: Errand {
    private let ended: EndedDossiers
    private var current: EndedDossiers.Ended?
    private var address: Int
    private var askedAt = NIODeadline.now()

    init(_ ended: EndedDossiers, connection: Int) {
        self.ended = ended
        address = connection &* 1_237
    }

    var isWaiting: Bool {
        if current == nil { current = ended.take() }
        // A connection on which nothing happens is closed by the server.
        return current == nil && .now() - askedAt < .seconds(5)
    }

    func writeRequest(into buffer: inout ByteBuffer) -> Bool {
        askedAt = .now()
        address = (address + 1) % 20_000
        let path = current.map { "/v1/progress/\($0.code)" } ?? "/"
        buffer.writeString(
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.\(128 + (address >> 8)).\(address & 255).7\r\n\r\n"
        )
        return true
    }

    func take(_ answer: Answer) -> Verdict {
        guard answer.status == 200 else { return .failed("awaiting: \(answer.status) \(answer.excerpt)") }
        guard let current else { return .aside }
        let hasEnded = answer.body.withUnsafeReadableBytes { Bytes.position(of: "\"finishedAt\":", in: $0) != nil }
        if hasEnded {
            ended.saw(current)
            self.current = nil
        }
        return .aside
    }
}
