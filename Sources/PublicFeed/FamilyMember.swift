import Notices
import Postgres

/// A dossier of a family with what is shown of it: its picture, or where that is none of this build's, its notices.
struct FamilyMember: Sendable {
    let row: FamilyRow
    private let dossier: String
    /// The newest first; nil until they are read.
    private var notices: [Notice]?
    /// Of the newest of them.
    private var leaf: Int64?
    /// Whether its salts were erased: then nothing is shown of it.
    private var isErased = false

    private init(_ row: FamilyRow) {
        self.row = row
        dossier = row.dossier.text
        let root = row.root == row.dossier ? dossier : row.root.text
        guard row.number > 0 else {
            notices = []
            return
        }
        let shown = row.picture.flatMap {
            DossierPicture.contents($0, dossier: dossier, root: root, number: row.number, taken: row.taken)
        }
        notices = shown?.notices
        leaf = shown?.leaf
        isErased = leaf == DossierPicture.erasedLeaf
    }

    /// A dossier from the shelf; nil when its picture does not read.
    init?(_ shelved: ShelvedMember) {
        row = shelved.row
        dossier = row.dossier.text
        guard let picture = shelved.picture else {
            notices = []
            return
        }
        let root = row.root == row.dossier ? dossier : row.root.text
        guard let shown = picture.contents(dossier: dossier, root: root, number: row.number) else { return nil }
        notices = shown.notices
        leaf = shown.leaf
    }

    /// The dossiers of each code's family, in the order of the codes.
    static func read(_ codes: [String], _ session: Session) throws -> [[FamilyMember]] {
        var members = try session.run(ReaderStatements.families, codes).map(FamilyMember.init)
        let missing = members.indices.filter { members[$0].notices == nil }
        if !missing.isEmpty { try readNotices(of: missing, in: &members, session) }
        var families = [[FamilyMember]](repeating: [], count: codes.count)
        for member in members where families.indices.contains(member.row.place) {
            families[member.row.place].append(member)
        }
        return families
    }

    private static func readNotices(of missing: [Int], in members: inout [FamilyMember], _ session: Session) throws {
        struct Key: Hashable {
            let province: Int16
            let dossier: String
        }
        let asked = missing.map { place in
            NoticedDossier(
                province: members[place].row.province, dossier: members[place].dossier,
                number: members[place].row.number)
        }
        let rows = try session.run(PictureStatements.notices, asked)
        let stored = Dictionary(grouping: rows) { Key(province: $0.province, dossier: $0.notice.dossier) }
        for place in missing {
            let member = members[place]
            let root = member.row.root.text
            var notices: [(n: Int64, notice: Notice)] = []
            let rows = stored[Key(province: member.row.province, dossier: member.dossier)] ?? []
            // What was erased is not shown, with or without a picture.
            members[place].isErased = rows.contains(where: \.isErased)
            for row in rows where !members[place].isErased {
                // What this build cannot read the follower has reported; the newest that it can read stands.
                guard let notice = try? FeedBatch.legible(row.notice), notice.root == root else { continue }
                notices.append((row.n, notice))
            }
            notices.sort { $0.notice.number > $1.notice.number }
            members[place].notices = notices.map(\.notice)
            members[place].leaf = notices.first?.n
        }
    }

    /// Whether a code shows nothing because the dossier that it belongs to was erased.
    static func isErased(_ members: [FamilyMember]) -> Bool {
        members.contains { $0.row.dossier == $0.row.asked && $0.isErased }
    }

    /// The family of one code; nil when it shows nothing.
    static func family(of members: [FamilyMember], _ reading: FeedReading, _ watch: FeedWatch) -> DossierFamily? {
        // Two dossiers under one code would show one person's affairs to another: then nobody sees anything.
        guard let first = members.first, members.allSatisfy({ $0.row.asked == first.row.asked }) else { return nil }
        let asked = first.row.asked
        if members.count == 1, first.row.dossier == asked {
            guard let notices = first.notices, let stand = DossierStand(notices: notices) else { return nil }
            let provinces = [first.row.province]
            var family = DossierFamily(
                version: 1 + Int64(first.row.number), dossier: stand, leaf: first.leaf,
                standing: watch.standing(of: provinces))
            family.source = FamilySource(root: first.row.root, provinces: provinces, reading: reading)
            return family
        }
        var provinces = Array(members.filter { $0.row.dossier == asked }.map(\.row.province).prefix(1))
        for member in members where !provinces.contains(member.row.province) { provinces.append(member.row.province) }
        var stands: [DossierStand] = []
        var leaf: Int64?
        // Rises with each notice and each dossier of the family.
        var version: Int64 = 0
        // A dossier that was named in another province has a second row there, without notices.
        for (place, member) in members.enumerated() {
            guard
                !members[..<place].contains(where: {
                    $0.row.dossier == member.row.dossier && $0.row.province == member.row.province
                })
            else { continue }
            version += 1 + Int64(member.row.number)
            guard let notices = member.notices, let stand = DossierStand(notices: notices) else { continue }
            stands.append(stand)
            if member.row.dossier == asked { leaf = member.leaf }
        }
        var family = DossierFamily(
            asked: asked.text, stands: stands, version: version, standing: watch.standing(of: provinces), leaf: leaf)
        family?.source = FamilySource(root: first.row.root, provinces: provinces, reading: reading)
        return family
    }
}
