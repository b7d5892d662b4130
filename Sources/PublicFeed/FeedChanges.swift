import Postgres

/// Notices of a province that came between two looks.
struct NoticeRange: Hashable, Sendable {
    let province: Int16
    let from: Int64
    let until: Int64

    var count: Int64 { until - from }

    /// The same in runs of at most so many together, in order.
    static func runs(of ranges: [NoticeRange], countMax: Int64) -> [[NoticeRange]] {
        var runs: [[NoticeRange]] = []
        var run: [NoticeRange] = []
        var room = countMax
        for var range in ranges {
            while range.count > 0 {
                let until = min(range.until, range.from + room)
                run.append(NoticeRange(province: range.province, from: range.from, until: until))
                room -= until - range.from
                range = NoticeRange(province: range.province, from: until, until: range.until)
                if room == 0 {
                    runs.append(run)
                    run = []
                    room = countMax
                }
            }
        }
        return run.isEmpty ? runs : runs + [run]
    }
}

/// A family that changed, with a look-up code that opens it; nil for a family without one.
struct ChangedFamily: Sendable {
    let root: UUIDValue
    let code: String?
}

/// A province as a look sees it.
struct WatchedProvince: Sendable {
    let province: Int16
    let next: Int64
    /// Until when dossiers of it were erased, by the feed's clock, in microseconds since 1970; nil: none was.
    let erasedUntil: Int64?
    let standing: FeedStanding
}

/// Erasures of a province that came between two looks.
struct ErasedSince: Hashable, Sendable {
    let province: Int16
    /// In microseconds since 1970.
    let since: Int64
}

/// Which families changed lately, in the order of the looks that saw it. Pure.
struct FeedChanges: Sendable {
    /// The number of the last change that was seen.
    private(set) var last: UInt64 = 0
    /// When the last look that succeeded began.
    private(set) var lookedAt: ContinuousClock.Instant?
    private(set) var provinces: [Int16: FeedStanding] = [:]
    private var next: [Int16: Int64] = [:]
    private var erasedUntil: [Int16: Int64] = [:]
    /// Changes up to this one are forgotten: what was read before it may have changed.
    private var forgotten: UInt64 = 0
    /// The last change that was everything's.
    private var wholeChange: UInt64 = 0
    private var changed: [UUIDValue: UInt64] = [:]
    /// The same in the order of the changes; a family that changed again stands there twice.
    private var order: [(root: UUIDValue, change: UInt64)] = []
    private var orderStart = 0
    private let countMax: Int

    init(countMax: Int) { self.countMax = max(1, countMax) }

    /// Whether no change of the family was seen since.
    func isUnchanged(_ root: UUIDValue, since change: UInt64) -> Bool {
        change >= forgotten && (changed[root] ?? 0) <= change
    }

    /// The same of what is on the shelf, where the looks take it from: what they forgot, they took.
    func isUnchangedOnShelf(_ root: UUIDValue, since change: UInt64) -> Bool {
        change >= wholeChange && (changed[root] ?? 0) <= change
    }

    /// Nobody saw what happened since the last look: the next one makes everything be read anew.
    mutating func lose() { lookedAt = nil }

    /// What came since the last look; nil when that cannot be told notice by notice: before the first look, and when a
    /// province is being read again.
    func ranges(to seen: [WatchedProvince]) -> [NoticeRange]? {
        guard lookedAt != nil else { return nil }
        var ranges: [NoticeRange] = []
        for province in seen {
            let from = next[province.province] ?? 0
            guard province.next >= from, province.erasedUntil ?? 0 >= erasedUntil[province.province] ?? 0 else {
                return nil
            }
            if province.next > from {
                ranges.append(NoticeRange(province: province.province, from: from, until: province.next))
            }
        }
        return ranges
    }

    /// The provinces of which dossiers were erased since the last look, which no notice tells.
    func erasures(to seen: [WatchedProvince]) -> [ErasedSince] {
        seen.compactMap { province in
            let since = erasedUntil[province.province] ?? 0
            return province.erasedUntil ?? 0 > since ? ErasedSince(province: province.province, since: since) : nil
        }
    }

    /// Takes a look's outcome. `changed`: the families; nil when everything may have changed.
    mutating func saw(_ seen: [WatchedProvince], changed roots: [UUIDValue]?, at began: ContinuousClock.Instant) {
        lookedAt = began
        for province in seen {
            next[province.province] = province.next
            erasedUntil[province.province] = province.erasedUntil
        }
        note(seen)
        guard let roots else {
            last += 1
            forgotten = last
            wholeChange = last
            changed = [:]
            order = []
            orderStart = 0
            return
        }
        guard !roots.isEmpty else { return }
        last += 1
        for root in roots {
            changed[root] = last
            order.append((root, last))
        }
        forget()
    }

    mutating func note(_ seen: [WatchedProvince]) {
        for province in seen { provinces[province.province] = province.standing }
    }

    private mutating func forget() {
        while order.count - orderStart > countMax {
            let oldest = order[orderStart]
            orderStart += 1
            if changed[oldest.root] == oldest.change { changed[oldest.root] = nil }
            forgotten = max(forgotten, oldest.change)
        }
        // Not at each step: moving the rest forward costs as much as there is.
        if orderStart > countMax {
            order.removeFirst(orderStart)
            orderStart = 0
        }
    }
}
