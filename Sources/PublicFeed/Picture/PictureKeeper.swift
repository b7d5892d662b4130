import Notices
import Postgres

/// Brings the pictures of a batch's dossiers up to date, in the transaction that records it.
struct PictureUpdate {
    private let batch: FeedBatch
    private let known: Reply<PicturedRow>

    /// Asks for what is there, with the transaction's next round trip, which must come before the dossiers are written.
    init(_ batch: FeedBatch, in transaction: Transaction) {
        self.batch = batch
        let dossiers = Set(batch.notices.map(\.notice.dossier)).sorted()
        known = transaction.enqueue(PictureStatements.known, (province: batch.province, dossiers: dossiers))
    }

    /// The rows with their pictures; once the answer is there, and the notices are.
    /// - Parameter added: the notices that were new to the database.
    func applied(
        to rows: [DossierRow], added: [(dossier: String, number: Int32)], in transaction: Transaction
    ) throws -> [DossierRow] {
        let before = Dictionary(try known.rows.map { ($0.dossier, $0) }, uniquingKeysWith: { first, _ in first })
        let notices = batch.legible(added: added)
        var rows = rows
        var unknown: [NoticedDossier] = []
        for place in rows.indices where rows[place].added > 0 {
            let row = rows[place]
            let old = before[row.dossier] ?? PicturedRow(dossier: row.dossier, number: 0, taken: 0, picture: nil)
            let number = max(old.number, row.number)
            if var picture = old.usable {
                let taken = old.taken + row.added
                if batch.erased.contains(row.dossier) {
                    picture = DossierPicture(erasedAfter: taken)
                } else {
                    picture.add(notices[row.dossier] ?? [], number: number, taken: taken)
                }
                rows[place].picture = picture.encoded()
            } else {
                unknown.append(NoticedDossier(province: batch.province, dossier: row.dossier, number: number))
            }
        }
        guard !unknown.isEmpty else { return rows }
        let taken = Dictionary(
            rows.map { ($0.dossier, (before[$0.dossier]?.taken ?? 0) + $0.added) },
            uniquingKeysWith: { first, _ in first })
        let pictures = try PictureKeeper.made(of: unknown, taken: taken, in: transaction)
        for place in rows.indices {
            if let picture = pictures[rows[place].dossier] { rows[place].picture = picture }
        }
        return rows
    }
}

/// Makes pictures from notices: of rows that have none, or one of another build.
enum PictureKeeper {
    private static let pageSize: Int32 = 500

    /// Makes the pictures of a page of dossiers that have none. The follower goes on in between.
    /// - Returns: whether all dossiers of the province were looked at.
    static func fill(_ province: Int16, _ feed: ConnectionPool) async throws -> Bool {
        let format = Int16(DossierPicture.format)
        let done = PictureStanding(format: format, until: AuditStatements.last)
        let standing = try await feed.withSession { try $0.run(PictureStatements.standing, province).first }
        guard let standing, standing != done else { return true }
        return try await feed.transaction { transaction in
            _ = try transaction.run(FeedStatements.lockCursor, province)
            // Another follower may have been at it.
            guard let standing = try transaction.run(PictureStatements.standing, province).first, standing != done
            else { return true }
            let after = standing.format == format ? standing.until ?? AuditStatements.first : AuditStatements.first
            let page = try transaction.run(
                PictureStatements.after, (province: province, after: after, limit: pageSize))
            try renew(page.filter { $0.usable == nil }, of: province, in: transaction)
            let last = page.count < Int(pageSize) ? nil : page.last
            let now = PictureStanding(format: format, until: last?.dossier ?? AuditStatements.last)
            _ = transaction.enqueue(PictureStatements.putStanding, (province: province, standing: now))
            try transaction.sync()
            return now == done
        }
    }

    /// Makes pictures anew. Whoever calls holds the province's cursor.
    static func renew(_ dossiers: [String], of province: Int16, in transaction: Transaction) throws {
        try renew(
            try transaction.run(PictureStatements.known, (province: province, dossiers: dossiers)), of: province,
            in: transaction)
    }

    private static func renew(_ rows: [PicturedRow], of province: Int16, in transaction: Transaction) throws {
        guard !rows.isEmpty else { return }
        let dossiers = rows.map { NoticedDossier(province: province, dossier: $0.dossier, number: $0.number) }
        let taken = Dictionary(rows.map { ($0.dossier, $0.taken) }, uniquingKeysWith: { first, _ in first })
        let pictures = try made(of: dossiers, taken: taken, in: transaction)
        _ = transaction.enqueue(
            PictureStatements.put,
            (
                province: province,
                pictures: pictures.sorted { $0.key < $1.key }.map { (dossier: $0.key, picture: $0.value) }
            ))
        try transaction.sync()
    }

    /// The pictures that the stored notices make.
    static func made(
        of dossiers: [NoticedDossier], taken: [String: Int32], in transaction: Transaction
    ) throws -> [String: [UInt8]] {
        let rows = try transaction.run(PictureStatements.notices, dossiers)
        let notices = Dictionary(grouping: rows, by: \.notice.dossier)
        var pictures: [String: [UInt8]] = [:]
        for dossier in dossiers {
            let rows = notices[dossier.dossier] ?? []
            let legible = rows.compactMap { row in
                (try? FeedBatch.legible(row.notice)).map { (n: row.n, notice: $0) }
            }
            pictures[dossier.dossier] = made(
                of: legible, number: dossier.number, taken: taken[dossier.dossier] ?? 0,
                isErased: rows.contains(where: \.isErased))
        }
        return pictures
    }

    private static func made(
        of notices: [(n: Int64, notice: Notice)], number: Int32, taken: Int32, isErased: Bool
    ) -> [UInt8] {
        guard !isErased else { return DossierPicture(erasedAfter: taken).encoded() }
        var picture = DossierPicture()
        picture.add(notices, number: number, taken: taken)
        return picture.encoded()
    }

    /// Whether a stored picture is what the notices of its row say; one that nobody would show is as good as none.
    /// - Parameter isErased: whether the salt of any of them was erased.
    static func isTrue(
        _ stored: [UInt8]?, _ notices: [(n: Int64, notice: Notice)], number: Int32, taken: Int32, isErased: Bool
    ) -> Bool {
        guard let stored, stored.first == DossierPicture.format else { return true }
        return stored == made(of: notices, number: number, taken: taken, isErased: isErased)
    }
}
