import Notices
import Postgres

extension LogAudit {
    /// Reads every notice and dossier of the feed.
    func walkFeed(
        _ province: Int16, _ leaves: Leaves, _ seen: inout Seen, _ notes: inout Notes
    ) async throws {
        var after = AuditStatements.first
        while true {
            let from = after
            // One snapshot: the follower may be at work.
            let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)
            let (dossiers, known, entries, until) = try await feed.transaction(options: options) { transaction in
                let dossiers = try transaction.run(AuditStatements.dossiers, (province: province, after: from))
                // The last page goes to the end: notices whose dossier's row is gone are found too.
                let isLast = dossiers.count < AuditStatements.pageSize
                let until = isLast ? AuditStatements.last : dossiers.last?.dossier ?? AuditStatements.last
                let range = (province: province, after: from, until: until)
                let known = try transaction.run(AuditStatements.notices, range)
                let leaves = known.map(\.row.n)
                let entries = try transaction.run(AuditStatements.entries, (province: province, leaves: leaves))
                return (dossiers, known, entries, until)
            }
            for notice in known {
                check(notice.row, leaves, &seen, &notes)
                if notice.wasSetAside { seen.setAside.append(notice.row.n) }
            }
            compare(dossiers, with: known.map(\.row), province, &notes)
            compare(entries, with: known, &notes)
            guard until != AuditStatements.last else { break }
            after = until
        }
        let size = try await feed.withSession { try $0.run(LogStatements.tree, province).first?.size ?? 0 }
        for row in seen.beyond where row.n < 0 || row.n >= size {
            notes.add(
                n: row.n, dossier: row.dossier, number: row.number, "feed.notice: its leaf is not in the tree")
        }
    }

    private func check(_ row: ReceiptRow, _ leaves: Leaves, _ seen: inout Seen, _ notes: inout Notes) {
        func add(_ what: String) { notes.add(n: row.n, dossier: row.dossier, number: row.number, what) }
        guard let hash = leaves.hash(row.n) else { return seen.beyond.append(row) }
        guard let opening = LeafOpening(salt: row.salt, head: row.head) else {
            seen.erased.insert(row.n)
            if !seen.note(row.n) { add("feed.notice: another row has the same leaf") }
            // Nobody can prove any more what it said, but it still counts.
            if let said = try? Notice(decoding: row.body) { seen.said.take(said) }
            return
        }
        guard opening.leafHash(of: row.body) == hash else {
            _ = seen.note(row.n)
            return add("feed.notice: body, salt, head or leaf number was changed")
        }
        if !seen.note(row.n) { add("feed.notice: another row has the same leaf") }
        // One that this build cannot read was set aside, and is proven all the same.
        guard let said = try? Notice(decoding: row.body) else { return }
        seen.said.take(said)
        if said.dossier != row.dossier || said.number != Int(row.number) {
            add("feed.notice: the body is that of another dossier or number")
        }
    }

    /// Computes what the feed knows of each dossier from its notices.
    private func compare(
        _ dossiers: [AuditStatements.DossierKnown], with rows: [ReceiptRow], _ province: Int16, _ notes: inout Notes
    ) {
        let byDossier = Dictionary(grouping: rows, by: \.dossier)
        let roots = Dictionary(dossiers.map { ($0.dossier, $0.root) }, uniquingKeysWith: { first, _ in first })
        for dossier in byDossier.keys.sorted() where roots[dossier] == nil {
            notes.add(dossier: dossier, "feed.dossier: the row is gone")
        }
        for known in dossiers {
            let own = byDossier[known.dossier] ?? []
            let root = own.compactMap { try? Notice(decoding: $0.body).root }.last
            let stored = own.map { row in
                (
                    n: row.n,
                    notice: SequencedNotice(
                        dossier: row.dossier, number: row.number, root: root ?? known.root, lookUp: nil, body: row.body)
                )
            }
            let batch = FeedBatch(province: province, unread: stored)
            let expected = batch.rows(added: own.map { ($0.dossier, $0.number) }).first
            func differs(_ column: String) {
                notes.add(dossier: known.dossier, "feed.dossier: \(column) is not what the notices say")
            }
            if known.number != expected?.number ?? 0 { differs("number") }
            if known.taken != expected?.added ?? 0 { differs("taken") }
            let isTrue = PictureKeeper.isTrue(
                known.picture, batch.legible, number: known.number, taken: known.taken,
                isErased: own.contains { $0.salt == nil })
            if !isTrue { differs("picture") }
            guard let expected, let root else { continue }
            if known.root != root { differs("root") }
            if known.parent != expected.parent { differs("parent") }
            if known.legalCode != expected.legalCode { differs("legal_code") }
        }
    }
}

extension LogAudit {
    /// Reads every leaf of the engine with its notice, or with the heads that it commits to.
    func walkEngine(
        _ province: Int16, _ source: ConnectionPool, _ leaves: Leaves, _ seen: Seen, _ notes: inout Notes
    ) async throws -> Heads {
        var heads = Heads()
        heads.isChecked = try await source.withSession { try $0.run(AuditStatements.mayReadHeads).first ?? false }
        var next: Int64 = 0
        var toldAt = Int64.min
        while next < leaves.size {
            let from = next
            let page = try await source.withSession {
                try $0.run(AuditStatements.leaves, (province: province, size: from))
            }
            let bare = page.filter { $0.dossier == nil && $0.n < leaves.size }
            heads.count += bare.count
            if heads.isChecked, !bare.isEmpty { try await check(bare, province, source, &notes) }
            try await compareTimes(of: page, province, &toldAt, &notes)
            let codes = page.filter { $0.lookUp != nil }.compactMap(\.dossier)
            let known = try await feed.withSession {
                try $0.run(AuditStatements.lookUps, (province: province, dossiers: codes))
            }
            let lookUps = Dictionary(known.map { ($0.dossier, $0.lookUp) }, uniquingKeysWith: { first, _ in first })
            for leaf in page where leaf.n < leaves.size {
                for gone in next..<max(next, leaf.n) { notes.add(n: gone, "engine.leaf: the row is gone") }
                next = leaf.n + 1
                check(leaf, leaves, seen, &notes)
                if let dossier = leaf.dossier, let lookUp = leaf.lookUp, lookUps[dossier] ?? nil != lookUp {
                    notes.add(dossier: dossier, "feed.dossier: look_up is not the engine's")
                }
            }
            if (page.last?.n ?? .max) >= leaves.size { break }
        }
        for gone in next..<max(next, leaves.size) where !notes.isFull {
            notes.add(n: gone, "engine.leaf: the row is gone")
        }
        return heads
    }

    /// Compares when entries say that they were told with when their leaves were sequenced, never earlier than the entry
    /// before.
    private func compareTimes(
        of page: [AuditStatements.EngineLeaf], _ province: Int16, _ toldAt: inout Int64, _ notes: inout Notes
    ) async throws {
        guard let first = page.first, let last = page.last else { return }
        let entries = try await feed.withSession {
            try $0.run(AuditStatements.toldTimes, (province: province, from: first.n, through: last.n))
        }
        let sequenced = Dictionary(page.map { ($0.n, $0.sequencedAt) }, uniquingKeysWith: { first, _ in first })
        for entry in entries {
            // An entry of no leaf is named elsewhere.
            guard let at = sequenced[entry.n] else { continue }
            toldAt = max(toldAt, at)
            if entry.toldAt != toldAt {
                notes.add(n: entry.n, "feed.entry: told_at is not when the engine sequenced it")
            }
        }
    }

    /// Computes leaves of no notice again: one that is no day's heads was a notice's, whose name somebody took away.
    private func check(
        _ bare: [AuditStatements.EngineLeaf], _ province: Int16, _ source: ConnectionPool, _ notes: inout Notes
    ) async throws {
        let rows = try await source.withSession {
            try $0.run(AuditStatements.heads, (province: province, leaves: bare.map(\.n)))
        }
        let bodies = Dictionary(rows.map { ($0.n, $0.body) }, uniquingKeysWith: { first, _ in first })
        let none = [UInt8](repeating: 0, count: MerkleHash.byteCount)
        for leaf in bare {
            guard let body = bodies[leaf.n] else {
                notes.add(n: leaf.n, "engine.leaf: it names no notice, and is no day's heads")
                continue
            }
            if LeafOpening(salt: leaf.salt, head: none)?.leafHash(of: body).bytes != leaf.hash {
                notes.add(n: leaf.n, "engine.heads: the body is not what its leaf commits to")
            }
        }
    }

    private func check(_ leaf: AuditStatements.EngineLeaf, _ leaves: Leaves, _ seen: Seen, _ notes: inout Notes) {
        func add(_ what: String) { notes.add(n: leaf.n, dossier: leaf.dossier, number: leaf.number, what) }
        if leaf.hash != leaves.hash(leaf.n)?.bytes { add("engine.leaf: the hash is not the one in the tree") }
        guard leaf.dossier != nil else { return }
        guard let body = leaf.body else { return add("engine.notice: the row is gone") }
        if !seen.has(leaf.n) { add("feed.notice: the row is gone") }
        guard let opening = LeafOpening(salt: leaf.salt, head: leaf.head) else {
            if leaf.salt != nil { add("engine.leaf: salt or head has another length") }
            return
        }
        if opening.leafHash(of: body) != leaves.hash(leaf.n) {
            add("engine.notice or engine.leaf: body, head or salt was changed")
        }
        if seen.erased.contains(leaf.n) { add("feed.notice: salt and head are gone, the engine has them") }
    }
}
