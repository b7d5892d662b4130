import Engine
import Logging
import Notices
import Procedures

/// Publishes a folder of procedures, calendars and agencies at the start of a server.
struct WorkflowLoader: Sendable {
    let engine: DossierEngine
    let logger: Logger

    /// Publishes what is new in the folder; what is there already stays as it is.
    /// - Throws: ``CommandFailure`` with the first error of the files; then nothing was published.
    func load(_ folder: String) async throws {
        // Named below the folder, so that another place on another day is the same file.
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        var texts: [String: [UInt8]] = [:]
        for (path, bytes) in try LocalFiles.workflows([folder]) {
            texts[path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path] = bytes
        }
        let report: Report
        do {
            report = try await engine.install(texts, by: "start")
        } catch {
            throw CommandFailure(
                .no, "\(folder) was not published (a version that is published never changes): \(error)")
        }
        if let row = report.rows.first(where: { $0.finding.severity == .error }) {
            let line = Report([row]).text(in: .en)
            throw CommandFailure(.no, "\(folder) was not published; `motcua check \(folder)` shows all: \(line)")
        }
        logger.info("workflows published", metadata: ["folder": "\(folder)", "files": "\(texts.count)"])
    }
}
