import ArgumentParser

/// Makes the tables out of the measurements.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Writes the tables of a run.")

    @Option(help: "The measurements.") var record: String
    @Option(help: "What they were made with.") var about: String
    @Option(help: "The file to write; the tables also go to the standard output.") var out: String

    func run() throws {
        let text = try ReportText(measurements: Measurements(file: record), about: About(file: about)).text
        print(text)
        if out != "/dev/null" { try TextFile.write(text, to: out) }
    }
}

/// Everything that was written down, by phase, connections and name; a value a round.
struct Measurements {
    struct Key: Hashable {
        let phase: String
        let connections: Int
        let name: String
    }

    private var values: [Key: [(round: Int, value: Double)]] = [:]

    init(file: String) throws {
        for line in try TextFile.read(file).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 5, let connections = Int(parts[1]), let round = Int(parts[2]),
                let value = Double(parts[4])
            else { throw BenchFailure("a measurement does not read: \(line)") }
            // Round 0 tried how fast the machine is.
            guard round > 0 else { continue }
            values[Key(phase: String(parts[0]), connections: connections, name: String(parts[3])), default: []]
                .append((round, value))
        }
    }

    /// The values in the order of their rounds; several of one round stay in the order in which they were made.
    func all(_ phase: String, _ connections: Int, _ name: String) -> [(round: Int, value: Double)] {
        values[Key(phase: phase, connections: connections, name: name)] ?? []
    }

    /// The middle value; nil when there is none.
    func median(_ phase: String, _ connections: Int, _ name: String) -> Double? {
        Self.median(all(phase, connections, name).map(\.value))
    }

    /// The sum over all rounds.
    func sum(_ phase: String, _ connections: Int, _ name: String) -> Double {
        all(phase, connections, name).reduce(0) { $0 + $1.value }
    }

    /// The quotient of two measurements, round by round.
    func quotients(_ above: [(round: Int, value: Double)], _ below: [(round: Int, value: Double)]) -> [Double] {
        above.compactMap { above in
            guard let other = below.first(where: { $0.round == above.round })?.value, other > 0 else { return nil }
            return above.value / other
        }
    }

    /// Median with the lowest and the highest, as `1,234 (1,200–1,300)`.
    static func spread(_ values: [Double], _ digits: Int) -> String {
        guard let median = median(values), let low = values.min(), let high = values.max() else { return "–" }
        guard values.count > 1 else { return Decimals.text(median, digits) }
        return "\(Decimals.text(median, digits)) (\(Decimals.text(low, digits))–\(Decimals.text(high, digits)))"
    }

    static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// What a run was made with: names and texts.
struct About {
    private var texts: [(name: String, text: String)] = []

    init(file: String) throws {
        for line in try TextFile.read(file).split(separator: "\n") {
            guard let tab = line.firstIndex(of: "\t") else { continue }
            texts.append((String(line[..<tab]), String(line[line.index(after: tab)...])))
        }
    }

    subscript(_ name: String) -> String { texts.first { $0.name == name }?.text ?? "unknown" }

    /// Rows written a task, by table: inserted, updated, deleted.
    var rows: [(table: String, counts: [Double])] {
        texts.filter { $0.name.hasPrefix("rows ") }.map { entry in
            (String(entry.name.dropFirst(5)), entry.text.split(separator: " ").compactMap { Double($0) })
        }
    }
}

/// The tables.
struct ReportText {
    let measurements: Measurements
    let about: About

    private static let levels = [1, 32, 128]

    var text: String {
        [heading, taskTable, databaseTable, lookUpTable, generator, statistics, arrivals, memory, rowTable].joined(
            separator: "\n")
    }

    private var heading: String {
        """
        # Measured \(about["date"])

        \(about["cores"]) cores (\(about["processor"])), \(about["memory"]), \(about["disk"]); PostgreSQL \
        \(about["postgres"]), embedded (\(about["settings"])); Hummingbird \(about["hummingbird"]); MotCua at \
        \(about["commit"]), \(about["build"]). Load generator, server and PostgreSQL share the cores; before the start \
        other programs took \(about["busy-before"]) % of them, after the end \(about["busy-after"]) %. Rounds: \
        \(about["rounds"]), in \(about["seconds"]) s; the median, and in parentheses the lowest and the highest.

        """
    }

    private var taskTable: String {
        var lines = [
            "## Tasks completed, over HTTP, durably", "",
            "| connections | a second | p50 ms | p95 ms | p99 ms | commands a batch | errors | cores: server, PostgreSQL, load, stolen |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for level in Self.levels {
            let cells = [
                String(level), spread("tasks", level, "rate", 0), middle("tasks", level, "p50", 1),
                middle("tasks", level, "p95", 1), middle("tasks", level, "p99", 1), middle("tasks", level, "batch", 1),
                Decimals.text(measurements.sum("tasks", level, "errors"), 0),
                ["server", "postgres", "load", "stolen"].map { middle("tasks", level, "cores-\($0)", 2) }.joined(
                    separator: ", "),
            ]
            lines.append(row(cells))
        }
        let aside = Self.levels.reduce(0) { $0 + measurements.sum("tasks", $1, "aside-in-all") }
        let counted = Self.levels.reduce(0) { $0 + measurements.sum("tasks", $1, "counted-in-all") }
        let submitted = measurements.all("submit", 64, "rate").map(\.value)
        lines += [
            "",
            "Beside them the load generator read the dossier \(Decimals.text(counted > 0 ? aside / counted : 0, 2)) times a "
                + "completion, after the connector's answer, which lists no tasks. Submissions at 64 connections: "
                + "\(Measurements.spread(submitted, 0)) a second. In the end there were \(about["dossiers"]) dossiers, "
                + "\(about["events"]) events and \(about["stuck"]) stuck commands.", "",
        ]
        return lines.joined(separator: "\n")
    }

    private var databaseTable: String {
        var lines = [
            "## Beside pgbench: the same rows, a transaction a task, on the same server", "",
            "| connections | MotCua | pgbench, pipelined | pgbench, a round trip a statement | MotCua ÷ the faster pgbench |",
            "|--:|--:|--:|--:|--:|",
        ]
        for level in Self.levels {
            let tasks = measurements.all("tasks", level, "rate")
            let ways = ["pgbench-pipelined", "pgbench-round-trips"].map { measurements.all($0, level, "rate") }
            let faster = ways[0].map { one in
                (round: one.round, value: max(one.value, ways[1].first { $0.round == one.round }?.value ?? 0))
            }
            let clients = Int(measurements.median("pgbench-pipelined", level, "clients") ?? 0)
            let note = clients == level ? "" : " [\(clients)]"
            lines.append(
                row([
                    String(level), Measurements.spread(tasks.map(\.value), 0),
                    Measurements.spread(ways[0].map(\.value), 0) + note,
                    Measurements.spread(ways[1].map(\.value), 0) + note,
                    Measurements.spread(measurements.quotients(tasks, faster), 2),
                ]))
        }
        lines += [
            "",
            "In brackets: pgbench's clients where the embedded server takes no more (it has 100 connections). What the two "
                + "sides do and do not do: Benchmarks/README.md.", "",
        ]
        return lines.joined(separator: "\n")
    }

    private var rowTable: String {
        var lines = [
            "## What one completed task wrote", "",
            "Rows by the server's own counters, the public side's tables and the sequencer's included; state, event, notice "
                + "and answer held \(about["bytes"]) bytes on average.", "", "| table | inserted | updated | deleted |",
            "|---|--:|--:|--:|",
        ]
        for (table, counts) in about.rows { lines.append(row([table] + counts.map { Decimals.text($0, 2) })) }
        return (lines + [""]).joined(separator: "\n")
    }

    func spread(_ phase: String, _ level: Int, _ name: String, _ digits: Int) -> String {
        Measurements.spread(measurements.all(phase, level, name).map(\.value), digits)
    }

    func middle(_ phase: String, _ level: Int, _ name: String, _ digits: Int) -> String {
        measurements.median(phase, level, name).map { Decimals.text($0, digits) } ?? "–"
    }

    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
