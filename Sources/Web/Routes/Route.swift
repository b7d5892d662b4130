import Edge
import HTTPTypes
import Hummingbird

/// One row of the table from which the router and the contract (OpenAPI) are both built, so that they cannot differ.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// As OpenAPI and the router both write it: `/v1/dossiers/{dossier}`.
    let path: String
    let operation: Operation
    let handler: Handler

    /// What answers.
    enum Handler: Sendable {
        /// Whoever asks.
        case open(@Sendable (Request, APIContext) async throws -> Response)
        /// Clients with a token that has one of these scopes; empty is any token.
        case known([Scope], @Sendable (APIRequest) async throws -> Response)
    }

    /// A row that answers clients with one of these scopes.
    init(
        _ method: HTTPRequest.Method, _ path: String, _ scopes: [Scope], _ operation: Operation,
        _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        handler = .known(scopes, handle)
    }

    /// A row that answers whoever asks.
    init(
        open method: HTTPRequest.Method, _ path: String, _ operation: Operation,
        _ handle: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.operation = operation
        handler = .open(handle)
    }

    /// The scopes that let a client in; nil where nobody is asked who they are.
    var scopes: [Scope]? {
        if case .known(let scopes, _) = handler { scopes } else { nil }
    }
}

/// What the contract says of a route.
struct Operation: Sendable {
    /// A stable name for generated clients, as `submitDossier`.
    let id: String
    /// The group under which it is shown.
    let group: String
    let summary: String
    var details: String?
    var parameters: [Parameter] = []
    var body: Body?
    let answers: [Answer]
    /// The problems of this operation, besides those of every request.
    var problems: [ProblemKind] = []

    /// What is sent.
    struct Body: Sendable {
        let types: [String]
        /// A schema of the contract's components; nil for bytes.
        let schema: String?
        var isRequired = true
        /// A named example.
        var example: String?
    }

    /// What comes back when it is done.
    struct Answer: Sendable {
        let status: Int
        let text: String
        var type = "application/json"
        /// A schema of the contract's components; nil for bytes or no body.
        var schema: String?
        /// A named example.
        var example: String?
        /// Headers by name, with what they hold.
        var headers: [(String, String)] = []
        var hasBody = true
    }

    /// What stands in path, query or headers.
    struct Parameter: Sendable {
        enum Place: String, Sendable {
            case path
            case query
            case header
        }

        let name: String
        let place: Place
        let text: String
        let schema: String
        let isRequired: Bool

        /// A part of the path.
        static func path(_ name: String, _ text: String, schema: String = "Name") -> Parameter {
            Parameter(name: name, place: .path, text: text, schema: schema, isRequired: true)
        }
        /// A query parameter; never required unless said so.
        static func query(_ name: String, _ text: String, schema: String = "Name", required: Bool = false) -> Parameter
        {
            Parameter(name: name, place: .query, text: text, schema: schema, isRequired: required)
        }
        /// A header.
        static func header(_ name: String, _ text: String, schema: String, required: Bool = true) -> Parameter {
            Parameter(name: name, place: .header, text: text, schema: schema, isRequired: required)
        }
    }
}

extension Operation.Parameter {
    static let dossier = path("dossier", "The dossier, as its `id` says.", schema: "DossierID")
    static let activation = path("activation", "The activation of the task or call.", schema: "Activation")
    static let key = header(
        "Idempotency-Key", "Makes the command the same command when it is sent again.", schema: "IdempotencyKey")
    static let taskTag = header("If-Match", "The task's `tag` as it was read.", schema: "TaskTag")
    static let dossierTag = header("If-Match", "The dossier's `ETag` as it was read.", schema: "ETag")
    static let officer = header(
        "Officer-Id", "The officer who acts, an officer of the client's agency.", schema: "Name")
    static let anyOfficer = header(
        "Officer-Id", "The officer who acts; without it the applicant acts through the client.", schema: "Name",
        required: false)
    static let limit = query("limit", "Entries on a page, 1…200; 50 if absent.", schema: "PageLimit")
    static let cursor = query(
        "cursor", "Where the page lies: from `next` or `prev` of the page beside it.", schema: "Cursor")
}

extension [ProblemKind] {
    /// Problems of every command.
    static let command: [ProblemKind] = [
        .idempotencyKeyRequired, .invalidIdempotencyKey, .idempotencyKeyReused, .requestInProgress, .invalidJSON,
        .invalidFields, .unsupportedMediaType, .contentTooLarge,
    ]
    /// Problems of commands on a task.
    static let task: [ProblemKind] =
        command + [
            .notFound, .officerRequired, .unknownOfficer, .noAgency, .ifMatchRequired, .invalidIfMatch, .staleVersion,
            .ended, .notOpen, .noRole,
        ]
}
