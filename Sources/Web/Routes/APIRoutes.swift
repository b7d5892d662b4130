import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText

/// The API's whole table of routes.
struct APIRoutes: Sendable {
    private let engine: DossierEngine
    private let gate: Gate
    private let tokens: TokenController
    private let tokenLimiter: RateLimiter
    /// Every route, the contract's own included.
    let table: [Route]

    init(engine: DossierEngine, gate: Gate, tokens: TokenController, tokenLimiter: RateLimiter) {
        self.engine = engine
        self.gate = gate
        self.tokens = tokens
        self.tokenLimiter = tokenLimiter
        let desk = CommandDesk(engine: engine, running: RunningKeys())
        var table = tokens.routes
        table += DossiersController(engine: engine, desk: desk).routes
        table += DocumentsController(engine: engine, desk: desk).routes
        table += TasksController(engine: engine, desk: desk).routes
        table += CallsController(engine: engine, desk: desk).routes
        table += ProceduresController(engine: engine).routes
        table += DirectoryController(engine: engine).routes
        table += OperationsController(engine: engine).routes
        table += PersonalDataController(engine: engine).routes
        self.table = table + [ContractController.route(describing: table)]
    }

    /// A router with every route of the table.
    func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        for route in table {
            switch route.handler {
            case .open(let handle):
                let isToken = route.path == TokenController.path
                let limited = RateLimitMiddleware<APIContext>(tokenLimiter)
                let group = isToken ? router.group().add(middleware: limited) : router.group()
                group.on(RouterPath(route.path), method: route.method) { request, context in
                    try await Self.translating { try await handle(request, context) }
                }
            case .known(let scopes, let handle):
                router.on(RouterPath(route.path), method: route.method) { request, context in
                    try await Self.translating {
                        let caller = try await gate.admit(request, needs: scopes)
                        return try await handle(
                            APIRequest(request: request, context: context, caller: caller, engine: engine))
                    }
                }
            }
        }
        return router
    }

    /// The engine does not know of HTTP: its errors become problems here.
    private static func translating(_ run: () async throws -> Response) async throws -> Response {
        do { return try await run() } catch let error as CommandError { throw error.problem }
    }
}

/// Serves the contract.
enum ContractController {
    /// The route of the contract, which describes itself too.
    static func route(describing table: [Route]) -> Route {
        let operation = Operation(
            id: "readContract", group: "Contract", summary: "This document.",
            answers: [Operation.Answer(status: 200, text: "OpenAPI 3.1.", schema: "AnyObject")])
        let own = Route(open: .get, "/openapi.json", operation) { _, _ in throw Problem.notFound }
        let document = OpenAPIDocument(table + [own]).value.bytes
        return Route(open: .get, "/openapi.json", operation) { _, _ in
            .json(document, headers: [.cacheControl: CacheControl.shared(seconds: 300).value])
        }
    }
}
