import ArgumentParser
import Glibc
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// The load generator and its helpers; `Benchmarks/run` calls it.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Loads a MotCua server and writes down what it saw.",
        subcommands: [Submit.self, Tasks.self, LookUps.self, Arrivals.self, Streams.self, Empty.self, Report.self])
}

/// What each measurement is called and where it is written.
struct RecordOptions: ParsableArguments {
    @Option(help: "The file of measurements, to which lines are added.")
    var record: String

    @Option(help: "Which repetition this is.")
    var round = 1

    @Option(help: "Connections that are kept open.")
    var connections: Int

    @Option(help: "Process of the measured server.")
    var serverPid: Int32?

    @Option(help: "Process of its PostgreSQL.")
    var postgresPid: Int32?

    var watched: [WatchedProcess] {
        [
            serverPid.map { WatchedProcess(name: "server", pid: $0, withChildren: false) },
            postgresPid.map { WatchedProcess(name: "postgres", pid: $0, withChildren: true) },
        ].compactMap { $0 }
    }

    /// Adds the result's lines, says it on the standard output, and fails when there were errors.
    func write(_ phase: String, _ result: LoadResult) throws {
        var values: [(String, Double)] = [
            ("rate", result.rate), ("answers", Double(result.latencies.count)), ("seconds", result.seconds),
            ("counted-in-all", Double(result.countedInAll)), ("aside-in-all", Double(result.asideInAll)),
            ("errors", Double(result.errorCount)),
        ]
        // In order of their quantiles; the message below reads them there.
        for (name, quantile) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("most", 1)] {
            values.append((name, result.latencies.milliseconds(quantile: quantile)))
        }
        for core in result.cores { values.append(("cores-\(core.name)", core.value)) }
        try TextFile.append(
            values.map { "\(phase)\t\(connections)\t\(round)\t\($0.0)\t\($0.1)\n" }.joined(), to: record)
        let cores = result.cores.map { "\($0.name) \(Decimals.text($0.value, 2))" }.joined(separator: ", ")
        print(
            "\(phase) ×\(connections): \(Decimals.text(result.rate, 0))/s, p50 \(Decimals.text(values[6].1, 2)) ms, "
                + "p95 \(Decimals.text(values[7].1, 2)) ms, p99 \(Decimals.text(values[8].1, 2)) ms, "
                + "errors \(result.errorCount), others \(result.asideInAll), cores: \(cores)")
        guard result.errorCount == 0 else {
            throw BenchFailure("\(result.errorCount) errors, such as:\n  " + result.errors.joined(separator: "\n  "))
        }
    }
}

/// Submits dossiers for the tasks that follow.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Submits dossiers and notes their first tasks.")

    @Option var port: Int
    @Option(help: "Agency or connector, id and secret of each client, with tabs between.")
    var clients: String
    @Option(help: "Where the dossiers are noted.")
    var stock: String
    @Option(help: "How many.")
    var count: Int
    @Option(help: "Seconds after which those that are there must do.")
    var atMost: Int64 = 30
    @OptionGroup var options: RecordOptions

    func run() async throws {
        let desks = try await Desks(clients: clients, port: port)
        let stock = Stock()
        let writer = SubmissionWriter(token: desks.tokens[Desks.centre] ?? "", run: RunName.new())
        let numbers = Numbers()
        let count = count
        let load = Load(
            port: port, connectionCount: options.connections, warmUp: .zero,
            extent: .untilDone(atMost: .seconds(atMost)))
        let result = try await load.run { _ in
            Submitting(writer: writer, numbers: numbers, count: count, stock: stock)
        }
        try stock.write(to: self.stock)
        try options.write("submit", result)
    }
}

/// Completes tasks.
struct Tasks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes noted dossiers through all their tasks.")

    @Option var port: Int
    @Option var clients: String
    @Option var stock: String
    @Option(help: "Seconds before measuring.") var warmUp: Int
    @Option(help: "Seconds of measuring.") var seconds: Int
    @OptionGroup var options: RecordOptions

    func run() async throws {
        let desks = try await Desks(clients: clients, port: port)
        let stock = try Stock(file: stock)
        let writer = SubmissionWriter(token: desks.tokens[Desks.centre] ?? "", run: RunName.new())
        let numbers = Numbers()
        let load = Load(
            port: port, connectionCount: options.connections, warmUp: .seconds(Int64(warmUp)),
            extent: .fixed(.seconds(Int64(seconds))), watched: options.watched)
        let result = try await load.run {
            Working(desks: desks, stock: stock, writer: writer, numbers: numbers, connection: $0)
        }
        try options.write("tasks", result)
    }
}

/// Looks up codes.
struct LookUps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "look-ups", abstract: "Looks up the codes of noted dossiers, or asks the empty handler.")

    @Option var port: Int
    @Option(help: "json, hot, page, unchanged, path or empty.") var kind: LookUpKind
    @Option(help: "The noted dossiers, or codes or paths, one a line.") var stock: String?
    @Option(help: "How many different codes.") var codes = 2_000
    @Option(help: "What the measurement is called; look-ups and the kind otherwise.") var name: String?
    @Option(help: "Requests a second; as many as go otherwise.") var rate: Double?
    @Option var warmUp: Int
    @Option var seconds: Int
    @OptionGroup var options: RecordOptions

    func run() async throws {
        let codes = try stock.map { try listed(file: $0) } ?? []
        var load = Load(
            port: port, connectionCount: options.connections, warmUp: .seconds(Int64(warmUp)),
            extent: .fixed(.seconds(Int64(seconds))), watched: options.watched)
        load.rate = rate
        let kind = kind
        let connectionCount = options.connections
        let result = try await load.run { connection in
            // Each connection has codes of its own, so that it soon knows all their tags.
            let own = codes.enumerated().filter { $0.offset % connectionCount == connection }.map(\.element)
            return Looking(kind: kind, codes: own, connection: connection)
        }
        try options.write(name ?? "look-ups-\(kind.rawValue)", result)
    }

    /// Codes, or paths of pages, one a line, or noted dossiers.
    private func listed(file: String) throws -> [String] {
        let lines = try TextFile.read(file).split(separator: "\n").prefix(codes)
        return lines.map { line in String(line.split(separator: "\t").last ?? line) }
    }
}

extension LookUpKind: ExpressibleByArgument {}

/// The handler that does nothing: what Hummingbird itself costs.
struct Empty: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves an empty answer by Hummingbird, until SIGTERM.")

    @Option var port: Int

    func run() async throws {
        let router = Router()
        router.get("/") { _, _ in "" }
        var logger = Logger(label: "empty")
        logger.logLevel = .error
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).runService()
    }
}

/// Why a measurement is worth nothing.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A name that no other run has.
enum RunName {
    static func new() -> String { "b" + String(UInt64.random(in: .min ... .max), radix: 36) }
}

/// The last answer of a single request.
final class LockedAnswer: Sendable {
    private let answer = Mutex<Answer?>(nil)

    var value: Answer? {
        get { answer.withLock { $0 } }
        set { answer.withLock { $0 = newValue } }
    }
}

/// Text files, whole.
enum TextFile {
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw BenchFailure("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }

    static func write(_ text: String, to path: String) throws { try put(text, path, "w") }

    static func append(_ text: String, to path: String) throws { try put(text, path, "a") }

    private static func put(_ text: String, _ path: String, _ mode: String) throws {
        guard let file = fopen(path, mode) else { throw BenchFailure("cannot write \(path)") }
        let isWhole = fputs(text, file) >= 0
        guard fclose(file) == 0, isWhole else { throw BenchFailure("cannot write \(path)") }
    }
}

/// Numbers as tables show them.
enum Decimals {
    /// With so many digits after the point, and commas between thousands.
    static func text(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let unit = Int64(scale)
        var whole = String(scaled / unit)
        var place = whole.count - 3
        while place > 0 {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
            place -= 3
        }
        let sign = value < 0 ? "-" : ""
        guard digits > 0 else { return sign + whole }
        return sign + whole + "." + String(String(unit + scaled % unit).dropFirst())
    }
}
