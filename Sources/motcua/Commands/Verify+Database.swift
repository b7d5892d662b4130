import ArgumentParser
import Logging
import Postgres
import PublicFeed
import Synchronization

extension Verify {
    private static let holdsEngine = Statement<Void, Bool>(
        name: "verify_holds_engine", sql: "SELECT to_regclass('engine.leaf') IS NOT NULL", decode: { try $0.bool() })

    /// Audits a database; prints the rows that are not what was signed.
    func auditDatabase(_ trusted: [NoteKey]) async throws -> Bool {
        let logger = LogOptions.silent
        let isGood = AuditAnswer()
        if let data {
            var options = try DataOptions.parse([])
            options.data = data
            let (command, quiet) = (self, logger)
            try await Installation.run(options, logger: logger) { installation in
                // The owner sees all that leaves commit to.
                let good = try await command.audit(
                    installation.addresses.feed, installation.addresses.owner,
                    folder: command.logFolder ?? "\(data)/transparency", trusted,
                    quiet)
                isGood.set(good)
            }
        } else if let database {
            isGood.set(try await audit(database, source, folder: logFolder, trusted, logger))
        }
        return isGood.value
    }

    private func audit(
        _ database: String, _ source: String?, folder path: String?, _ trusted: [NoteKey], _ logger: Logger
    ) async throws -> Bool {
        let feed = ConnectionPool(
            PostgresConfiguration(database, applicationName: "motcua-verify"), size: 2, logger: logger)
        let engine = source.map {
            ConnectionPool(PostgresConfiguration($0, applicationName: "motcua-verify"), size: 1, logger: logger)
        }
        let outcome: Result<Bool, any Error>
        do {
            var folder: LogFolder?
            if let path, try LocalFiles.isFolder(path) { folder = try LogFolder(path) }
            let both = try await feed.withSession { try $0.run(Verify.holdsEngine).first ?? false }
            let audit = LogAudit(feed: feed, source: engine ?? (both ? feed : nil), keys: trusted, folder: folder)
            outcome = .success(try await show(audit))
        } catch let failure as CommandFailure {
            outcome = .failure(failure)
        } catch {
            outcome = .failure(CommandFailure(.notNow, "the database cannot be audited: \(error)"))
        }
        await feed.shutdown()
        await engine?.shutdown()
        return try outcome.get()
    }

    private func show(_ audit: LogAudit) async throws -> Bool {
        var table = Table([
            .init("province", "Tỉnh / Province", isNumber: true), .init("n", "Mục / Leaf", isNumber: true),
            .init("dossier", "Hồ sơ / Dossier"), .init("number", "Số / Number", isNumber: true),
            .init("what", "Sai / What is wrong"),
        ])
        var findings: [LogAudit.Finding] = []
        var lines: [String] = []
        for province in try await audit.provinces() {
            let outcome = try await audit.run(province)
            findings += outcome.findings
            for finding in outcome.findings {
                table.add([
                    "\(finding.province)", finding.n.map { "\($0)" } ?? "", finding.dossier ?? "",
                    finding.number.map { "\($0)" } ?? "", finding.what,
                ])
            }
            let (line, notes) = Verify.words(outcome, of: province)
            lines.append(line)
            lines += notes.flatMap { broken($0, into: Terminal.standard.width - 2).map { "  " + $0 } }
        }
        if format == .json {
            table.show(format)
        } else {
            (Verify.words(findings, width: Terminal.standard.width) + lines).forEach { Terminal.standard.line($0) }
        }
        return findings.isEmpty
    }
}

/// What an audit came to, carried out of the group in which it ran.
private final class AuditAnswer: Sendable {
    private let answer = Mutex(false)

    /// Whether all was as it was signed; false until known.
    var value: Bool { answer.withLock { $0 } }

    func set(_ isGood: Bool) { answer.withLock { $0 = isGood } }
}
