import Dossiers
import Foundation
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import Store

/// Every statement runs, as the engine's role, against the migrated schema: its parameters have the columns' types, and its
/// decoder reads the columns that come.
@Suite(.database, .timeLimit(.minutes(2)))
struct StatementTests {
    struct Probe {
        let name: String
        let run: @Sendable (Transaction) throws -> Int

        /// A statement that must give at least one row, which its decoder then has read.
        static func rows<P: Sendable, R: Sendable>(_ statement: Statement<P, R>, _ parameters: P) -> Probe {
            Probe(name: "\(statement.name)") { try $0.run(statement, parameters).count }
        }

        /// A statement that may give none, or whose rows nobody reads.
        static func runs<P: Sendable, R: Sendable>(_ statement: Statement<P, R>, _ parameters: P) -> Probe {
            Probe(name: "\(statement.name)") { transaction in
                _ = try transaction.run(statement, parameters)
                return 1
            }
        }
    }

    private static let province: Int16 = 30_000
    private static let id = Fixture.id()
    private static let other = Fixture.id()
    private static let now = Fixture.now

    private static func rows<Row>(_ rows: Row...) -> Rows<Row> { Rows(province: province, rows: rows) }

    private static var newDossier: NewDossier {
        var row = Fixture.new(id)
        row.lookUp = "23456789ABCD"
        row.code = "H17.1-260412-0001"
        row.client = "desk"
        row.clientReference = "ref"
        return row
    }

    private static var child: NewDossier {
        var row = Fixture.new(other)
        row.root = id
        row.parent = id
        return row
    }

    private static var event: EventRow {
        EventRow.chain(
            previousHead: EventRow.firstHead,
            events: [EventRow(dossier: id, sequence: 1, recordedAt: now, kind: "submitted", body: [1])])[0]
    }

    private static let agency = DossierAgencyRow(agency: "police", dossier: id)
    private static let client = ClientRow(
        id: "desk", province: province, agency: "a", name: "n", roles: ["r"], scopes: ["s"],
        secretHash: [UInt8](repeating: 1, count: 32), createdAt: now)
    private static let version = ProcedureVersionRow(
        name: "p", version: 1, contentHash: "h", code: "1.001193", effectiveFrom: now.date, effectiveUntil: now.date,
        source: [1], loadedAt: now, loadedBy: "admin")
    private static let file = WorkflowFileRow(
        kind: .calendar, name: "vn-state", contentHash: "h", source: [1], loadedAt: now, loadedBy: "admin")
    private static let document = DocumentRow(
        dossier: id, name: "birth-proof", kind: "witness", mediaType: "application/pdf", size: 9,
        address: [UInt8](repeating: 9, count: 32), createdAt: now, createdBy: "desk")
    private static let timer = AgendaRow(dossier: id, key: "late/0", dueAt: now)
    private static let row = ClearedAgenda(dossier: id, key: "late/0")

    private static let dossiers: [Probe] = [
        .runs(EventStatements.ensureMonth, now.date),
        .runs(SequencerStatements.ensure, province),
        .runs(DossierStatements.insert, rows(newDossier, child)),
        .runs(DossierStatements.insertCodes, rows(IssuedCode(code: "H17.1-260412-0001", dossier: id))),
        .rows(DossierStatements.lock, .init(province: province, ids: [id])),
        .rows(DossierStatements.lockWaiting, .init(province: province, ids: [id])),
        .rows(DossierStatements.existing, .init(province: province, ids: [id])),
        .rows(
            DossierStatements.byReference,
            .init(province: province, references: [ClientReference(client: "desk", reference: "ref")])),
        .runs(DossierStatements.update, rows(Fixture.update(id, from: 1))),
        .rows(DossierListStatements.byID, .init(province: province, dossier: id)),
        .rows(DossierListStatements.versionOf, .init(province: province, dossier: id)),
        .rows(DossierListStatements.byIDs, .init(province: province, ids: [id])),
        .rows(DossierListStatements.byLookUp, .init(province: province, text: "23456789ABCD")),
        .rows(DossierListStatements.byCode, .init(province: province, text: "H17.1-260412-0001")),
        .rows(DossierListStatements.byReference, .init(province: province, client: "desk", reference: "ref")),
        .rows(
            DossierListStatements.page,
            .init(province: province, filter: .init(centre: "000.00.01.H17"), from: nil, limit: 9)),
        .rows(
            BackwardStatements.dossiers,
            .init(province: province, filter: .init(centre: "000.00.01.H17"), from: nil, limit: 9)),
        .runs(EventStatements.insert, rows(event)),
        .runs(DossierAgencyStatements.insert, rows(agency)),
        .rows(DossierAgencyStatements.find, .init(province: province, row: agency)),
        .rows(EventStatements.page, .init(province: province, dossier: id, after: 0, limit: 9)),
        .rows(LogStatements.events, .init(province: province, ids: [id])),
        .rows(
            CounterStatements.take,
            .init(province: province, rows: [(CounterStatements.Key(agency: "a", day: now.date), Int64(2))])),
        .runs(AnswerStatements.insert, rows(Fixture.answer("k"))),
        .rows(AnswerStatements.find, .init(province: province, keys: [Fixture.key("k")])),
        .rows(AnswerStatements.deleteOld, .init(province: province, before: now.adding(seconds: 1), limit: 9)),
    ]

    private static let work: [Probe] = [
        .runs(
            TaskStatements.upsert,
            rows(Fixture.task(id, 1, due: now), Fixture.task(id, 2, role: "registry", kind: .call, notBefore: now))),
        .rows(TaskStatements.byKey, .init(province: province, key: ClosedTask(dossier: id, activation: 1))),
        .rows(TaskStatements.ofDossier, .init(province: province, dossier: id)),
        .runs(TaskStatements.atAgencies, (province: province, agencies: ["000.12.34.H17", "nobody"])),
        .rows(
            TaskStatements.worklist,
            .init(
                province: province, filter: .init(agency: "000.12.34.H17", roles: ["civil-status"]), from: nil,
                limit: 9)),
        .rows(
            BackwardStatements.worklist,
            .init(
                province: province, filter: .init(agency: "000.12.34.H17", roles: ["civil-status"]), from: nil,
                limit: 9)),
        .rows(LogStatements.tasks, .init(province: province, ids: [id])),
        .rows(
            TaskStatements.lease,
            .init(province: province, connector: "registry", now: now, until: now.adding(seconds: 60), limit: 9)),
        .runs(TaskStatements.close, rows(ClosedTask(dossier: id, activation: 1))),
        .runs(AgendaStatements.upsert, rows(timer)),
        .runs(AgendaStatements.deliver, rows(timer)),
        .runs(AgendaStatements.tellAllOpen, (province: province, key: "calendar/1", due: now)),
        .rows(AgendaStatements.provincesDue, now),
        .rows(AgendaStatements.due, .init(province: province, before: now, from: nil, limit: 9, tries: 5)),
        .rows(
            AgendaStatements.noteStuck,
            .init(province: province, row: row, error: "e", at: now, retryAt: now)),
        .rows(AgendaStatements.stuck, .init(province: province, from: nil, limit: 9)),
        .rows(BackwardStatements.stuck, .init(province: province, from: nil, limit: 9)),
        .rows(LogStatements.timers, .init(province: province, ids: [id])),
        .rows(AgendaStatements.stuckCount, (province: province, tries: 1)),
        .rows(AgendaStatements.freeStuck, rows(row)),
        .runs(AgendaStatements.clear, rows(row)),
        .runs(
            OutgoingStatements.insert,
            rows(OutgoingRow(targetProvince: 1, dossier: other, key: "m/1/1", dueAt: now, payload: [1]))),
        .rows(OutgoingStatements.provinces, ()),
        .rows(OutgoingStatements.page, .init(province: province, after: 0, limit: 9)),
        .runs(OutgoingStatements.delete, rows(Int64(1))),
        .runs(NoticeStatements.insert, rows(Fixture.notice(id, 1))),
        .runs(NoticeStatements.enqueue, rows(Fixture.notice(id, 1))),
        .rows(SequencerStatements.provinces, ()),
        .rows(SequencerStatements.known, ()),
        .rows(SequencerStatements.lock, province),
        .rows(SequencerStatements.step, .init(province: province, limit: 9, at: nil)),
        .rows(
            DossierListStatements.changes,
            .init(province: province, after: -1, limit: 9, centre: nil, agency: nil)),
        .rows(
            HeadsStatements.insert,
            .init(province: province, day: now.date, readAt: now, body: [UInt8](repeating: 1, count: 48), at: nil)),
        .rows(HeadsStatements.last, province),
        .rows(HeadsStatements.page, .init(province: province, after: nil, limit: 9)),
        .rows(
            HeadsStatements.moved,
            .init(
                province: province, dossiers: [DossierHead(dossier: id, sequence: 1, unpublished: nil)], since: nil)),
        .rows(ClosedStatements.ended, .init(province: province, after: nil, limit: 9)),
        .runs(
            ClosedStatements.close,
            .init(dossiers: [DossierHead(dossier: id, sequence: 1, unpublished: nil)], before: now)),
        .runs(ClosedStatements.reopen, [id]),
        .rows(ServiceStatements.ping, ()),
        .rows(ServiceStatements.clock, ()),
    ]

    private static let personal: [Probe] = [
        .runs(PersonalStatements.insertKeys, rows(DataKeyRow(dossier: id, wrapped: [1]))),
        .rows(PersonalStatements.key, .init(province: province, dossier: id)),
        .rows(PersonalStatements.rewrap, .init(province: province, dossier: id, old: [1], new: [2])),
        .runs(
            PersonalStatements.upsertSealed,
            rows(SealedRow(dossier: id, section: "form", ciphertext: [1], createdAt: now))),
        .rows(PersonalStatements.sealed, .init(province: province, dossier: id, sections: ["form"])),
        .runs(
            PersonalStatements.access,
            .init(
                province: province,
                row: AccessRow(
                    at: now, client: "desk", officer: nil, dossiers: [id], sections: ["form"], purpose: "check"))),
        .rows(PersonalStatements.accesses, .init(province: province, dossier: id, from: nil, limit: 9)),
        .rows(BackwardStatements.accesses, .init(province: province, dossier: id, from: nil, limit: 9)),
        .runs(
            PersonalStatements.access,
            .init(
                province: province,
                row: AccessRow(
                    at: now, client: "desk", officer: nil, dossiers: [id], sections: ["form"],
                    purpose: "erase/request"))),
        .rows(PersonalStatements.erasure, .init(province: province, dossier: id)),
        .rows(PersonalStatements.keyPage, .init(province: province, after: nil, version: [0, 0, 0, 1], limit: 9)),
        .runs(InstallationStatements.insert, .init(identity: "i", version: 1)),
        .rows(InstallationStatements.find, ()),
        .rows(InstallationStatements.use, .init(identity: "i", version: 2)),
        .runs(InstallationStatements.rewrapped, 2),
        .runs(
            DocumentStatements.insertContent,
            .init(province: province, dossier: id, address: document.address, ciphertext: [4])),
        .rows(DocumentStatements.insert, .init(province: province, row: document)),
        .rows(DocumentStatements.list, .init(province: province, dossier: id)),
        .rows(DocumentStatements.content, .init(province: province, dossier: id, number: 1)),
        .rows(PersonalStatements.erase, .init(province: province, dossier: id)),
        .runs(PersonalStatements.eraseSalts, .init(province: province, ids: [id])),
        .runs(CatalogueStatements.lock, ()),
        .rows(CatalogueStatements.insertVersion, version),
        .runs(CatalogueStatements.checkVersion, .init(name: "p", version: 1, contentHash: "h")),
        .rows(CatalogueStatements.versions, ()),
        .runs(CatalogueStatements.retireFile, file),
        .runs(CatalogueStatements.insertFile, file),
        .rows(CatalogueStatements.files, true),
        .rows(CatalogueStatements.stamp, ()),
        .runs(ClientStatements.insert, client),
        .rows(ClientStatements.byID, "desk"),
        .rows(ClientStatements.list, province),
        .rows(ClientStatements.disable, .init(id: "desk", province: province, at: now)),
        .rows(ClientStatements.disabled, ()),
    ]

    @Test func `every statement runs with the types of the schema`() async throws {
        try await withStore { _, pool in
            let failures = try await pool.transaction { transaction in
                try transaction.setLocal("motcua.province", "\(Self.province)")
                for probe in Self.dossiers + Self.work + Self.personal {
                    do {
                        guard try probe.run(transaction) > 0 else { return "\(probe.name): no row" }
                    } catch { return "\(probe.name): \((error as? PostgresError)?.message ?? "\(error)")" }
                }
                return ""
            }
            #expect(failures == "")
        }
    }

    @Test func `a dossier that is asked for again and again is not planned for again and again`() async throws {
        try await withStore { _, pool in
            let plans = Statement<Void, Int64>(
                name: "plans",
                sql: "SELECT sum(generic_plans)::bigint FROM pg_prepared_statements WHERE name LIKE 'dossier_by_id/%'",
                decode: { try $0.int8() })
            let count = try await pool.transaction { transaction in
                try transaction.setLocal("motcua.province", "\(Self.province)")
                for _ in 0..<20 {
                    _ = try transaction.run(
                        DossierListStatements.byID, .init(province: Self.province, dossier: Self.id))
                }
                return try transaction.run(plans)
            }
            // The first five are planned for their own values, to compare.
            #expect(count == [15])
        }
    }

    @Test func `no statement of the sources is left out here`() throws {
        let folder = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Store/Statements")
        var inSource: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /name: "([a-z_]+)"/) { inSource.insert(String(match.1)) }
        }
        let probed = Set((Self.dossiers + Self.work + Self.personal).map(\.name))
        #expect(inSource.count > 50)
        #expect(inSource == probed)
    }
}
