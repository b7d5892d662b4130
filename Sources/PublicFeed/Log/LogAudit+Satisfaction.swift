import Postgres
import WorkingTime

/// Counted months of ratings: no notice tells them, so they are compared with what was signed of them.
extension LogAudit {
    /// - Returns: the months that were counted before anything was signed, by their first day.
    func walkSatisfaction(_ province: Int16, _ notes: inout Notes) async throws -> [CivilDate] {
        let trusted = try await trusted(province)
        // Before the database: it is kept after it was committed there, maybe at this moment.
        let kept = try folder?.satisfaction(province)
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)
        let (stored, signed) = try await feed.transaction(options: options) { transaction in
            let months = try transaction.run(AuditStatements.satisfactionMonths, province)
            var stored: [Int: SatisfactionMonth?] = [:]
            for month in months {
                let key = MonthKey(province: province, month: month)
                let whole = try transaction.run(SatisfactionStatements.month, key).first
                stored[month] = try whole.map {
                    SatisfactionMonth(whole: $0, agencies: try transaction.run(SatisfactionStatements.agencies, key))
                }
            }
            return (stored, try transaction.run(SatisfactionNoteStatements.all, province))
        }
        func add(_ month: Int, _ what: String) {
            notes.add("feed.satisfaction \(CivilDate(daysSinceEpoch: month)): \(what)")
        }
        var before: String?
        for (place, note) in signed.enumerated() {
            let key = MonthKey(province: province, month: note.month)
            // Each names the one before: one that is gone, or was put in, breaks what follows.
            let isTrue = trusted.contains { signer in
                guard let signed = SignedNote(note.note), signed.isSigned(by: signer) else { return false }
                guard let month = stored[note.month] ?? nil else { return false }
                return signed.text == SatisfactionSigning.text(month, of: key, origin: signer.name, after: before)
            }
            if !isTrue || Int(note.number) != place + 1 {
                add(note.month, "it is not what was signed, or the month that was signed before it is not")
            }
            before = note.note
        }
        let known = Set(signed.map(\.month))
        // An older build counted and did not sign.
        let first = signed.first?.month ?? (kept == nil ? .max : .min)
        let unsigned = stored.keys.filter { !known.contains($0) }.sorted()
        for month in unsigned where month >= first { add(month, "nobody has signed it") }
        if let kept, !signed.contains(where: { $0.note == kept }) {
            notes.add("feed.satisfaction: the month that was signed last is gone, or is another one")
        }
        return unsigned.filter { $0 < first }.map { CivilDate(daysSinceEpoch: $0) }
    }
}
