import Edge
import Engine
import Foundation
import JSONText
import Postgres
import TestSupport
import Testing

@testable import motcua

/// What a server needs before it starts, and how it says so.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct StartTests {
    @Test func `without the key file nothing is opened, and no new one is made`() async throws {
        try await ServeFolder.with { folder in
            let (keys, away) = ("\(folder.path)/data/keys", "\(folder.path)/away")
            try FileManager.default.moveItem(atPath: keys, toPath: away)
            let (status, said) = try await ServeProcess.refused(folder.path)
            #expect(status == 2)
            #expect(said.contains("motcua: ") && said.contains(keys), "\(said)")
            #expect(!FileManager.default.fileExists(atPath: keys))
            try FileManager.default.moveItem(atPath: away, toPath: keys)
            let server = try await ServeProcess.start(folder.path, clock: "2026-03-02T08:00")
            // Away again while it runs: it goes on with what it has read.
            try FileManager.default.moveItem(atPath: keys, toPath: away)
            let made = try await Speaker(folder, ServeFolder.desk).send(
                server.api, .post, "/v1/dossiers", key: "first", FlagshipForm().body.bytes)
            #expect(made.status == 201)
            #expect(!FileManager.default.fileExists(atPath: keys))
            #expect(await server.terminate().status == 0)
        }
    }

    @Test func `a client of what no file knows is refused by name`() async throws {
        try await ServeFolder.withDatabase { _, installation in
            let parts = ServerParts(installation, clock: .system, registry: PrometheusRegistry())
            try await parts.engine.loadCatalogue()
            let registrar = ClientRegistrar(engine: parts.engine)
            let wrong: [(ClientRegistrar.Request, String)] = [
                (.agency("000.99.99.H17", id: "a"), "no agency 000.99.99.H17"),
                (.adapter(of: "civil-registri", province: "da-nang", id: "b"), "there is: civil-registry"),
                (.administrator(province: "atlantis", id: "c"), "no province atlantis"),
                (.agency(Cast.centre, id: ServeFolder.desk), "choose another id"),
            ]
            for (request, words) in wrong {
                let refused = await #expect(throws: CommandFailure.self) { try await registrar.add(request) }
                #expect(refused?.description.contains(words) == true, "\(String(describing: refused))")
            }
            await parts.close()
        }
    }

    @Test func `a port that is taken is said in one line`() async throws {
        try await ServeFolder.withDatabase { folder, installation in
            let addresses = installation.addresses
            let roles = ["--engine-database", addresses.engine, "--feed-database", addresses.feed]
            let first = try await ServeProcess.start(folder.path, clock: "2026-03-02T08:00", roles)
            let (status, said) = try await ServeProcess.refused(folder.path, roles + ["--port", "\(first.port)"])
            #expect(status == 2)
            #expect(said.contains("motcua: cannot listen: Address already in use; see --host"), "\(said)")
            #expect(await first.terminate().status == 0)
        }
    }

    @Test func `a server that does not know the schema's owner checks the schema and starts`() async throws {
        try await ServeFolder.withDatabase { folder, installation in
            let addresses = installation.addresses
            let roles = ["--engine-database", addresses.engine, "--feed-database", addresses.feed]
            let server = try await ServeProcess.start(folder.path, clock: "2026-03-02T08:00", roles)
            let made = try await Speaker(folder, ServeFolder.desk).send(
                server.api, .post, "/v1/dossiers", key: "first", FlagshipForm().body.bytes)
            #expect(made.status == 201)
            #expect(await server.terminate().status == 0)
            let database = try await folder.database()
            try await database.execute(
                "DELETE FROM public.schema_migration WHERE set = 'engine' AND name LIKE '%roles.sql'")
            await database.pool.shutdown()
            let (status, said) = try await ServeProcess.refused(folder.path, roles)
            #expect(status == 2)
            #expect(said.contains("roles.sql is not applied yet: run `motcua migrate"), "\(said)")
        }
    }
}
