import Dossiers
import Foundation
import JSONText
import TestSupport
import Testing
import Vault

@testable import Engine
@testable import Store

extension EngineRules {
    /// The key file and the database.
    @Suite struct KeyFiles {
        /// A key file of its own, gone afterwards.
        private static func withFile<Value>(_ body: (String) async throws -> Value) async throws -> Value {
            let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-keys-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try await body(folder.appending(path: "keys").path)
        }

        private static func engine(_ world: EngineWorld, _ vault: PersonalVault) -> DossierEngine {
            DossierEngine(
                pool: world.engine.store.pool, vault: vault, clock: EngineClock { world.clock.now },
                logger: TestDatabase.logger)
        }

        @Test(.database)
        func `an engine with another key file does not start, and says which is wanted`() async throws {
            try await EngineWorld.stopped { world in
                try await world.engine.checkKeys()
                try await Self.withFile { path in
                    let other = PersonalVault(keys: try KeyFile.open(path, createIfMissing: true))
                    let engine = Self.engine(world, other)
                    try await engine.loadCatalogue()
                    // Who asked before it was found out is answered all the same.
                    let beside = EngineWorld(
                        engine: engine, clock: world.clock, vault: other, observer: world.observer)
                    let early = Task { try await beside.send(try beside.submission()) }
                    _ = try await world.eventually("it waits") { engine.queue.count == 1 ? true : nil }
                    let error = await #expect(throws: KeyMismatch.self) { try await engine.run() }
                    await #expect(throws: CommandError.isUnavailable) { try await early.value }
                    #expect(error?.expected == world.vault.identity && error?.given == other.identity)
                    #expect(error?.description.contains("\n") == false)
                }
                // The right one goes on.
                #expect(try await world.engine.checkKeys().identity == world.vault.identity)
            }
        }

        @Test(.database)
        func `a new key version is taken up by running engines, and every data key is wrapped again`() async throws {
            try await EngineWorld.stopped { world in
                try await Self.withFile { path in
                    let keys = try KeyFile.open(path, createIfMissing: true)
                    let vault = PersonalVault(keys: keys, path: path)
                    let engine = Self.engine(world, vault)
                    try await engine.loadCatalogue()
                    try await world.beside(engine) { first in
                        let dossier = try await first.submit(key: "s1").state.dossier
                        let form = try #require(try await engine.form(of: dossier, reader: .test))
                        // Added, and not used.
                        #expect(try KeyFile.rotate(path).currentVersion == 2)
                        #expect(
                            try await engine.checkKeys()
                                == KeyStanding(
                                    identity: keys.identity, inUse: 1, isRewrapped: true))
                        // Put to use on another server, which has the file.
                        let other = Self.engine(
                            world, PersonalVault(keys: try KeyFile.open(path, createIfMissing: false), path: path))
                        #expect(try await other.useKeyVersion(2))
                        #expect(try await !other.useKeyVersion(2))
                        #expect(try await !other.useKeyVersion(1))
                        let version = "get_byte(wrapped, 4)::text"
                        _ = try await first.eventually("the old key is wrapped again") {
                            try await world.observer.rows("SELECT \(version) FROM engine.data_key") == ["2"]
                                ? true : nil
                        }
                        #expect(vault.versionInUse == 2)
                        #expect(try await engine.form(of: dossier, reader: .test) == form)
                        _ = try await first.submit(key: "s2")
                        #expect(
                            try await world.observer.rows("SELECT DISTINCT \(version) FROM engine.data_key") == ["2"])
                        // Not said to be finished while a slow server may still wrap under the old version.
                        #expect(try await engine.checkKeys().isRewrapped == false)
                        #expect(try await !engine.store.noteRewrapped(version: 2))
                        try await world.observer.execute(
                            "UPDATE engine.installation SET key_version_since = now() - interval '6 minutes'")
                        #expect(try await engine.rewrapKeys(2) == 0)
                        #expect(try await engine.store.noteRewrapped(version: 2))
                        #expect(try await engine.checkKeys().isRewrapped)
                    }
                }
            }
        }

        @Test(.database)
        func `a server whose key file lacks the version in use says so, and others go on`() async throws {
            try await EngineWorld.stopped { world in
                try await Self.withFile { path in
                    let old = PersonalVault(keys: try KeyFile.open(path, createIfMissing: true), path: path)
                    try await Self.engine(world, old).checkKeys()
                    // A copy, as on another machine.
                    let copy = path + "-2"
                    try FileManager.default.copyItem(atPath: path, toPath: copy)
                    let newer = PersonalVault(keys: try KeyFile.rotate(copy), path: copy)
                    #expect(try await Self.engine(world, newer).useKeyVersion(2))
                    let error = await #expect(throws: VaultError.self) {
                        try await Self.engine(world, old).checkKeys()
                    }
                    #expect(error?.code == .unknownKeyVersion)
                    #expect(old.versionInUse == 1)
                    try FileManager.default.removeItem(atPath: path)
                    try FileManager.default.copyItem(atPath: copy, toPath: path)
                    #expect(try await Self.engine(world, old).checkKeys().inUse == 2)
                }
            }
        }
    }
}

extension EngineWorld {
    /// Runs `body` in a world of another engine on the same database, clock and observer.
    func beside(_ engine: DossierEngine, _ body: @Sendable @escaping (EngineWorld) async throws -> Void) async throws {
        let world = EngineWorld(engine: engine, clock: clock, vault: vault, observer: observer)
        try await world.running { try await body(world) }
    }
}
