import Foundation

@testable import motcua

// Names that two modules have, as this target means them.
typealias Call = HTTPCall
typealias Reply = APIAnswer

/// Places of the project on this machine.
enum Project {
    /// The folder of procedures, calendars and agencies.
    static let workflows = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Workflows").path

    /// The program, beside the bundle of these tests.
    static var binary: String {
        // The test runner of the toolchain is another program: the bundle is named in its arguments.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "motcua").path
    }

    /// The files of the project by name, below their folder, with parts of one replaced.
    static func texts(_ file: String = "", replacing changes: [(String, String)] = []) throws -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for (path, bytes) in try LocalFiles.workflows([workflows]) {
            texts[String(path.dropFirst(workflows.count + 1))] = bytes
        }
        guard !changes.isEmpty, let bytes = texts[file] else { return texts }
        var text = String(decoding: bytes, as: UTF8.self)
        for (old, new) in changes { text = text.replacing(old, with: new) }
        texts[file] = Array(text.utf8)
        return texts
    }
}
