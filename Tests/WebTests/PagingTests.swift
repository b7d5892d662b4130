import HTTPTypes
import JSONText
import Testing
import WorkingTime

@testable import Web

/// Pages of lists, forward and back, while the lists change.
struct PagingTests {
    private static func ids(_ page: Answer) -> [String] {
        (page.json["items"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue ?? $0["dossier"]?.stringValue }
    }

    private static func page(_ world: WebWorld, _ answer: Answer, _ way: String) async throws -> Answer {
        let path = try #require(answer.json[way]?.stringValue, "no \(way) in \(answer.json)")
        #expect(answer.headers[.link]?.contains("<\(path)>; rel=\"\(way)\"") == true)
        return try await world.send(.get, path, as: "desk")
    }

    @Test func `dossiers page back as they paged on, also when new ones come in between`() async throws {
        try await WebWorld.fresh { world in
            var made: [String] = []
            for number in 0..<5 {
                made.insert(try await world.submit(key: "p-\(number)").id, at: 0)
                world.clock.set(world.clock.now.adding(seconds: 1))
            }
            let first = try await world.send(.get, "/v1/dossiers?limit=2&centre=true", as: "desk")
            #expect(Self.ids(first) == Array(made[0..<2]))
            #expect(first.json["prev"] == nil)
            let second = try await Self.page(world, first, "next")
            let third = try await Self.page(world, second, "next")
            #expect(Self.ids(third) == [made[4]])
            #expect(third.json["next"] == nil)
            let newest = try await world.submit(key: "p-new").id
            let back = try await Self.page(world, third, "prev")
            #expect(Self.ids(back) == Self.ids(second))
            #expect(back.json["next"] == second.json["next"])
            let top = try await Self.page(world, back, "prev")
            #expect(Self.ids(top) == Array(made[0..<2]))
            // What came meanwhile is a page of its own, and nothing stands before it.
            let before = try await Self.page(world, top, "prev")
            #expect(Self.ids(before) == [newest])
            #expect(before.json["prev"] == nil)
            #expect(try await Self.ids(Self.page(world, before, "next")) == Array(made[0..<2]))
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            #expect(validator.problems(back.json, "DossierPage") == [])
        }
    }

    @Test func `a worklist pages back past tasks that are done, and from a page that has become empty`() async throws {
        try await WebWorld.fresh { world in
            var made: [(id: String, tag: String)] = []
            for number in 0..<4 {
                let one = try await world.submit(key: "p-\(number)")
                made.append((one.id, one.tag))
                world.clock.set(world.clock.now.adding(seconds: 60))
            }
            func accept(_ number: Int) async throws {
                let done = try await world.send(
                    .post, "/v1/tasks/\(made[number].id)/1/complete", as: "desk", officer: WebWorld.officer,
                    key: "a-\(number)", ifMatch: made[number].tag, json: ["outcome": "accept"])
                #expect(done.status == 200, "\(done.json)")
            }
            let list = "/v1/tasks?limit=2&role=reception&step=receive"
            let first = try await world.send(.get, list, as: "desk")
            #expect(Self.ids(first) == made[0..<2].map(\.id))
            try await accept(1)
            let second = try await Self.page(world, first, "next")
            #expect(Self.ids(second) == made[2..<4].map(\.id))
            let back = try await Self.page(world, second, "prev")
            #expect(Self.ids(back) == [made[0].id])
            #expect(back.json["prev"] == nil)
            try await accept(2)
            try await accept(3)
            let empty = try await Self.page(world, first, "next")
            #expect(Self.ids(empty) == [])
            #expect(empty.json["next"] == nil)
            let last = try await Self.page(world, empty, "prev")
            #expect(Self.ids(last) == [made[0].id])
            #expect(last.json["next"] == nil && last.json["prev"] == nil)
        }
    }

    @Test func `a cursor's place is sealed`() async throws {
        try await WebWorld.shared { world in
            for text in ["5e", "<", "^", String(repeating: "00", count: 17)] {
                let answer = try await world.send(.get, "/v1/dossiers?cursor=\(text)", as: "desk")
                #expect(answer.status == 400, "\(text)")
            }
        }
    }
}
