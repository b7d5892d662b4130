import ArgumentParser
import NIOCore
import NIOPosix
import Synchronization

/// Opens many live connections at once and keeps them.
struct Streams: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follows a province over many connections, and says what each costs the server's memory.")

    @Option var port: Int
    @Option(help: "What is followed.") var path: String
    @Option(help: "Seconds that all are kept open.") var seconds: Int
    @OptionGroup var options: RecordOptions

    func run() async throws {
        guard let pid = options.serverPid else { throw BenchFailure("--server-pid is needed") }
        let before = MemoryUse(pid)
        let counts = StreamCounts()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Load.threadCount)
        defer { group.shutdownGracefully { _ in } }
        var channels: [any Channel] = []
        var next = 0
        while next < options.connections {
            // Some at a time: the kernel's queue of new connections is short.
            let batch = try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
                for number in next..<min(next + 50, options.connections) {
                    tasks.addTask { try await open(number, counts, group) }
                }
                return try await tasks.reduce(into: [any Channel]()) { $0.append($1) }
            }
            channels += batch
            next += 50
        }
        let isOpen = { counts.state.withLock { $0.answered } >= options.connections }
        var tries = 100
        while !isOpen(), tries > 0 {
            tries -= 1
            try await Task.sleep(for: .milliseconds(100))
        }
        try await Task.sleep(for: .seconds(Int64(seconds)))
        let after = MemoryUse(pid)
        let state = counts.state.withLock { $0 }
        for channel in channels { channel.close(promise: nil) }
        let values: [(String, Double)] = [
            ("open", Double(state.answered - state.closed)), ("before", before.resident), ("resident", after.resident),
            ("highest", after.highest), ("heard", Double(state.heard)),
        ]
        try TextFile.append(
            values.map { "streams\t\(options.connections)\t\(options.round)\t\($0.0)\t\($0.1)\n" }.joined(),
            to: options.record)
        print(
            "streams: \(state.answered - state.closed) open, \(state.heard) heard a sign of life; server "
                + "\(Decimals.text(before.resident, 0)) MB before, \(Decimals.text(after.resident, 0)) MB with them, "
                + "at most \(Decimals.text(after.highest, 0)) MB")
        guard state.answered - state.closed == options.connections else {
            throw BenchFailure("\(state.closed) closed, \(options.connections - state.answered) without an answer")
        }
    }

    private func open(_ number: Int, _ counts: StreamCounts, _ group: MultiThreadedEventLoopGroup) async throws
        -> any Channel
    {
        let request =
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.\(number >> 8).\(number & 255).7\r\n\r\n"
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReader(counts))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
        return channel
    }
}

/// What all connections saw together.
private final class StreamCounts: Sendable {
    struct State {
        var answered = 0
        /// Those that got something after their beginning.
        var heard = 0
        var closed = 0
    }

    let state = Mutex(State())
}

/// Counts what a live connection gets, without reading it.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let counts: StreamCounts
    private var start = ByteBuffer()
    private var isAnswered = false
    private var hasHeard = false

    init(_ counts: StreamCounts) { self.counts = counts }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if isAnswered {
            if !hasHeard {
                hasHeard = true
                counts.state.withLock { $0.heard += 1 }
            }
            return
        }
        start.writeBuffer(&buffer)
        let isStream = start.withUnsafeReadableBytes { Bytes.position(of: "retry: ", in: $0) != nil }
        guard isStream, start.getString(at: 0, length: 15) == "HTTP/1.1 200 OK" else { return }
        isAnswered = true
        start = ByteBuffer()
        counts.state.withLock { $0.answered += 1 }
    }

    func channelInactive(context: ChannelHandlerContext) { counts.state.withLock { $0.closed += 1 } }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// A process's memory in megabytes.
struct MemoryUse {
    let resident: Double
    let highest: Double

    init(_ pid: Int32) {
        let text = ProcFile.read("/proc/\(pid)/status") ?? ""
        func megabytes(_ name: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            return (line?.split(separator: " ").dropLast().last.flatMap { Double($0.drop { !$0.isNumber }) } ?? 0)
                / 1_024
        }
        resident = megabytes("VmRSS")
        highest = megabytes("VmHWM")
    }
}
