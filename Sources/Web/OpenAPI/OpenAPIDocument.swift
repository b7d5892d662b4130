import HTTPTypes
import JSONText

/// The contract: OpenAPI 3.1, built from the table of routes that the router is built from.
struct OpenAPIDocument {
    /// The document.
    let value: JSONValue

    init(_ table: [Route]) {
        var paths = JSONObject()
        for route in table {
            var item = paths[route.path]?.objectValue ?? JSONObject()
            item[route.method.rawValue.lowercased()] = Self.operation(route)
            paths[route.path] = .object(item)
        }
        value = .object([
            "openapi": "3.1.0",
            "info": [
                "title": "MotCua API", "version": "1",
                "description":
                    "For one-stop centres, agencies, connectors and administrators. Errors are RFC 9457 problems in the language of `Accept-Language`; `code` is stable. In a request `null` stands for an absent member, and U+0000 nowhere.",
            ],
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(JSONObject(Schemas.all)),
                "examples": .object(JSONObject(Examples.all.map { ($0.name, .object(["value": $0.value])) })),
                "securitySchemes": .object(["client": Self.security]),
            ]),
        ])
    }

    private static var security: JSONValue {
        .object([
            "type": "oauth2",
            "flows": .object([
                "clientCredentials": .object([
                    "tokenUrl": .string(TokenController.path),
                    "scopes": .object(JSONObject(Scope.allCases.map { ($0.rawValue, .string($0.purpose)) })),
                ])
            ]),
        ])
    }

    private static func operation(_ route: Route) -> JSONValue {
        let operation = route.operation
        var object: JSONObject = [
            "operationId": .string(operation.id), "tags": .array([.string(operation.group)]),
            "summary": .string(operation.summary),
        ]
        if let details = operation.details { object["description"] = .string(details) }
        if let scopes = route.scopes {
            // Each alternative is a requirement of its own: one of the scopes suffices.
            let alternatives = scopes.isEmpty ? [[]] : scopes.map { [$0.rawValue] }
            object["security"] = .array(
                alternatives.map { .object(["client": .array($0.map { .string($0) })]) })
        }
        if !operation.parameters.isEmpty { object["parameters"] = .array(operation.parameters.map(parameter)) }
        if let body = operation.body { object["requestBody"] = requestBody(body) }
        object["responses"] = responses(route)
        return .object(object)
    }

    private static func parameter(_ parameter: Operation.Parameter) -> JSONValue {
        .object([
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "description": .string(parameter.text), "required": .bool(parameter.isRequired),
            "schema": Schema.ref(parameter.schema),
        ])
    }

    private static func requestBody(_ body: Operation.Body) -> JSONValue {
        let media = media(body.schema, body.example)
        return .object([
            "required": .bool(body.isRequired),
            "content": .object(JSONObject(body.types.map { ($0, media) })),
        ])
    }

    private static func media(_ schema: String?, _ example: String?) -> JSONValue {
        var object = JSONObject()
        if let schema { object["schema"] = Schema.ref(schema) }
        if let example {
            object["examples"] = .object([example: .object(["$ref": .string("#/components/examples/\(example)")])])
        }
        return .object(object)
    }

    private static func responses(_ route: Route) -> JSONValue {
        var responses = JSONObject()
        for answer in route.operation.answers { add(answer, to: &responses) }
        var byStatus: [Int: [ProblemKind]] = [:]
        for kind in problems(of: route) { byStatus[kind.status, default: []].append(kind) }
        for (status, kinds) in byStatus.sorted(by: { $0.key < $1.key }) where responses[String(status)] == nil {
            let codes = kinds.map { "`\($0.rawValue)` \($0.title.en)" }.sorted().joined(separator: "; ")
            responses[String(status)] = .object([
                "description": .string(codes + "."),
                "content": .object(["application/problem+json": media("Problem", nil)]),
            ])
        }
        return .object(responses)
    }

    /// All problems of a route: its own, and those that any request of its kind can meet.
    static func problems(of route: Route) -> Set<ProblemKind> {
        var kinds = Set(route.operation.problems)
        kinds.formUnion([.internalError, .unavailable])
        if let scopes = route.scopes {
            kinds.insert(.unauthorized)
            if !scopes.isEmpty { kinds.insert(.missingScope) }
        }
        if route.operation.body != nil {
            kinds.formUnion([.contentTooLarge, .requestTimeout, .bodyBrokenOff])
        }
        if route.path == TokenController.path { kinds.insert(.tooManyRequests) }
        return kinds
    }

    private static func add(_ answer: Operation.Answer, to responses: inout JSONObject) {
        var object = responses[String(answer.status)]?.objectValue ?? ["description": .string(answer.text)]
        if !answer.headers.isEmpty {
            object["headers"] = .object(
                JSONObject(
                    answer.headers.map {
                        ($0.0, .object(["description": .string($0.1), "schema": Schema.text()]))
                    }))
        }
        if answer.hasBody {
            var content = object["content"]?.objectValue ?? JSONObject()
            content[answer.type] = media(answer.schema, answer.example)
            object["content"] = .object(content)
        }
        responses[String(answer.status)] = .object(object)
    }
}

extension Scope {
    /// What it lets a client do, for the contract.
    fileprivate var purpose: String {
        switch self {
        case .submit: "Submit dossiers and act for applicants at the desk."
        case .read: "Read dossiers, histories and worklists."
        case .personal: "Read forms, documents and notes; every reading is recorded."
        case .work: "Take, finish and hand on tasks."
        case .connect: "Lease and answer the calls of one connector."
        case .audit: "See who read personal values, and never a value."
        case .admin: "Check and load procedure files; free what is stuck, shut clients out, erase personal values."
        }
    }
}
