import Notices
import Postgres

/// A family as the tables held it at one reading, for memory.
final class ShelvedFamily: Sendable {
    let reading: FeedReading
    private let first: ShelvedMember
    private let others: [ShelvedMember]
    /// About how much memory it takes, its place on the shelf included.
    let weight: Int

    /// The family's root dossier.
    var root: UUIDValue { first.row.root }

    /// Makes a family ready for the shelf; nil when its notices would have to be read, or nobody may see it.
    init?(_ members: [FamilyMember], _ reading: FeedReading, _ table: SharedUnitTable) {
        var shelved: [ShelvedMember] = []
        for member in members {
            guard member.row.asked == members[0].row.asked, let member = ShelvedMember(member.row, table) else {
                return nil
            }
            shelved.append(member)
        }
        guard let first = shelved.first else { return nil }
        self.first = first
        others = Array(shelved.dropFirst())
        self.reading = reading
        weight = shelved.reduce(300) { $0 + ($1.picture?.weight ?? 0) } + 120 * others.count
    }

    /// Its dossiers with what is shown of them.
    var members: [FamilyMember]? {
        guard let first = FamilyMember(first) else { return nil }
        var members = [first]
        for other in others {
            guard let member = FamilyMember(other) else { return nil }
            members.append(member)
        }
        return members
    }
}

/// One dossier of it.
struct ShelvedMember: Sendable {
    /// Without its picture.
    let row: FamilyRow
    /// Nil for a dossier without notices.
    let picture: CompactPicture?

    init?(_ row: FamilyRow, _ table: SharedUnitTable) {
        var row = row
        if row.number > 0 {
            guard let stored = row.picture, let picture = CompactPicture(stored, table), picture.taken == row.taken
            else { return nil }
            self.picture = picture
        } else {
            picture = nil
        }
        row.picture = nil
        self.row = row
    }
}
