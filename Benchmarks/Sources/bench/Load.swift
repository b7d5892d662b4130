import NIOCore
import NIOPosix

/// What one run of the load generator saw.
struct LoadResult: Sendable {
    /// Latencies of the counted answers within the measured time.
    var latencies = Latencies()
    /// Counted answers in all, warm-up included.
    var countedInAll = 0
    /// Other answers in all.
    var asideInAll = 0
    /// Answers that were wrong, and connections that broke, in all.
    var errorCount = 0
    /// Some of the errors.
    var errors: [String] = []
    /// The measured time in seconds.
    var seconds = 0.0
    /// Processor seconds of the watched processes per second of the measured time, by name.
    var cores: [(name: String, value: Double)] = []

    /// Counted answers per second.
    var rate: Double { seconds > 0 ? Double(latencies.count) / seconds : 0 }

    fileprivate mutating func add(_ other: LoadResult) {
        latencies.add(other.latencies)
        countedInAll += other.countedInAll
        asideInAll += other.asideInAll
        errorCount += other.errorCount
        errors = Array((errors + other.errors).prefix(5))
    }
}

/// Where and how hard to ask.
struct Load: Sendable {
    /// A second thread is woken for every other answer, and takes from the server what it does for that.
    static let threadCount = 1

    /// How long it lasts.
    enum Extent: Sendable {
        /// As long as this, whatever is left to ask.
        case fixed(TimeAmount)
        /// Until every errand is done, or as long as this.
        case untilDone(atMost: TimeAmount)
    }

    var host = "127.0.0.1"
    var port: Int
    var connectionCount: Int
    var warmUp: TimeAmount
    var extent: Extent
    var watched: [WatchedProcess] = []
    /// Requests a second over all connections, sent when their time has come whether or not the server is slow; nil:
    /// each as soon as the answer before it is there.
    var rate: Double?
    /// Whether all connections of a load with a rate send at the same moments: those that mostly wait then wake the
    /// generator once for all of them, and not each by itself.
    var isInStep = false

    /// What is due within so much time is sent together, at its end, so that the generator is not woken for each request.
    /// Times count from when each was due.
    var tick: TimeAmount = .nanoseconds(1)

    /// Opens all connections, lets each run its errand, and adds up what they saw.
    /// - Throws: when no connection can be made, or processor times cannot be read.
    func run(_ makeErrand: @escaping @Sendable (_ connection: Int) -> any Errand) async throws -> LoadResult {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: Self.threadCount)
        defer { group.shutdownGracefully { _ in } }
        var callers: [(channel: any Channel, done: EventLoopFuture<LoadResult>, start: EventLoopPromise<Schedule>)] = []
        for number in 0..<connectionCount {
            let loop = group.next()
            let pace = rate.map {
                Pace(rate: $0, connection: isInStep ? 0 : number, connectionCount: connectionCount, tick: tick)
            }
            let done = loop.makePromise(of: LoadResult.self)
            let start = loop.makePromise(of: Schedule.self)
            let channel = try await ClientBootstrap(group: loop)
                .connectTimeout(.seconds(5))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let caller = Caller(
                            errand: makeErrand(number), pace: pace, done: done, start: start.futureResult)
                        try channel.pipeline.syncOperations.addHandler(caller)
                    }
                }
                .connect(host: host, port: port).get()
            callers.append((channel, done.futureResult, start))
        }
        let schedule = Schedule(now: .now(), warmUp: warmUp, extent: extent)
        for caller in callers { caller.start.succeed(schedule) }
        let watch = Task { try await Watch.run(watched, schedule) }
        var result = LoadResult()
        for caller in callers { result.add(try await caller.done.get()) }
        result.seconds = schedule.measuredSeconds(until: .now())
        if schedule.isOpen { watch.cancel() } else { result.cores = try await watch.value }
        return result
    }
}

/// The times at which one connection sends.
struct Pace: Sendable {
    let first: TimeAmount
    let interval: TimeAmount
    private let tick: TimeAmount

    init(rate: Double, connection: Int, connectionCount: Int, tick: TimeAmount) {
        self.tick = tick
        let nanoseconds = 1e9 / max(0.001, rate)
        interval = .nanoseconds(Int64(nanoseconds * Double(connectionCount)))
        first = .nanoseconds(Int64(nanoseconds * Double(connection)))
    }

    /// The end of the tick in which something is due.
    func end(of due: NIODeadline) -> NIODeadline {
        let size = UInt64(max(1, tick.nanoseconds))
        return .uptimeNanoseconds((due.uptimeNanoseconds + size - 1) / size * size)
    }
}

/// When what is measured begins and ends.
struct Schedule: Sendable {
    let measureFrom: NIODeadline
    let measureUntil: NIODeadline
    /// When a run that should have ended is given up.
    let giveUp: NIODeadline
    /// Whether it may end before.
    let isOpen: Bool

    init(now: NIODeadline, warmUp: TimeAmount, extent: Load.Extent) {
        measureFrom = now + warmUp
        switch extent {
        case .fixed(let time): (measureUntil, isOpen) = (measureFrom + time, false)
        case .untilDone(let atMost): (measureUntil, isOpen) = (measureFrom + atMost, true)
        }
        giveUp = measureUntil + .seconds(15)
    }

    func measuredSeconds(until end: NIODeadline) -> Double {
        Double(((isOpen ? min(end, measureUntil) : measureUntil) - measureFrom).nanoseconds) / 1e9
    }
}

/// One connection: a request at a time, never a second before the answer to the first.
private final class Caller: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let errand: any Errand
    private let pace: Pace?
    /// When the next request is to be sent, of a connection with a pace.
    private var due: NIODeadline?
    private let done: EventLoopPromise<LoadResult>
    private let start: EventLoopFuture<Schedule>
    private var schedule: Schedule?
    private var result = LoadResult()
    private var reader = AnswerReader()
    private var received = ByteBuffer()
    private var request = ByteBuffer()
    private var sent = NIODeadline.now()
    private var isDone = false

    init(
        errand: any Errand, pace: Pace?, done: EventLoopPromise<LoadResult>, start: EventLoopFuture<Schedule>
    ) {
        self.errand = errand
        self.pace = pace
        self.done = done
        self.start = start
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        start.whenSuccess { schedule in
            let (caller, context) = bound.value
            caller.schedule = schedule
            context.eventLoop.scheduleTask(deadline: schedule.giveUp) {
                let (caller, context) = bound.value
                caller.fail("no answer in time", context)
            }
            caller.send(context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        do {
            while let answer = try reader.next(&received) {
                received.discardReadBytes()
                take(answer, context)
            }
        } catch {
            fail("an answer that is no HTTP/1.1 with a Content-Length", context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("the server closed the connection", context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail("\(error)", context)
    }

    private func send(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        guard let pace else { return sendNow(context, since: .now()) }
        let due = self.due ?? .now() + pace.first
        self.due = due + pace.interval
        guard due > .now() else { return sendNow(context, since: due) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: pace.end(of: due)) {
            let (caller, context) = bound.value
            caller.sendNow(context, since: due)
        }
    }

    /// - Parameter since: from when on its time counts; a request that had to wait for the one before it is late.
    private func sendNow(_ context: ChannelHandlerContext, since: NIODeadline) {
        guard !isDone, let schedule else { return }
        if pace != nil, errand.isWaiting { return .now() < schedule.measureUntil ? send(context) : finish(context) }
        request.clear()
        guard errand.writeRequest(into: &request) else { return finish(context) }
        sent = since
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    private func take(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard !isDone, let schedule else { return }
        let now = NIODeadline.now()
        switch errand.take(answer) {
        case .counted:
            result.countedInAll += 1
            if now >= schedule.measureFrom, now < schedule.measureUntil {
                result.latencies.record(microseconds: (now - sent).nanoseconds / 1000)
            }
        case .aside: result.asideInAll += 1
        case .failed(let what): note(what)
        }
        if now >= schedule.measureUntil { finish(context) } else { send(context) }
    }

    private func note(_ what: String) {
        result.errorCount += 1
        if result.errors.count < 5 { result.errors.append(what) }
    }

    private func fail(_ what: String, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        note(what)
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        isDone = true
        done.succeed(result)
        context.close(promise: nil)
    }
}
