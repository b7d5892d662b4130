import Crypto
import Dossiers
import TestSupport

/// What lies in the database after a run, as the checker looks at it.
struct Evidence: Sendable {
    /// An event as the log has it.
    struct Logged: Sendable {
        var sequence: Int64
        var body: [UInt8]
        var hash: [UInt8]
    }

    /// A dossier's row.
    struct Row: Sendable {
        var sequence: Int64
        var head: [UInt8]
        var state: [UInt8]
        var hasEnded: Bool
        /// Whether something will bring it on: a task, a timer, a message, or a linked dossier that lives.
        var isMoving: Bool
    }

    /// A leaf of a province's sequence.
    struct Leaf: Sendable {
        var province: Int
        var n: Int
        /// Which notice it numbers; `heads` for the daily leaf of heads that moved without one.
        var notice: String
        /// Whether its hash is that of the notice and the dossier's head.
        var isTrue: Bool
    }

    /// Events by dossier, `48.uuid`, in the order of the log.
    var events: [String: [Logged]] = [:]
    var dossiers: [String: Row] = [:]
    /// Dossiers by the client's own reference.
    var references: [String: [String]] = [:]
    /// Stored answers by idempotency key: status and bytes.
    var answers: [String: (status: Int, body: [UInt8])] = [:]
    /// The engine's notices and the feed's: digest by province, dossier and number.
    var notices: [String: String] = [:]
    var told: [String: String] = [:]
    /// The head of its dossier's chain to which each notice commits.
    var heads: [String: [UInt8]] = [:]
    var leaves: [Leaf] = []
    /// Commands of machines that failed, and messages to other provinces that wait.
    var stuck: [String] = []

    /// Reads everything, after what goes on by itself has come to rest and the feed has caught up.
    static func gathered(from database: Database) async throws -> Evidence {
        try await eventually("everything comes to rest", within: .seconds(90)) {
            // Read in several queries: good when nothing was added meanwhile.
            let before = try await database.rows(pulse)
            let evidence = try await read(database)
            try await Task.sleep(for: .milliseconds(300))
            let isWhole = evidence.notices.count == evidence.told.count
            return try await database.rows(pulse) == before && isWhole ? evidence : nil
        }
    }

    private static let pulse = """
        SELECT concat_ws(' ', (SELECT count(*) FROM engine.event), (SELECT count(*) FROM engine.leaf),
            (SELECT count(*) FROM feed.notice), (SELECT count(*) FROM engine.notice_queue),
            (SELECT count(*) FROM engine.outgoing), (SELECT count(*) FROM engine.answer))
        """

    private static func read(_ database: Database) async throws -> Evidence {
        var evidence = Evidence()
        try await evidence.readLog(database)
        try await evidence.readPublic(database)
        for row in try await database.rows(
            "SELECT concat_ws('|', key, status, encode(body, 'hex')) FROM engine.answer")
        {
            let parts = row.split(separator: "|", omittingEmptySubsequences: false)
            evidence.answers[String(parts[0])] = (Int(parts[1]) ?? 0, bytes(parts[2]))
        }
        evidence.stuck = try await database.rows(
            """
            SELECT key || ' ' || error FROM engine.stuck
            UNION ALL SELECT 'waits for ' || target_province FROM engine.outgoing
            """)
        return evidence
    }

    private mutating func readLog(_ database: Database) async throws {
        for row in try await database.rows(
            """
            SELECT concat_ws('|', province || '.' || dossier, sequence, encode(body, 'hex'), encode(hash, 'hex'))
            FROM engine.event ORDER BY province, dossier, sequence
            """)
        {
            let parts = row.split(separator: "|")
            events[String(parts[0]), default: []].append(
                Logged(
                    sequence: Int64(parts[1]) ?? 0, body: Self.bytes(parts[2]), hash: Self.bytes(parts[3])))
        }
        for row in try await database.rows(
            """
            SELECT concat_ws('|', d.province || '.' || d.id, d.sequence, encode(d.head, 'hex'), encode(d.state, 'hex'),
                d.phase,
                EXISTS (SELECT FROM engine.task t WHERE t.province = d.province AND t.dossier = d.id)
                OR EXISTS (SELECT FROM engine.agenda a WHERE a.province = d.province AND a.dossier = d.id)
                OR EXISTS (SELECT FROM engine.dossier c WHERE c.parent = d.id AND c.phase <> 2),
                d.client_reference)
            FROM engine.dossier d
            """)
        {
            let parts = row.split(separator: "|")
            dossiers[String(parts[0])] = Row(
                sequence: Int64(parts[1]) ?? 0, head: Self.bytes(parts[2]), state: Self.bytes(parts[3]),
                hasEnded: parts[4] == "2", isMoving: parts[5] == "t" || parts[5] == "true")
            if parts.count > 6 { references[String(parts[6]), default: []].append(String(parts[0])) }
        }
    }

    private mutating func readPublic(_ database: Database) async throws {
        for row in try await database.rows(
            """
            SELECT concat_ws('|', province || '.' || dossier || '/' || number, md5(body), encode(head, 'hex'))
            FROM engine.notice
            """)
        {
            let parts = row.split(separator: "|")
            notices[String(parts[0])] = String(parts[1])
            heads[String(parts[0])] = Self.bytes(parts[2])
        }
        for row in try await database.rows(
            "SELECT concat_ws('|', province || '.' || dossier || '/' || number, md5(body)) FROM feed.notice")
        {
            let parts = row.split(separator: "|")
            told[String(parts[0])] = String(parts[1])
        }
        for row in try await database.rows(
            """
            SELECT concat_ws('|', l.province, l.n, coalesce(l.province || '.' || l.dossier || '/' || l.number, 'heads'),
                coalesce(l.hash = sha256('\\x00'::bytea || l.salt
                    || coalesce(sha256(n.body) || n.head, sha256(h.body) || decode(repeat('00', 32), 'hex'))), false))
            FROM engine.leaf l
            LEFT JOIN engine.notice n USING (province, dossier, number)
            LEFT JOIN engine.heads h ON h.province = l.province AND h.n = l.n
            ORDER BY l.province, l.n
            """)
        {
            let parts = row.split(separator: "|")
            leaves.append(
                Leaf(
                    province: Int(parts[0]) ?? 0, n: Int(parts[1]) ?? -1, notice: String(parts[2]),
                    isTrue: parts[3] == "t" || parts[3] == "true"))
        }
    }

    private static func bytes(_ hex: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hex.utf8.count / 2)
        var high: UInt8?
        for digit in hex.utf8 {
            let value = digit < 58 ? digit - 48 : digit - 87
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}

extension Evidence {
    /// The hash of an event over the one before it.
    static func hash(_ before: [UInt8], _ body: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: before)
        hash.update(data: body)
        return Array(hash.finalize())
    }

    /// Numbers and chains a dossier's events anew, as one would who wants a change to go unseen.
    mutating func rechain(_ dossier: String) {
        var before = [UInt8](repeating: 0, count: 32)
        var list = events[dossier] ?? []
        for place in list.indices {
            list[place].sequence = Int64(place + 1)
            if var event = try? Event(decoding: list[place].body) {
                event.sequence = list[place].sequence
                list[place].body = event.encoded()
            }
            before = Evidence.hash(before, list[place].body)
            list[place].hash = before
        }
        events[dossier] = list
        dossiers[dossier]?.sequence = Int64(list.count)
        dossiers[dossier]?.head = before
    }

    /// The part that concerns some dossiers, as if there were no others.
    func limited(to dossiers: Set<String>) -> Evidence {
        var part = self
        func isKept(_ notice: String) -> Bool { dossiers.contains(String(notice.prefix { $0 != "/" })) }
        part.events = events.filter { dossiers.contains($0.key) }
        part.dossiers = self.dossiers.filter { dossiers.contains($0.key) }
        part.references = references.filter { $0.value.allSatisfy(dossiers.contains) }
        part.notices = notices.filter { isKept($0.key) }
        part.told = told.filter { isKept($0.key) }
        part.heads = heads.filter { isKept($0.key) }
        part.leaves = leaves.filter { isKept($0.notice) }
        var next: [Int: Int] = [:]
        for place in part.leaves.indices {
            part.leaves[place].n = next[part.leaves[place].province, default: 0]
            next[part.leaves[place].province, default: 0] += 1
        }
        return part
    }

    /// What is wrong in the database by itself; empty when it is whole.
    var faults: [String] {
        var faults: [String] = stuck.map { "stuck: \($0)" }
        for dossier in Set(events.keys).symmetricDifference(dossiers.keys) {
            faults.append("\(dossier) has no log, or a log and no row")
        }
        for (dossier, row) in dossiers { faults += logFaults(dossier, row) }
        for (notice, digest) in notices where told[notice] != digest {
            faults.append("the public side lacks notice \(notice), or has another")
        }
        // The log cannot be written anew unseen: every notice commits to what it was.
        let hashes = events.mapValues { Set($0.map(\.hash)) }
        for (notice, head) in heads {
            let dossier = String(notice.prefix { $0 != "/" })
            if hashes[dossier]?.contains(head) != true { faults.append("notice \(notice) commits to another log") }
        }
        faults += told.keys.filter { notices[$0] == nil }.map { "the public side made up \($0)" }
        return faults + leafFaults
    }

    private func logFaults(_ dossier: String, _ row: Row) -> [String] {
        var faults: [String] = []
        var before = [UInt8](repeating: 0, count: 32)
        var state: State?
        for (place, event) in (events[dossier] ?? []).enumerated() {
            if event.sequence != Int64(place + 1) {
                return ["\(dossier): event \(event.sequence) stands in place \(place + 1)"]
            }
            before = Evidence.hash(before, event.body)
            if before != event.hash { return ["\(dossier): the chain breaks at \(event.sequence)"] }
            guard let read = try? Event(decoding: event.body) else {
                return ["\(dossier): event \(event.sequence) does not read"]
            }
            if read.sequence != event.sequence {
                faults.append("\(dossier): event \(event.sequence) says another number")
            }
            state = evolve(state, read)
        }
        if before != row.head { faults.append("\(dossier): the head is not the log's") }
        if Int64(events[dossier]?.count ?? 0) != row.sequence {
            faults.append("\(dossier): the row counts other events")
        }
        if state?.encoded() != row.state { faults.append("\(dossier): the state is not the fold of its log") }
        if !row.hasEnded, !row.isMoving { faults.append("\(dossier): nothing will ever bring it on") }
        return faults
    }

    private var leafFaults: [String] {
        var faults: [String] = []
        var next: [Int: Int] = [:]
        for leaf in leaves {
            let place = next[leaf.province, default: 0]
            if leaf.n != place { faults.append("province \(leaf.province): leaf \(leaf.n) stands in place \(place)") }
            next[leaf.province] = leaf.n + 1
            if !leaf.isTrue { faults.append("province \(leaf.province): leaf \(leaf.n) has another hash") }
        }
        let told = leaves.map(\.notice).filter { $0 != "heads" }
        if Set(told) != Set(notices.keys) || told.count != notices.count {
            faults.append("not every notice has one leaf")
        }
        return faults
    }
}
