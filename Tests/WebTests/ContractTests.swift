import Dossiers
import Edge
import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import Testing

@testable import Web

struct ContractTests {
    @Test func `every route is described, and nothing else is`() async throws {
        try await WebWorld.shared { world in
            let contract = try await world.send(.get, "/openapi.json").json
            var described: Set<String> = []
            for path in contract["paths"]?.objectValue?.members ?? [] {
                for method in path.value.objectValue?.keys ?? [] {
                    described.insert("\(method.uppercased()) \(path.key)")
                }
            }
            let registered = Set(world.api.router().routes.map { "\($0.method.rawValue) \($0.path.description)" })
            #expect(described == Set(registered.map { $0.replacing(":", with: "") }), "\(registered)")
            #expect(registered.count == world.api.table.count)
        }
    }

    @Test func `every operation is complete: its path's parameters, its schemas, its problems`() async throws {
        try await WebWorld.shared { world in
            let contract = OpenAPIDocument(world.api.table).value
            let schemas = Set(contract["components"]?["schemas"]?.objectValue?.keys ?? [])
            #expect(Set(world.api.table.map(\.operation.id)).count == world.api.table.count)
            for route in world.api.table {
                let inPath = Set(
                    route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() })
                let declared = Set(route.operation.parameters.filter { $0.place == .path }.map { Substring($0.name) })
                #expect(inPath == declared, "\(route.path)")
                for parameter in route.operation.parameters { #expect(schemas.contains(parameter.schema)) }
                for schema in route.operation.answers.compactMap(\.schema) {
                    #expect(schemas.contains(schema), "\(schema)")
                }
                if let schema = route.operation.body?.schema { #expect(schemas.contains(schema)) }
                let isCommand =
                    route.method == .post
                    && !["/oauth2/token", "/v1/calls/lease", "/v1/procedures/check"].contains(route.path)
                #expect(
                    isCommand == route.operation.parameters.contains { $0.name == "Idempotency-Key" }, "\(route.path)")
            }
            #expect(Self.brokenReferences(contract, schemas).isEmpty)
        }
    }

    private static func brokenReferences(_ value: JSONValue, _ schemas: Set<String>) -> [String] {
        switch value {
        case .array(let items): items.flatMap { brokenReferences($0, schemas) }
        case .object(let object):
            object.members.flatMap { member -> [String] in
                guard member.key == "$ref", let ref = member.value.stringValue else {
                    return brokenReferences(member.value, schemas)
                }
                let name = String(ref.split(separator: "/").last ?? "")
                let isThere = ref.contains("/examples/") ? Examples.value(name) != .null : schemas.contains(name)
                return isThere ? [] : [ref]
            }
        default: []
        }
    }

    @Test func `every example reads and fits its schema`() {
        let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
        for example in Examples.all {
            #expect(example.value != .null, "\(example.name) does not read")
            #expect(
                validator.problems(example.value, example.schema).isEmpty,
                "\(example.name): \(validator.problems(example.value, example.schema))")
        }
    }

    @Test func `the validator finds what does not fit`() {
        let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
        #expect(validator.problems(["limit": 0, "seconds": 60], "Lease") == ["/limit: 0 out of range"])
        #expect(validator.problems(["outcome": 1], "Completion") == ["/outcome: no string"])
        #expect(validator.problems(["outcome": "ok", "more": 1], "Completion") == ["/more: not described"])
        #expect(validator.problems([:], "Completion") == ["/outcome: required"])
    }

    @Test func `every problem of the edge is one of the contract's, with its status and title`() {
        let problems: [Problem] = [
            .notFound, .methodNotAllowed(allow: []), .requestTimeout, .contentTooLarge(byteCountMax: 1),
            .unsupportedMediaType(expected: []), .preconditionFailed, .preconditionRequired,
            .tooManyRequests(retryAfterSeconds: 1), .internalError, .unavailable(retryAfterSeconds: 1),
            .badRequest(vi: "", en: ""), Problem(JSONProblems([])),
        ]
        for problem in problems {
            let kind = ProblemKind(rawValue: problem.code)
            #expect(kind?.status == problem.status.code, "\(problem.code)")
            #expect(kind?.title == problem.title, "\(problem.code)")
        }
    }

    @Test func `every refusal of the core has a problem, and only those that nobody may know of are 404`() {
        for code in Refusal.Code.allCases {
            let kind = ProblemKind(code)
            let isHidden = [.otherAgency, .notThere].contains(code)
            #expect((kind == .notFound) == isHidden, "\(code)")
            #expect(isHidden || kind.rawValue == code.rawValue)
            #expect([403, 404, 409, 422].contains(kind.status), "\(code)")
        }
        #expect(ProblemKind.allCases.allSatisfy { $0.title.vi != $0.title.en && (400...503).contains($0.status) })
    }

    @Test func `the submission that contract and guide show is accepted as it stands`() async throws {
        let sample = Examples.value("submission")
        try await WebWorld.fresh { world in
            let answer = try await world.send(.post, "/v1/dossiers", as: "desk", key: "sample", json: sample)
            #expect(answer.status == 201, "\(answer.faults)")
        }
        let guide = WorkflowTexts.folder.deletingLastPathComponent().appending(path: "docs/api.md")
        let text = try String(contentsOf: guide, encoding: .utf8)
        let after = try #require(text.range(of: "/v1/dossiers -H").map { text[$0.upperBound...] })
        let shown = try #require(after.split(separator: "'", omittingEmptySubsequences: false).dropFirst(5).first)
        #expect(try JSONValue.parse(Array(shown.utf8)) == sample)
    }

    @Test func `the guide lists every problem with its status, and every scope`() throws {
        let guide = WorkflowTexts.folder.deletingLastPathComponent().appending(path: "docs/api.md")
        let text = try String(contentsOf: guide, encoding: .utf8)
        for kind in ProblemKind.allCases {
            #expect(text.contains("| \(kind.status) | `\(kind.rawValue)` |"), "\(kind.rawValue)")
        }
        for scope in Scope.allCases { #expect(text.contains("| `\(scope.rawValue)` |"), "\(scope.rawValue)") }
    }
}
