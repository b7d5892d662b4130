import ProcedureFiles
import Testing

@testable import motcua

/// The files of `Workflows/`, as the program reads them.
enum Workflows {
    static let folder: String = {
        // The folder of the package lies two above this file's.
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return (parts + ["Workflows"]).joined(separator: "/")
    }()

    private static let read = Result { WorkflowFolder.read(texts: try LocalFiles.workflows([folder])) }

    static func loaded() throws -> WorkflowFolder.Loaded { try read.get() }
}
