import Logging
import Notices
import ProcedureFiles
package import Procedures
import Store
import WorkingTime

extension DossierEngine {
    /// Checks a procedure file against what is in use; nothing is stored.
    package func checkFile(_ bytes: [UInt8], name: String) async -> FileReport {
        FileCheck.check(bytes, name: name, in: catalogue)
    }

    /// Loads a procedure file into the running system: every node uses it a moment later, open dossiers stay on theirs.
    /// - Throws: `CommandError.unavailable` while the database is away.
    package func loadFile(_ bytes: [UInt8], name: String, by client: String) async throws -> LoadResult {
        let report = await checkFile(bytes, name: name)
        // Who sends the same bytes again is told so, whatever the verifier thinks of a second copy.
        let hash = ProcedureFile.contentHash(bytes)
        if let same = catalogue.procedure(hash: hash) { return .unchanged(same) }
        guard let procedure = report.procedure else { return .refused(report.findings) }
        if let other = catalogue.procedure(named: procedure.name, version: procedure.version),
            other.contentHash != procedure.contentHash
        {
            return .duplicate(other)
        }
        do {
            _ = try await asking { [clock] store in
                try await store.publish(versions: [procedure.row(bytes, at: clock.now(), by: client)])
            }
        } catch StoreError.collision { return .duplicate(procedure) }
        try await loadCatalogue()
        logger.info("procedure \(procedure.name) version \(procedure.version) loaded by \(client)")
        return .loaded(procedure, report.findings)
    }

    /// The file of a published version, by its content hash; nil for none.
    package func source(hash: String) async throws -> [UInt8]? {
        try await asking { try await $0.procedureVersions() }.first { $0.contentHash == hash }?.source
    }

    /// Publishes a folder of files: all of it, or nothing where a file has an error.
    /// - Returns: the report of the whole folder; when it has an error nothing was changed.
    package func install(_ texts: [String: [UInt8]], by: String) async throws -> Report {
        // At the start of a server nothing was read yet, and an amendment is told by what it amends.
        try await refreshCatalogue()
        let read = WorkflowFolder.read(texts: texts)
        var report = read.report
        // A published version was sound on the day it was loaded: an amended calendar may move its examples' dates, and must
        // not be refused for that.
        for procedure in read.catalogue.procedures where catalogue.procedure(hash: procedure.contentHash) == nil {
            guard
                let (name, bytes) = texts.first(where: { ProcedureFile.contentHash($0.value) == procedure.contentHash })
            else { continue }
            let failures = FileCheck.examples(of: procedure, in: read.catalogue, text: bytes)
            report.append(Report(file: name, findings: failures))
        }
        report.append(Report(file: "agencies", findings: try await leftAlone(by: read.catalogue)))
        guard !report.hasErrors else { return report }
        let now = clock.now()
        var versions: [ProcedureVersionRow] = []
        var files: [WorkflowFileRow] = []
        for (name, bytes) in texts.sorted(by: { $0.key < $1.key }) {
            let hash = ProcedureFile.contentHash(bytes)
            if let procedure = read.catalogue.procedure(hash: hash) {
                versions.append(procedure.row(bytes, at: now, by: by))
            } else {
                files.append(
                    WorkflowFileRow(
                        kind: WorkflowFolder.isCalendar(bytes) ? .calendar : .agencies, name: name, contentHash: hash,
                        source: bytes,
                        loadedAt: now, loadedBy: by))
            }
        }
        let amendments = Amendment.all(from: catalogue, to: read.catalogue)
        try await tell(amendments)
        _ = try await asking { [versions, files] in try await $0.publish(versions: versions, files: files) }
        try await loadCatalogue()
        // Once more, for dossiers that were submitted meanwhile under the old one.
        try await tell(amendments)
        return report
    }

    /// Agencies that their province's file leaves out although they have open tasks, which nobody could do any more.
    private func leftAlone(by new: Catalogue) async throws -> [Finding] {
        let gone = catalogue.directory.agencies.values.filter {
            new.directory.provinces[$0.province] != nil && new.directory.agencies[$0.code] == nil
        }.map(\.code).sorted()
        guard !gone.isEmpty else { return [] }
        var counts: [String: Int] = [:]
        for province in try await asking({ try await $0.provincesKnown() }) {
            for (agency, count) in try await asking({ try await $0.openTasks(at: gone, province: province) }) {
                counts[agency, default: 0] += count
            }
        }
        return counts.sorted { $0.key < $1.key }.map { agency, count in
            let name = catalogue.directory.agencies[agency]?.name
            return Finding(
                .v12, path: agency, spot: Spot(),
                message: BilingualText(
                    vi:
                        "Cơ quan \(agency) (\(name?.vi ?? agency)) không còn trong danh mục nhưng còn \(count) việc đang mở.",
                    en:
                        "Agency \(agency) (\(name?.text(in: .en) ?? agency)) is gone from the files and has \(count) open tasks."
                ),
                fix: BilingualText(
                    vi: "Giữ cơ quan trong tệp, hoặc ghi cơ quan kế thừa bằng “succeeds:”.",
                    en: "Keep the agency in its file, or name who takes over with “succeeds:”."))
        }
    }

    /// Has every open dossier look at its dates and timers again (R4): a row of the agenda each, which waits until the node
    /// that takes it has what was amended.
    private func tell(_ amendments: [Amendment]) async throws {
        let now = clock.now()
        for amendment in amendments {
            for province in try await asking({ try await $0.provincesKnown() }) {
                try await asking { try await $0.tellAllOpen(province: province, key: amendment.key, due: now) }
            }
        }
    }

    /// Reads everything published into a new catalogue and puts it into use.
    package func loadCatalogue() async throws {
        let stamp = try await asking { try await $0.catalogueStamp() }
        var texts: [String: [UInt8]] = [:]
        for file in try await asking({ try await $0.workflowFiles(currentOnly: true) }) {
            texts["\(file.kind.rawValue)/\(file.name)"] = file.source
        }
        for version in try await asking({ try await $0.procedureVersions() }) {
            texts["procedures/\(version.name)-\(version.version).yaml"] = version.source
        }
        let read = WorkflowFolder.read(texts: texts)
        for row in read.report.rows where row.finding.severity == .error {
            logger.error("published file \(row.file): \(row.finding.rule.rawValue) \(row.finding.message.en)")
        }
        shelf.replace(read.catalogue, stamp: stamp)
    }

    /// Loads the catalogue if it was never loaded here, or if another node has published something. To be done before the
    /// first request: without a directory every agency would be told that it is none.
    /// - Throws: `CommandError.unavailable` while the database is away.
    package func refreshCatalogue() async throws {
        let stamp = try await asking { try await $0.catalogueStamp() }
        if stamp != shelf.stamp { try await loadCatalogue() }
    }
}

extension Procedure {
    /// The row of a published version.
    func row(_ bytes: [UInt8], at: Instant, by: String) -> ProcedureVersionRow {
        ProcedureVersionRow(
            name: name, version: version, contentHash: contentHash, code: code, effectiveFrom: effective.from,
            effectiveUntil: effective.until, source: bytes, loadedAt: at, loadedBy: by)
    }
}
