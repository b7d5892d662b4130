import Notices
import Postgres

/// The courier's view of the feed's database.
struct DeliveryStore: Sendable {
    let feed: ConnectionPool
    /// Names this worker in leases.
    let owner: String

    /// Notices read at once, wanted or not.
    static let readMax: Int32 = 200

    /// Takes the work on a receiver; nil when somebody else has it or it is not to be worked on now.
    func lease(_ id: String, for time: Duration) async throws -> (subscriber: Subscriber, mustReconcile: Bool)? {
        let (owner, milliseconds) = (
            owner, time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
        )
        let rows = try await feed.withSession {
            try $0.run(DeliveryStatements.lease, (id: id, owner: owner, milliseconds: milliseconds))
        }
        guard let row = rows.first, let kind = Subscriber.Kind(rawValue: row.kind),
            let reach = Reach(rawValue: row.reach)
        else { return nil }
        let filter = SubscriberFilter(
            provinces: row.provinces, agencies: row.agencies, procedures: row.procedures)
        let subscriber = Subscriber(
            id: row.id, kind: kind, url: row.url, reach: reach, filter: filter, settings: row.settings,
            failures: Int(row.failures))
        return (subscriber, row.mustReconcile)
    }

    /// Gives it back, for the next worker.
    func release(_ id: String) async throws {
        let owner = owner
        _ = try await feed.withSession { try $0.run(DeliveryStatements.release, (id: id, owner: owner)) }
    }

    /// The secrets that sign now, the newest first.
    /// - Throws: ``DeliveryKeyError`` when none of them opens.
    func secrets(_ id: String, _ key: DeliveryKey) async throws -> [[UInt8]] {
        let rows = try await feed.withSession { try $0.run(DeliveryStatements.secrets, id) }
        var opened: [[UInt8]] = []
        var failure = DeliveryKeyError(description: "\(id) has no secret: run `motcua webhook rotate \(id)`")
        for row in rows {
            do throws(DeliveryKeyError) {
                opened.append(try key.open(row.sealed, of: id, number: row.number))
            } catch {
                failure = error
            }
        }
        if opened.isEmpty { throw failure }
        return opened
    }

    /// What a receiver is to get now: letters that are due, and at most `limit` new ones.
    func round(_ subscriber: Subscriber, _ carrier: some Carrier, limit: Int) async throws -> DeliveryRound {
        let id = subscriber.id
        let (waiting, due) = try await feed.withSession { session in
            let waiting = session.enqueue(DeliveryStatements.waiting, id)
            let letters = try session.run(DeliveryStatements.letters, (id: id, limit: 8))
            return (try waiting.rows, letters)
        }
        var round = DeliveryRound()
        for row in due {
            // A cache that is being rebuilt: the letter waits for its notice.
            guard let body = row.body else { continue }
            round.take(
                province: row.province, n: row.n, dossier: row.dossier, number: row.number,
                attempts: Int(row.attempts), body: body)
        }
        for place in waiting where round.fresh.count < limit {
            try await read(place, for: subscriber, carrier, limit, into: &round)
        }
        return round
    }

    private func read(
        _ place: (province: Int16, from: Int64, end: Int64), for subscriber: Subscriber, _ carrier: some Carrier,
        _ limit: Int, into round: inout DeliveryRound
    ) async throws {
        let id = subscriber.id
        let rows = try await feed.withSession {
            try $0.run(
                DeliveryStatements.notices,
                (id: id, province: place.province, from: place.from, end: place.end, limit: DeliveryStore.readMax))
        }
        // A short answer reaches the end: heads without notices leave places of the sequence empty.
        var next = rows.count < Int(DeliveryStore.readMax) ? place.end : (rows.last?.n ?? place.end - 1) + 1
        for row in rows {
            guard round.fresh.count < limit else {
                next = row.n
                break
            }
            let notice: Notice
            do throws(UnreadableNotice) {
                notice = try Notice(decoding: row.body)
            } catch {
                round.unreadable.append(
                    .init(
                        province: place.province, n: row.n, dossier: row.dossier, number: row.number,
                        reason: error.reason))
                continue
            }
            // An unreadable notice before it says nothing: then this one is told.
            let previous = row.previous.flatMap { try? Notice(decoding: $0) }
            guard carrier.wants(notice, after: previous) else { continue }
            let letter = Letter(
                province: place.province, n: row.n, dossier: row.dossier, number: row.number, attempts: 0,
                notice: notice)
            if row.isBehind || round.due.contains(where: { $0.chain == letter.chain }) {
                round.behind.append(letter)
            } else {
                round.fresh.append(letter)
            }
        }
        round.cursors[place.province] = next
    }

    /// Writes what a round came to; false when the receiver was paused, removed or taken by another worker meanwhile.
    func write(_ verdict: RoundVerdict, for id: String) async throws -> Bool {
        let owner = owner
        let writes = verdict.writes
        return try await feed.transaction { transaction in
            guard try transaction.run(DeliveryStatements.hold, (id: id, owner: owner)).first == true else {
                return false
            }
            if !verdict.cursors.isEmpty {
                let cursors = verdict.cursors.sorted { $0.key < $1.key }.map { (province: $0.key, next: $0.value) }
                _ = transaction.enqueue(DeliveryStatements.moveCursors, (id: id, cursors: cursors))
            }
            if !writes.isEmpty { _ = transaction.enqueue(DeliveryStatements.putLetters, (id: id, letters: writes)) }
            if !verdict.done.isEmpty {
                let done = verdict.done.map { (province: $0.province, n: $0.n) }
                _ = transaction.enqueue(DeliveryStatements.dropLetters, (id: id, letters: done))
            }
            switch verdict.endpoint {
            case .unchanged: break
            case .well: _ = transaction.enqueue(DeliveryStatements.isWell, id)
            case .failing(let failures, let pause, let reason):
                _ = transaction.enqueue(
                    DeliveryStatements.isFailing,
                    (id: id, failures: Int32(clamping: failures), pause: pause.microseconds, reason: reason))
            case .disabled(let reason):
                _ = transaction.enqueue(DeliveryStatements.disable, (id: id, reason: reason))
            }
            try transaction.sync()
            return true
        }
    }
}

extension DeliveryRound {
    /// Takes a letter that was set aside, if its notice can be read.
    fileprivate mutating func take(
        province: Int16, n: Int64, dossier: String, number: Int32, attempts: Int, body: [UInt8]
    ) {
        do throws(UnreadableNotice) {
            due.append(
                Letter(
                    province: province, n: n, dossier: dossier, number: number, attempts: attempts,
                    notice: try Notice(decoding: body)))
        } catch {
            unreadable.append(.init(province: province, n: n, dossier: dossier, number: number, reason: error.reason))
        }
    }
}

extension RoundVerdict {
    /// The letters that stay, one row each.
    fileprivate var writes: [LetterWrite] {
        open.map { open in
            LetterWrite(
                province: open.letter.province, n: open.letter.n, dossier: open.letter.dossier,
                number: open.letter.number, attempts: Int32(clamping: open.attempts), pause: open.pause?.microseconds,
                reason: open.reason.map(RoundVerdict.storable))
        }
            + unreadable.map { lost in
                LetterWrite(
                    province: lost.province, n: lost.n, dossier: lost.dossier, number: lost.number, attempts: 0,
                    pause: nil, reason: RoundVerdict.storable("this build cannot read the notice: \(lost.reason)"))
            }
    }

    /// At most 300 characters without those that PostgreSQL cannot hold.
    static func storable(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 }.map(Character.init).prefix(300))
    }
}

extension Duration {
    /// Whole microseconds, held to what a database's interval can add to today.
    var microseconds: Int64 {
        let parts = components
        return min(max(parts.seconds, 0), 3_000_000_000) * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    }
}
