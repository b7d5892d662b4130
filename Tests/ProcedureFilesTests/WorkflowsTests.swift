import Foundation
import Notices
import ProcedureFiles
import Procedures
import Testing

/// The files of this repository, as they are shipped.
enum Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Workflows")

    /// The whole folder, read once.
    static let loaded: Result<WorkflowFolder.Loaded, any Error> = Result { WorkflowFolder.read(texts: try texts()) }

    static func texts() throws -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for folder in ["calendars", "agencies", "procedures"] {
            let url = root.appending(path: folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name.hasSuffix(".yaml") {
                texts["\(folder)/\(name)"] = Array(try Data(contentsOf: url.appending(path: name)))
            }
        }
        return texts
    }
}

struct `The shipped workflows` {
    @Test func `load without a finding`() throws {
        let loaded = try Shipped.loaded.get()
        #expect(loaded.report.text(in: .en) == "")
        #expect(loaded.catalogue.procedures.count == 8)
    }
}
