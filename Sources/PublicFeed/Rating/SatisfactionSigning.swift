import Postgres
import WorkingTime

/// Signs counted months of ratings with the log's key. No notice tells a rating, and what was chosen is forgotten when it is
/// counted: only a signature can prove later what the counts were.
///
/// The signed text says what the page says, line by line, and the hash of the note of the month before; the last note is
/// also kept in the log's folder, outside the database. So no month can be changed, put in or taken away unseen.
package struct SatisfactionSigning: Sendable {
    private let keys: LogKeys
    private let folder: LogFolder

    /// Signs with these keys; keeps the last note in this folder.
    package init(keys: LogKeys, folder: LogFolder) {
        self.keys = keys
        self.folder = folder
    }

    /// The signed note of a month.
    /// - Parameter before: the note of the last month counted before; nil for the first.
    func note(_ month: SatisfactionMonth, of key: MonthKey, after before: String?) throws -> String {
        guard let signer = keys.signer(key.province) else {
            throw LogFileError("the key file gives no key for province \(key.province)")
        }
        let text = SatisfactionSigning.text(month, of: key, origin: keys.origin(key.province), after: before)
        return SignedNote(text: text, signatures: [try signer.sign(text)]).description
    }

    /// Keeps the last notes that the disk would not take, or before which the process ended, outside the database. A note
    /// that is kept and that the database does not have stays: it proves that months were taken away, or that the database
    /// was restored from an older backup.
    func keepLast(_ feed: ConnectionPool) async throws {
        for province in try await feed.withSession({ try $0.run(SatisfactionNoteStatements.provinces) }) {
            let notes = try await feed.withSession { try $0.run(SatisfactionNoteStatements.all, province) }
            guard let last = notes.last?.note else { continue }
            let kept = try folder.satisfaction(province)
            guard kept != last, kept.map({ kept in notes.contains { $0.note == kept } }) ?? true else { continue }
            try keep(last, of: province)
        }
    }

    /// Keeps the last note outside the database.
    func keep(_ note: String, of province: Int16) throws { try folder.keep(satisfaction: note, of: province) }

    /// What is signed: the origin with `/satisfaction`, the month, the hash of the note before or `-`, and one line a row:
    /// how many chose each level, from the lowest.
    static func text(_ month: SatisfactionMonth, of key: MonthKey, origin: String, after before: String?) -> String {
        func line(_ name: String, _ counts: SatisfactionCounts?) -> String {
            "\(name) \(counts.map { $0.row.map { "\($0)" }.joined(separator: " ") } ?? "-")"
        }
        let day = "\(CivilDate(daysSinceEpoch: key.month))"
        let rows = month.agencies.map { line($0.key.isEmpty ? "others" : "agency \(plain($0.key))", $0.counts) }
            .sorted()
        let hash = before.map { Base64Text.encode(MerkleHash.plain(Array($0.utf8))) } ?? "-"
        return (["\(origin)/satisfaction", String(day.prefix(7)), hash, line("whole", month.whole)] + rows)
            .joined(separator: "\n") + "\n"
    }

    /// A note's text has no control characters.
    private static func plain(_ key: String) -> String {
        String(String.UnicodeScalarView(key.unicodeScalars.filter { $0.value >= 0x20 }))
    }
}

/// What was signed of a month of ratings.
struct SatisfactionNote: Sendable {
    let month: Int
    /// Its place in the order in which a province's months were signed, from 1.
    let number: Int32
    let note: String
}

/// The statements on what was signed of months of ratings.
enum SatisfactionNoteStatements {
    static let last = Statement<Int16, SatisfactionNote>(
        name: "feed_satisfaction_note_last",
        sql: """
            SELECT month, number, note FROM feed.satisfaction_note WHERE province = $1 ORDER BY number DESC LIMIT 1
            """,
        encode: { $1.int2($0) }, decode: { try $0.satisfactionNote() })

    static let put = Statement<(province: Int16, note: SatisfactionNote), Void>(
        name: "feed_satisfaction_note_put",
        sql: "INSERT INTO feed.satisfaction_note (province, month, number, note) VALUES ($1, $2, $3, $4)",
        encode: {
            $1.month(MonthKey(province: $0.province, month: $0.note.month))
            $1.int4($0.note.number)
            $1.text($0.note.note)
        })

    static let provinces = Statement<Void, Int16>(
        name: "feed_satisfaction_note_provinces",
        sql: "SELECT DISTINCT province FROM feed.satisfaction_note ORDER BY province", decode: { try $0.int2() })

    /// All of a province in the order in which they were signed.
    static let all = Statement<Int16, SatisfactionNote>(
        name: "feed_satisfaction_notes",
        sql: "SELECT month, number, note FROM feed.satisfaction_note WHERE province = $1 ORDER BY number",
        encode: { $1.int2($0) }, decode: { try $0.satisfactionNote() })
}

extension RowCursor {
    fileprivate mutating func satisfactionNote() throws(PostgresError) -> SatisfactionNote {
        SatisfactionNote(month: Int(try date()), number: try int4(), note: try text())
    }
}
