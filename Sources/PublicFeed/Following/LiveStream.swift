import Metrics

/// One connection's place among those who follow; given up when nothing holds it any more.
final class LiveSeat: Sendable {
    let number: Int
    let following: LiveFollowing
    private let leave: @Sendable (LiveSeat) -> Void

    init(number: Int, following: LiveFollowing, leave: @escaping @Sendable (LiveSeat) -> Void) {
        self.number = number
        self.following = following
        self.leave = leave
    }

    deinit { leave(self) }
}

/// What one connection is to send, piece after piece: first what was missed, then what comes.
///
/// Every event after the reader's last one comes exactly once and in the order of the province's sequence, however often
/// connections break.
package struct LiveStream: Sendable {
    private enum Phase: Sendable {
        /// The reader has more than this server: another one told it, or the tables are being rebuilt.
        case ahead(of: Int64)
        /// Reads what was missed, up to where the live events begin.
        case missing(after: Int64, until: Int64)
        case live
    }

    private let live: LiveEvents
    private let seat: LiveSeat
    private var next: Int
    private var phase: Phase
    private let end: ContinuousClock.Instant

    init(live: LiveEvents, seat: LiveSeat, next: Int, head: Int64, after place: Int64?) {
        self.live = live
        self.seat = seat
        self.next = next
        if let place, place > head {
            phase = .ahead(of: place)
        } else if let place, place < head {
            phase = .missing(after: place, until: head)
        } else {
            phase = .live
        }
        // Not all at once, when many came at once.
        end = .now + live.pace.lifetime * (90 + seat.number % 20) / 100
    }

    /// The next bytes to send, at the latest after a heartbeat; nil when the connection is to end.
    /// - Throws: ``PostgresError`` when what was missed cannot be read: the reader comes back.
    package mutating func next() async throws -> [UInt8]? {
        while ContinuousClock.now < end, !Task.isCancelled {
            switch phase {
            case .missing(let after, let until):
                let missed = try await live.missed(seat.following, after: after, until: until)
                phase = missed.upTo >= until ? .live : .missing(after: missed.upTo, until: until)
                if !missed.frames.isEmpty { return missed.frames }
            case .ahead(let place):
                return try await waitFor(place)
            case .live:
                switch await live.wait(seat, from: next) {
                case .piece(let piece, let next):
                    self.next = next
                    return piece
                case .heartbeat(let head, let next):
                    self.next = next
                    return LiveFrame.heartbeat(LivePlace(province: seat.following.province, n: head))
                case .tooSlow:
                    Counter(label: "feed_streams_cut_total").increment()
                    return nil
                case .end: return nil
                }
            }
        }
        return nil
    }

    /// Says nothing new until this server has seen what the reader has.
    private mutating func waitFor(_ place: Int64) async throws -> [UInt8]? {
        let head = live.head(of: seat.following.province) ?? -1
        guard head < place else {
            // The batches since the seat was taken are read from the tables instead.
            guard let opened = live.place(of: seat.following.province) else { return nil }
            next = opened.next
            phase = .missing(after: place, until: opened.head)
            return LiveFrame.comment
        }
        try await Task.sleep(for: min(live.pace.heartbeat, .seconds(5)))
        return LiveFrame.comment
    }
}
