import Foundation
import OwnerFiles
import Testing

@Suite struct OwnerOnlyFileTests {
    /// Runs the body with a new folder, removed afterwards.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "owner-files-\(UUID().uuidString)").path()
        try OwnerFolder.make(path)
        // What is left behind is only a temporary folder.
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func text(_ path: String) throws -> String? {
        try OwnerOnlyFile.contents(of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a folder and its files are their owner's alone`() async throws {
        try await withFolder { folder in
            let file = "\(folder)/key"
            #expect(try mode(folder) == 0o700)
            #expect(try OwnerOnlyFile.contents(of: file) == nil)
            try OwnerOnlyFile.create(file, "one")
            #expect(try mode(file) == 0o600)
            try OwnerOnlyFile.replace(file, "two")
            #expect(try mode(file) == 0o600)
            #expect(try text(file) == "two")
        }
    }

    @Test func `a file that is there is not made again, and no draft is left behind`() async throws {
        try await withFolder { folder in
            let file = "\(folder)/key"
            try OwnerOnlyFile.create(file, "first")
            try OwnerOnlyFile.create(file, "second")
            #expect(try text(file) == "first")
            #expect(Set(try OwnerFolder.names(in: folder)) == [".", "..", "key"])
            // Making the folder again changes nothing.
            try OwnerFolder.make(folder)
            #expect(try text(file) == "first")
        }
    }

    @Test func `a file that is not there can be replaced`() async throws {
        try await withFolder { folder in
            try OwnerOnlyFile.replace("\(folder)/48.checkpoint", "note")
            #expect(try text("\(folder)/48.checkpoint") == "note")
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o601, 0o777])
    func `a secret that others can touch is refused, what is no secret is read`(mode: Int) async throws {
        try await withFolder { folder in
            let file = "\(folder)/key"
            try OwnerOnlyFile.create(file, "text")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            let error = #expect(throws: OwnerFileError.self) { try OwnerOnlyFile.contents(of: file) }
            #expect(error?.kind == .tooOpen)
            #expect(error?.description.contains("chmod 600 \(file)") == true)
            #expect(try OwnerOnlyFile.contents(of: file, isSecret: false) == Array("text".utf8))
        }
    }

    @Test func `what is no small regular file is refused`() async throws {
        try await withFolder { folder in
            #expect(mkfifo("\(folder)/queue", 0o600) == 0)
            for path in [folder, "/dev/null", "\(folder)/queue"] {
                let error = #expect(throws: OwnerFileError.self) { try OwnerOnlyFile.contents(of: path) }
                #expect(error?.kind == .unusable, "\(path)")
            }
            try OwnerOnlyFile.create("\(folder)/long", String(repeating: "x", count: 70_000))
            let error = #expect(throws: OwnerFileError.self) { try OwnerOnlyFile.contents(of: "\(folder)/long") }
            #expect(error?.kind == .tooLong)
        }
    }

    @Test func `a folder that is not there is an error of every use`() async throws {
        try await withFolder { folder in
            let nowhere = "\(folder)/no/key"
            #expect(throws: OwnerFileError.self) { try OwnerOnlyFile.create(nowhere, "x") }
            #expect(throws: OwnerFileError.self) { try OwnerOnlyFile.replace(nowhere, "x") }
            #expect(throws: OwnerFileError.self) { try OwnerFolder.make("\(folder)/no/such") }
            #expect(throws: OwnerFileError.self) { try OwnerFolder.names(in: "\(folder)/no") }
            await #expect(throws: OwnerFileError.self) { try await OwnerFolder.ifFree("\(folder)/no") { 1 } }
            #expect(throws: OwnerFileError.self) {
                try OwnerFolder.exclusively("\(folder)/no", refusal: { $0 }) { () throws(OwnerFileError) in 1 }
            }
        }
    }

    @Test func `a folder's lock is one's own until the body ends, however it ends`() async throws {
        struct Stop: Error {}
        try await withFolder { folder in
            let inner = try await OwnerFolder.ifFree(folder) { try await OwnerFolder.ifFree(folder) { true } }
            #expect(inner == .some(nil), "the second found it taken")
            await #expect(throws: Stop.self) { try await OwnerFolder.ifFree(folder) { throw Stop() } }
            #expect(try await OwnerFolder.ifFree(folder) { true } == true)
            let waited = try OwnerFolder.exclusively(folder, refusal: { $0 }) { () throws(OwnerFileError) in 7 }
            #expect(waited == 7)
        }
    }

    @Test(arguments: [("key", "."), ("/key", "/"), ("a/b/key", "a/b"), ("/var/lib/keys", "/var/lib")])
    func `the folder of a file is what stands before its last slash`(file: String, folder: String) {
        #expect(OwnerFolder.path(of: file) == folder)
    }
}
