package import Dossiers
import Postgres

/// The rows that a dossier keeps open, as they stand in the database.
package struct OpenRows: Sendable {
    package internal(set) var tasks: [TaskRow] = []
    /// What stands on the agenda besides messages.
    package internal(set) var timers: [AgendaRow] = []
}

extension ProvinceTransaction {
    /// The whole logs of dossiers that this transaction has locked, in order. Events live for decades, so that a state can
    /// always be folded again (R5).
    package func logs(of dossiers: [DossierID]) throws -> [DossierID: [EventRow]] {
        guard !dossiers.isEmpty else { return [:] }
        let rows = try run(LogStatements.events, .init(province: province, ids: dossiers.sorted()))
        return Dictionary(grouping: rows, by: \.dossier)
    }

    /// The open rows of dossiers that this transaction has locked; each of them has an entry.
    package func openRows(of dossiers: [DossierID]) throws -> [DossierID: OpenRows] {
        guard !dossiers.isEmpty else { return [:] }
        let wanted = DossierStatements.Selection(province: province, ids: dossiers.sorted())
        let tasks = transaction.enqueue(LogStatements.tasks, wanted)
        let timers = transaction.enqueue(LogStatements.timers, wanted)
        try transaction.sync()
        var open: [DossierID: OpenRows] = [:]
        for id in dossiers { open[id] = OpenRows() }
        for row in try tasks.rows { open[row.dossier]?.tasks.append(row) }
        for row in try timers.rows { open[row.dossier]?.timers.append(row) }
        return open
    }
}

extension DossierStore {
    /// The whole logs of dossiers as last committed, in order.
    package func logs(of dossiers: [DossierID], province: Int16) async throws -> [DossierID: [EventRow]] {
        guard !dossiers.isEmpty else { return [:] }
        let rows = try await read(province, LogStatements.events, .init(province: province, ids: dossiers))
        return Dictionary(grouping: rows, by: \.dossier)
    }
}
