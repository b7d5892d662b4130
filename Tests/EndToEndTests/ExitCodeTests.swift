import Foundation
import TestSupport
import Testing

@testable import motcua

/// The program as a script meets it: its exit codes, and one line for what went wrong.
@Suite(.timeLimit(.minutes(1))) struct ExitCodeTests {
    /// A command line, how it must end, and words of its one line; nil where it prints its answer.
    struct Try: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let line: String?

        init(_ arguments: [String], _ status: Int32, _ line: String? = nil) {
            self.arguments = arguments
            self.status = status
            self.line = line
        }

        var testDescription: String { (["motcua"] + arguments).joined(separator: " ") }
    }

    private static let calendars = "\(Project.workflows)/calendars"
    private static let procedure = "\(Project.workflows)/procedures/birth-registration.yaml"

    private static let nowhere = "/tmp/motcua-nowhere-\(getpid())"

    static let all: [Try] = [
        Try(["--help"], 0), Try(["--version"], 0), Try(["help", "due"], 0), Try([], 0),
        Try(["check", Project.workflows], 0),
        // Alone it names what is not there.
        Try(["check", procedure], 1), Try(["check", procedure, "--format", "sarif"], 1),
        Try(["check", "/nowhere.yaml"], 2, "cannot read /nowhere.yaml: No such file"),
        Try(["check", procedure, "--format", "xml"], 64, "See: motcua check --help"),
        Try(["due", "2026-04-24T15:30", "3 working days", "--workflows", calendars], 0),
        Try(["due", "2040-04-24", "3 working days", "--workflows", calendars], 1, "outside calendar vn-state"),
        Try(["due", "2026-04-24", "3 days", "--workflows", calendars], 64, "See: motcua due --help"),
        Try(["due", "2026-04-24", "3 working days", "--workflows", "/nowhere"], 2, "say --workflows"),
        Try(["status", "7K4M-Q2XP-93HT", "--pages", "http://127.0.0.1:1"], 2, "is the server running? (motcua serve)"),
        Try(["status"], 64, "See: motcua status --help"),
        Try(["submit", "/nowhere.json", "--client", "x"], 2, "cannot read /nowhere.json"),
        Try(["migrate"], 64, "--database is needed"),
        Try(["migrate", "--database", "host=/nowhere dbname=x"], 2, "the database cannot be brought up to date"),
        Try(["serve", "--database", "host=/nowhere dbname=x", "--data", "/tmp"], 2, "cannot be brought up to date"),
        Try(["serve", "--data", "/proc/nowhere"], 2, "cannot make the folder /proc/nowhere"),
        // A command that looks, or adds to what is there, begins no installation in a folder that was mistyped.
        Try(["keys", "--data", nowhere], 2, "there is no installation in \(nowhere)"),
        Try(["client", "add", "x", "--agency", "000.00.01.H17", "--data", nowhere], 2, "there is no installation in"),
        Try(["webhook", "list", "--data", nowhere], 2, "there is no installation in"),
        Try(["verify", "--data", nowhere], 2, "there is no installation in"),
        Try(["client", "add", "Desk"], 64, "See: motcua client add --help"),
        Try(["nonsense"], 64, "See: motcua --help"),
    ]

    @Test(arguments: all) func `commands end as the help says`(_ asked: Try) async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "motcua-exit-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let pid = try ChildProcess.start([Project.binary] + asked.arguments, log: log)
        let status = await Task.detached { ChildProcess.wait(pid) }.value
        let said = try String(contentsOfFile: log, encoding: .utf8)
        #expect(status == asked.status, "\(said)")
        let complaints = said.split(separator: "\n").filter { $0.hasPrefix("motcua: ") }
        guard let line = asked.line else {
            #expect(complaints.isEmpty && !said.isEmpty, "\(said)")
            return
        }
        #expect(complaints.count == 1 && complaints[0].contains(line), "\(said)")
        #expect(!FileManager.default.fileExists(atPath: Self.nowhere))
        // A server logs beside it, at the level that it was told; the others say nothing else.
        if asked.arguments.first != "serve" { #expect(said.split(separator: "\n").count == 1, "\(said)") }
    }
}
