import Notices
import WorkingTime

/// What a run of leaves of one province becomes in the feed's tables. Pure.
struct FeedBatch: Sendable {
    typealias Unread = (dossier: String, number: Int32, reason: String)

    let province: Int16
    /// The leaf after the last one taken.
    private(set) var next: Int64
    private(set) var notices: [(n: Int64, notice: SequencedNotice)] = []
    /// Dossiers that these notices name without being theirs: parents and roots.
    private(set) var named: [(dossier: String, root: String)] = []
    private(set) var unread: [Unread] = []
    /// Those notices that could be read, in their order; empty for notices that were set aside and are read again.
    private(set) var told: [ToldNotice] = []
    /// Salt and head of each of ``notices``, in their order; nil where they were erased.
    private(set) var openings: [LeafOpening?] = []
    /// Dossiers of notices whose salt was erased before they came here.
    private(set) var erased: Set<String> = []
    /// The hash of every leaf taken, for the tree.
    private(set) var hashes: [MerkleHash] = []
    /// Notices that are not what their leaf commits to.
    private(set) var doctored: [(n: Int64, dossier: String, number: Int32)] = []
    /// What the notices say, in order, with their leaves, without those that cannot be read.
    private(set) var said: [(n: Int64, notice: Notice)] = []
    /// The same with their leaves; also of notices that were set aside because they name another root, for whoever reads
    /// them looks at that himself.
    private(set) var legible: [(n: Int64, notice: Notice)] = []
    /// Why the run was cut; nil when every given leaf was taken.
    private(set) var hole: Hole?
    private var newest: [String: Newest] = [:]

    /// The newest notice of a dossier in the run, with what only some of its notices say: the first the look-up code, the
    /// later ones the legal code.
    private struct Newest {
        var notice: SequencedNotice
        var parent: String?
        var lookUp: String?
        var legalCode: String?
    }

    /// What must not happen in a dense sequence; the follower waits there rather than lose a notice.
    enum Hole: Equatable, Sendable {
        case missingLeaf(Int64)
        case missingNotice(Int64)
    }

    /// Takes the leaves from `next` on, up to the first hole.
    init(province: Int16, next: Int64, leaves: [Leaf]) {
        self.province = province
        self.next = next
        for leaf in leaves {
            guard leaf.n == self.next else {
                hole = .missingLeaf(self.next)
                return
            }
            if leaf.isBroken {
                hole = .missingNotice(leaf.n)
                return
            }
            self.next += 1
            hashes.append(leaf.hash)
            guard let notice = leaf.notice else { continue }
            openings.append(leaf.opening)
            if leaf.opening == nil { erased.insert(notice.dossier) }
            if let opening = leaf.opening, opening.leafHash(of: notice.body) != leaf.hash {
                doctored.append((leaf.n, notice.dossier, notice.number))
            }
            take(notice, n: leaf.n, at: Instant(microseconds: leaf.sequencedAt))
        }
    }

    /// Reads notices again that were set aside.
    init(province: Int16, unread: [(n: Int64, notice: SequencedNotice)]) {
        self.province = province
        next = 0
        for (n, notice) in unread { take(notice, n: n, at: nil) }
    }

    private mutating func take(_ notice: SequencedNotice, n: Int64, at sequencedAt: Instant?) {
        notices.append((n, notice))
        var parent: String?
        var legalCode: String?
        do {
            let said = try FeedBatch.legible(notice)
            legible.append((n, said))
            try FeedBatch.checkRoot(of: said, notice)
            parent = said.parent
            legalCode = said.legalCode
            if let sequencedAt { told.append(ToldNotice(n: n, sequencedAt: sequencedAt, notice: said)) }
            self.said.append((n, said))
        } catch {
            unread.append((notice.dossier, notice.number, error.reason))
        }
        if notice.root != notice.dossier { named.append((notice.root, notice.root)) }
        if let parent, parent != notice.root { named.append((parent, notice.root)) }
        let known = newest[notice.dossier]
        let isOvertaken = (known?.notice.number ?? 0) > notice.number
        newest[notice.dossier] = Newest(
            notice: isOvertaken ? known?.notice ?? notice : notice, parent: known?.parent ?? parent,
            lookUp: known?.lookUp ?? notice.lookUp,
            legalCode: isOvertaken ? known?.legalCode ?? legalCode : legalCode ?? known?.legalCode)
    }

    /// What some of the notices say, each once, for the counters; those that cannot be read are left out.
    /// - Parameter readAt: where the cursor stands, for notices that were set aside.
    func counting(_ some: [(dossier: String, number: Int32)], readAt: Int64? = nil) -> [PlacedNotice] {
        var wanted = Set(some.map { "\($0.dossier) \($0.number)" })
        return said.filter { wanted.remove("\($0.notice.dossier) \($0.notice.number)") != nil }
            .map { PlacedNotice(place: NoticePlace($0.n, readAt: readAt), notice: $0.notice) }
    }

    /// Notices by dossier, with their leaves; one that came twice has its first place. Only those that `added` names.
    func legible(added: [(dossier: String, number: Int32)]) -> [String: [(n: Int64, notice: Notice)]] {
        var wanted = Set(added.map { "\($0.dossier) \($0.number)" })
        let mine = legible.filter { wanted.remove("\($0.notice.dossier) \($0.notice.number)") != nil }
        return Dictionary(grouping: mine, by: \.notice.dossier)
    }

    /// One row a dossier; `added` are the notices that were new to the database.
    func rows(added: [(dossier: String, number: Int32)]) -> [DossierRow] {
        var counts: [String: Int32] = [:]
        for notice in added { counts[notice.dossier, default: 0] += 1 }
        return newest.map { dossier, known in
            DossierRow(
                dossier: dossier, root: known.notice.root, parent: known.parent, lookUp: known.lookUp,
                legalCode: known.legalCode, number: known.notice.number, added: counts[dossier] ?? 0)
        }
    }
}

/// Why a notice cannot be shown, in English, for the operator.
struct UnusableNotice: Error {
    let reason: String
}

extension FeedBatch {
    /// The notice of a stored body, when it is what its key says and holds nothing that the tables cannot.
    static func read(_ stored: SequencedNotice) throws(UnusableNotice) -> Notice {
        let notice = try legible(stored)
        try checkRoot(of: notice, stored)
        return notice
    }

    private static func checkRoot(of notice: Notice, _ stored: SequencedNotice) throws(UnusableNotice) {
        guard notice.root == stored.root else { throw UnusableNotice(reason: "the body names another root") }
    }

    /// The same, whatever root it names.
    static func legible(_ stored: SequencedNotice) throws(UnusableNotice) -> Notice {
        let notice: Notice
        do throws(UnreadableNotice) {
            notice = try Notice(decoding: stored.body)
        } catch {
            throw UnusableNotice(reason: error.reason)
        }
        guard notice.dossier == stored.dossier, notice.number == Int(stored.number) else {
            throw UnusableNotice(reason: "the body names another dossier or number")
        }
        if let parent = notice.parent, !isUUID(parent) { throw UnusableNotice(reason: "the parent is no identity") }
        if let code = notice.legalCode, LegalCode(typed: code)?.text != code {
            throw UnusableNotice(reason: "the legal code does not read")
        }
        return notice
    }

    /// 36 characters as PostgreSQL prints them.
    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { place in
            if [8, 13, 18, 23].contains(place) { return bytes[place] == UInt8(ascii: "-") }
            return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place])
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(bytes[place])
        }
    }
}
