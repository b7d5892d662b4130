import ArgumentParser
import Foundation
import Testing

@testable import motcua

/// `motcua fmt` and `motcua diff` on files of a folder.
struct FormatTests {
    private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-format-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "file.yaml").path
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        try body(path)
        // Nothing is left beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file.yaml"])
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    @Test func `a file is written in its form once, and keeps its rights`() throws {
        try Self.withFile("connectors:\n    tax: { title: {vi: Thuế}, operations: [ assess ] } # one\n") {
            path throws in
            let before = try Self.text(path)
            #expect(throws: ExitCode(1)) { try Format.parse(["--check", path]).run() }
            let unchanged = try Self.text(path)
            #expect(unchanged == before)
            try Format.parse([path]).run()
            let after = try Self.text(path)
            #expect(after == "connectors:\n  tax: {title: {vi: Thuế}, operations: [assess]}       # one\n")
            let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(rights == 0o640)
            try Format.parse(["--check", path]).run()
        }
    }

    @Test(arguments: ["a: [1", "a: one\n\n  two\n"])
    func `a file that does not read, or cannot be proved, stays as it is`(_ text: String) throws {
        try Self.withFile(text) { path throws in
            #expect(throws: ExitCode(1)) { try Format.parse([path]).run() }
            let after = try Self.text(path)
            #expect(after == text)
        }
    }

    @Test func `the exit code says whether two files differ`() throws {
        try Self.withFile("connectors: {tax: {title: {vi: Thuế}, operations: [assess]}}\n") { old throws in
            try Diff.parse([old, old]).run()
            try Self.withFile("connectors: {tax: {title: {vi: Thuế}, operations: [assess, refund]}}\n") { new throws in
                #expect(throws: ExitCode(1)) { try Diff.parse([old, new, "--language", "vi"]).run() }
            }
            try Self.withFile("calendar: x\n") { other throws in
                #expect(throws: CommandFailure.self) { try Diff.parse([old, other]).run() }
            }
        }
        #expect(throws: (any Error).self) { try Diff.parse(["a", "b", "--language", "fr"]) }
    }
}
