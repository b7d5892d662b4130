import Dossiers
import Foundation
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// The examples of every shipped file, on the core.
struct WorkflowTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Workflows")

    private static func catalogue() throws -> Catalogue {
        var texts: [String: [UInt8]] = [:]
        for folder in ["calendars", "agencies", "procedures"] {
            let url = root.appending(path: folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name.hasSuffix(".yaml") {
                texts["\(folder)/\(name)"] = Array(try Data(contentsOf: url.appending(path: name)))
            }
        }
        return WorkflowFolder.read(texts: texts).catalogue
    }

    @Test func `V23 every example of every shipped file is as it says`() throws {
        let catalogue = try Self.catalogue()
        var count = 0
        for procedure in catalogue.procedures {
            // What only runs as a part, or ended before the calendars begin, is tried by the examples of what links it.
            let isAlone = procedure.code != nil && procedure.effective.until.map { $0.parts.year >= 2023 } ?? true
            #expect(!procedure.examples.isEmpty || !isAlone, "\(procedure.name) \(procedure.version) has no example")
            let failures = ExampleRunner.run(procedure, in: catalogue)
            #expect(failures.isEmpty, "\(procedure.name): \(failures.map { "\($0.example): \($0.message.vi)" })")
            count += procedure.examples.count
        }
        #expect(count >= 20)
    }
}
