import Dossiers
import Postgres

/// What is read of dossiers beside their rows when these alone do not say how they stand: after the locks, by later
/// statements of the same transaction (R11).
enum LogStatements {
    /// The whole logs of several dossiers, each in order.
    static let events = Statement<DossierStatements.Selection, EventRow>(
        name: "log_events",
        sql: """
            SELECT e.dossier, e.sequence, e.recorded_at, e.kind, e.body, e.hash
            FROM unnest($2::date[], $3::uuid[]) AS w (received, dossier)
            JOIN engine.event e ON e.province = $1 AND e.received = w.received AND e.dossier = w.dossier
            ORDER BY e.dossier, e.sequence
            """,
        encode: {
            $1.int2($0.province)
            $1.days($0.ids.map(\.receivedMonth))
            $1.dossiers($0.ids)
        },
        decode: {
            EventRow(
                dossier: try $0.dossier(), sequence: try $0.int8(), recordedAt: try $0.instant(), kind: try $0.text(),
                body: try $0.bytea(), hash: try $0.bytea())
        })

    /// The open tasks of several dossiers.
    static let tasks = Statement<DossierStatements.Selection, TaskRow>(
        name: "log_tasks",
        sql: """
            SELECT t.dossier, t.procedure, t.activation, t.kind, t.step, t.agency, t.role, t.officer, t.claims,
                t.opened_at, nullif(t.due_at, 'infinity'), t.not_before
            FROM engine.task t
            WHERE t.province = $1 AND t.dossier = ANY($2::uuid[])
            ORDER BY t.dossier, t.activation
            """,
        encode: DossierStatements.select, decode: TaskStatements.row)

    /// The agenda of several dossiers without its messages.
    static let timers = Statement<DossierStatements.Selection, AgendaRow>(
        name: "log_timers",
        sql: """
            SELECT a.dossier, a.key, a.due_at
            FROM engine.agenda a
            WHERE a.province = $1 AND a.dossier = ANY($2::uuid[]) AND a.payload IS NULL
            ORDER BY a.dossier, a.key
            """,
        encode: DossierStatements.select,
        decode: { AgendaRow(dossier: try $0.dossier(), key: try $0.text(), dueAt: try $0.instant()) })
}
