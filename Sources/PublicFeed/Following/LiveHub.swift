/// What is told and who waits for it. Pure: whoever holds the lock resumes the waiters that the methods return.
///
/// A batch has an index; a connection is at the index of the batch that it takes next. While it waits it needs none of
/// its own, because every batch that concerns it wakes it; only who is busy writing can fall behind.
struct LiveHub: Sendable {
    typealias Waiter = CheckedContinuation<Wake, Never>

    /// Why a connection goes on.
    enum Wake: Sendable {
        /// Send this; the next batch to take.
        case piece([UInt8], next: Int)
        /// Send a sign of life; everything up to `head` was told.
        case heartbeat(head: Int64, next: Int)
        /// What was to be taken next is gone.
        case tooSlow
        case end
    }

    /// In so many groups the waiting connections hear a heartbeat, so that they do not all write at once.
    static let beatCount = 15

    /// How far each province was told.
    private(set) var heads: [Int16: Int64] = [:]
    /// Who began to follow since ``beginLook()``.
    private(set) var newcomers: Set<LiveFollowing> = []
    private(set) var isReady = false
    private let batchCountMax: Int
    private let byteCountMax: Int
    private var open = OpenFollowings()
    private var batches: [LiveBatch] = []
    private var byteCount = 0
    /// The index of the first batch that is kept, and of the one to come.
    private var first = 0
    private var next: Int { first + batches.count }
    private var waiters: [LiveFollowing: [Int: Waiter]] = [:]
    private var cancelled: Set<Int> = []
    private var seats = 0
    private(set) var seatCount = 0
    private var beats = 0
    private var isEnding = false

    init(batchCountMax: Int, byteCountMax: Int) {
        self.batchCountMax = max(1, batchCountMax)
        self.byteCountMax = byteCountMax
    }

    // MARK: connections

    /// A seat, with the next batch and how far the province was told before it; nil when there is nothing to follow.
    mutating func open(_ following: LiveFollowing) -> (seat: Int, next: Int, head: Int64)? {
        guard let (next, head) = place(of: following.province) else { return nil }
        open.add(following)
        newcomers.insert(following)
        seats += 1
        seatCount += 1
        return (seats, next, head)
    }

    /// The next batch, and how far the province was told before it.
    func place(of province: Int16) -> (next: Int, head: Int64)? {
        guard isReady, let head = heads[province] else { return nil }
        return (next, head)
    }

    mutating func leave(_ seat: Int, _ following: LiveFollowing) {
        seatCount -= 1
        open.remove(following)
        cancelled.remove(seat)
    }

    /// What there is for a seat at once; nil when it will be woken.
    mutating func wait(_ seat: Int, _ following: LiveFollowing, from place: Int, _ waiter: Waiter) -> Wake? {
        if isEnding || cancelled.contains(seat) { return .end }
        guard place >= first else { return .tooSlow }
        for index in place..<max(place, next) {
            if let piece = batches[index - first].pieces[following] { return .piece(piece, next: index + 1) }
        }
        waiters[following, default: [:]][seat] = waiter
        return nil
    }

    mutating func cancel(_ seat: Int, _ following: LiveFollowing) -> Waiter? {
        cancelled.insert(seat)
        return take(seat, following)
    }

    private mutating func take(_ seat: Int, _ following: LiveFollowing) -> Waiter? {
        let waiter = waiters[following]?.removeValue(forKey: seat)
        if waiters[following]?.isEmpty == true { waiters[following] = nil }
        return waiter
    }

    // MARK: telling

    /// What is followed, and from where to look.
    mutating func beginLook() -> (open: OpenFollowings, heads: [LiveHead]) {
        newcomers = []
        return (open, heads.map { LiveHead(province: $0.key, n: $0.value) })
    }

    /// Nobody follows anything: where the provinces are is all that matters.
    mutating func skip(to heads: [LiveHead]) {
        // Somebody came meanwhile, at the place that was true then: the next look begins there.
        guard newcomers.isEmpty else { return }
        isReady = true
        for head in heads { self.heads[head.province] = head.n }
    }

    /// Keeps a batch, and gives back whom it concerns.
    mutating func publish(_ batch: LiveBatch, heads: [LiveHead]) -> [(Waiter, Wake)] {
        isReady = true
        // A feed that is being rebuilt comes from far behind: who has seen more is not told it again.
        for head in heads { self.heads[head.province] = max(head.n, self.heads[head.province] ?? head.n) }
        guard !batch.pieces.isEmpty else { return [] }
        batches.append(batch)
        byteCount += batch.byteCount
        while batches.count > batchCountMax || (byteCount > byteCountMax && batches.count > 1) {
            byteCount -= batches.removeFirst().byteCount
            first += 1
        }
        return batch.pieces.flatMap { following, piece in
            (waiters.removeValue(forKey: following) ?? [:]).values.map { ($0, .piece(piece, next: next)) }
        }
    }

    /// The waiting connections of one group, for a sign of life.
    mutating func beat() -> [(Waiter, Wake)] {
        beats = (beats + 1) % LiveHub.beatCount
        var woken: [(Waiter, Wake)] = []
        for (following, seats) in waiters {
            for seat in seats.keys where seat % LiveHub.beatCount == beats {
                guard let waiter = take(seat, following) else { continue }
                woken.append((waiter, .heartbeat(head: heads[following.province] ?? -1, next: next)))
            }
        }
        return woken
    }

    /// Ends everything; nobody can follow after it.
    mutating func end() -> [Waiter] {
        isEnding = true
        isReady = false
        defer { waiters = [:] }
        return waiters.values.flatMap(\.values)
    }
}
