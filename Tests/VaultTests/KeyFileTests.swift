import Foundation
import Testing
import Vault

/// A folder of its own for one test, removed afterwards.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // what is left behind is only a temporary folder

    var keys: String { "\(path)/keys" }

    func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: keys))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: keys)
    }

    func text() throws -> String { try String(contentsOfFile: keys, encoding: .utf8) }
    func mode() throws -> Int? { try FileManager.default.attributesOfItem(atPath: keys)[.posixPermissions] as? Int }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}

@Suite struct KeyFileTests {
    static let one = Data(repeating: 1, count: 32).base64EncodedString()
    static let two = Data(repeating: 2, count: 32).base64EncodedString()
    static let three = Data(repeating: 3, count: 32).base64EncodedString()

    @Test func `the first start makes a file that only its owner can read`() throws {
        let folder = try ScratchFolder()
        let made = try KeyFile.open(folder.keys, createIfMissing: true)
        #expect(try folder.mode() == 0o600)
        #expect(try folder.names() == ["keys"], "no draft is left behind")
        let text = try folder.text()
        let again = try KeyFile.open(folder.keys, createIfMissing: true)
        #expect(try folder.text() == text, "a second start changes nothing")
        #expect(made.identity == again.identity)
        #expect(made.currentVersion == 1)
        let other = try ScratchFolder()
        #expect(try KeyFile.open(other.keys, createIfMissing: true).identity != made.identity)
    }

    @Test func `many first starts at once agree on one file`() async throws {
        let folder = try ScratchFolder()
        let path = folder.keys
        let identities = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { @concurrent in try KeyFile.open(path, createIfMissing: true).identity }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(identities.count == 1)
        #expect(try folder.names() == ["keys"])
    }

    @Test func `rotations at once lose no version`() async throws {
        let folder = try ScratchFolder()
        let path = folder.keys
        let identity = try KeyFile.open(path, createIfMissing: true).identity
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { @concurrent in _ = try KeyFile.rotate(path) } }
            try await group.waitForAll()
        }
        let keys = try KeyFile.open(path, createIfMissing: false)
        #expect(keys.currentVersion == 9)
        #expect(keys.identity == identity)
        #expect(try folder.mode() == 0o600)
        #expect(try folder.names() == ["keys"])
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o620, 0o777])
    func `a file that others can touch is refused`(_ mode: Int) throws {
        let folder = try ScratchFolder()
        try folder.write("motcua-keys 1\nroot \(Self.one)\n1 \(Self.two)\n", mode: mode)
        let error = #expect(throws: VaultError.self) { try KeyFile.open(folder.keys, createIfMissing: true) }
        #expect(error?.code == .keyFileTooOpen)
        #expect(error?.message.contains("chmod 600 \(folder.keys)") == true)
    }

    @Test(arguments: [0o600, 0o400]) func `a file of its owner is read`(_ mode: Int) throws {
        let folder = try ScratchFolder()
        try folder.write("motcua-keys 1\nroot \(Self.one)\n1 \(Self.two)\n2 \(Self.three)\n", mode: mode)
        #expect(try KeyFile.open(folder.keys, createIfMissing: false).currentVersion == 2)
    }

    @Test(arguments: [
        "", "\n", "motcua-keys 1\n", "motcua-keys 1\nroot \(one)\n", "motcua-keys 2\nroot \(one)\n1 \(two)\n",
        "motcua-keys 1\nroot \(one)\n1 \(two)", "motcua-keys 1\nroot \(one)\n1 \(two)\n2 \(three)",
        "motcua-keys 1\nroot \(one)\n2 \(two)\n", "motcua-keys 1\n1 \(one)\n2 \(two)\n",
        "motcua-keys 1\nroot \(one)\n1 \(two.dropLast(4))\n", "motcua-keys 1\nroot \(one)\n1 \(two)\(two)\n",
        "motcua-keys 1\nroot \(one)\n1 \(two)\n\n", "motcua-keys 1\nroot \(one)\n1 ???\n",
        "motcua-keys 1\r\nroot \(one)\r\n1 \(two)\r\n", "motcua-keys 1\nroot \(one)\n1 \(one)\n",
        "motcua-keys 1\nroot \(one)\n1 \(two)\n2 \(two)\n",
        "motcua-keys 1\nroot \(one)\n1 \(two)\n" + String(repeating: "x", count: 70_000),
    ])
    func `a malformed file is refused, and its content is not shown`(_ text: String) throws {
        let folder = try ScratchFolder()
        try folder.write(text)
        let error = #expect(throws: VaultError.self) { try KeyFile.open(folder.keys, createIfMissing: true) }
        #expect(error?.code == .keyFileMalformed)
        let message = try #require(error?.message)
        #expect(!message.contains(Self.one) && !message.contains(Self.two) && !message.contains("\n"))
        #expect(throws: VaultError.self) { try KeyFile.rotate(folder.keys) }
        #expect(try folder.text() == text, "a refused file is left as it is")
    }

    @Test func `a missing file is an error unless one may be made`() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: VaultError.self) { try KeyFile.open(folder.keys, createIfMissing: false) }
        #expect(error?.code == .keyFileMissing)
        let rotation = #expect(throws: VaultError.self) { try KeyFile.rotate(folder.keys) }
        #expect(rotation?.code == .keyFileMissing)
        #expect(try folder.names().isEmpty)
        let nowhere = #expect(throws: VaultError.self) {
            try KeyFile.open("\(folder.path)/no/such/keys", createIfMissing: true)
        }
        #expect(nowhere?.code == .keyFileUnusable)
    }

    @Test func `a folder, a device and a queue are no key files`() throws {
        let folder = try ScratchFolder()
        #expect(mkfifo("\(folder.path)/queue", 0o600) == 0)
        for path in [folder.path, "/dev/null", "\(folder.path)/queue"] {
            let error = #expect(throws: VaultError.self) { try KeyFile.open(path, createIfMissing: true) }
            #expect(error?.code == .keyFileUnusable, "\(path)")
        }
    }

    @Test func `each purpose has its own key, the same after a rotation`() throws {
        let folder = try ScratchFolder()
        let before = try KeyFile.open(folder.keys, createIfMissing: true)
        let after = try KeyFile.rotate(folder.keys)
        #expect(Set(KeyPurpose.allCases.map { before.derivedKey($0).bytes }).count == KeyPurpose.allCases.count)
        for purpose in KeyPurpose.allCases {
            #expect(before.derivedKey(purpose).bytes == after.derivedKey(purpose).bytes)
            #expect(before.derivedKey(purpose).bytes.count == 32)
        }
    }

    @Test func `derived keys are those of RFC 5869 and never change`() throws {
        let folder = try ScratchFolder()
        try folder.write("motcua-keys 1\nroot \(Self.one)\n1 \(Self.two)\n")
        let keys = try KeyFile.open(folder.keys, createIfMissing: false)
        let hex = keys.derivedKey(.tokenSigning).bytes.map { String(format: "%02x", $0) }.joined()
        #expect(hex == "261474a5a5698528cb1cd2805645baf63c452688b441dcba489bf910b1ea15c7")
        #expect(keys.identity == "7726eaf9e4193ed8")
    }

    @Test func `keys do not show in what is printed`() throws {
        let folder = try ScratchFolder()
        try folder.write("motcua-keys 1\nroot \(Self.one)\n1 \(Self.two)\n")
        let keys = try KeyFile.open(folder.keys, createIfMissing: false)
        let vault = PersonalVault(keys: keys)
        let dataKey = try vault.newDataKey(province: "79", dossier: "d1")
        let secret = keys.derivedKey(.tokenSigning)
        var dumped = ""
        dump(keys, to: &dumped)
        dump(vault, to: &dumped)
        dump(dataKey, to: &dumped)
        dump(secret, to: &dumped)
        dump([secret], to: &dumped)
        for value in [keys, vault, dataKey, secret, Optional(secret) as Any] as [Any] {
            dumped += String(describing: value) + String(reflecting: value)
        }
        for (name, bytes) in [
            ("root", [UInt8](repeating: 1, count: 32)), ("wrapping", [UInt8](repeating: 2, count: 32)),
            ("derived", secret.bytes),
        ] {
            let numbers = bytes.prefix(4).map(String.init).joined(separator: ", ")
            let lines = bytes.prefix(4).map { "- \($0)" }.joined(separator: "\n")
            let hex = bytes.prefix(4).map { String(format: "%02x", $0) }.joined()
            #expect(!dumped.contains(numbers) && !dumped.contains(hex), "\(name)")
            #expect(!dumped.contains(Data(bytes).base64EncodedString()) && !dumped.contains(lines), "\(name)")
        }
        #expect(!dumped.contains("SymmetricKey"))
        #expect(dumped.contains("redacted"))
    }
}
