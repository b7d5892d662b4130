package import Dossiers
import Postgres
package import WorkingTime

/// Which dossiers a list shows.
package struct DossierFilterRow: Hashable, Sendable {
    /// Received by this centre; nil: by any.
    package var centre: String?
    /// Answered for by this agency, or one of its steps is or was there; nil: by any. With `centre`, dossiers of either are listed; with neither, none.
    package var agency: String?
    package var procedure: String?
    /// The national status, 1…10.
    package var status: Int16?
    package var phase: DossierPhase?

    /// Joins the parts.
    package init(
        centre: String? = nil, agency: String? = nil, procedure: String? = nil, status: Int16? = nil,
        phase: DossierPhase? = nil
    ) {
        self.centre = centre
        self.agency = agency
        self.procedure = procedure
        self.status = status
        self.phase = phase
    }
}

/// A page of the dossiers about which something was published.
package struct ChangedDossiers: Hashable, Sendable {
    /// Each once, in the order of its last change in the page.
    package var dossiers: [DossierID]
    /// The last leaf that was looked at: the next page begins after it. The same as was asked for when there is none.
    package var last: Int64
}

extension DossierStore {
    /// The most rows of one page, whatever is asked for.
    package static let pageLimit = 1_000

    static func page(_ limit: Int) -> Int { min(max(limit, 1), pageLimit) }

    /// A dossier's row as last committed; nil when there is none.
    package func dossier(_ id: DossierID, province: Int16) async throws -> StoredDossier? {
        try await find(province, DossierListStatements.byID, .init(province: province, dossier: id)).first
    }

    /// The version of a procedure to which a dossier is pinned; nil when there is no such dossier.
    package func version(
        of id: DossierID, province: Int16
    ) async throws -> (procedure: String, version: Int)? {
        try await find(province, DossierListStatements.versionOf, .init(province: province, dossier: id)).first
    }

    /// Those of the dossiers that are there, in the order of their identities.
    package func dossiers(_ ids: [DossierID], province: Int16) async throws -> [StoredDossier] {
        try await read(province, DossierListStatements.byIDs, .init(province: province, ids: ids))
    }

    /// The dossier of a look-up code, compact; nil when there is none in the province.
    package func dossier(lookUp: String, province: Int16) async throws -> StoredDossier? {
        try await read(province, DossierListStatements.byLookUp, .init(province: province, text: lookUp)).first
    }

    /// The dossier of a legal code; nil when there is none in the province.
    package func dossier(code: String, province: Int16) async throws -> StoredDossier? {
        try await read(province, DossierListStatements.byCode, .init(province: province, text: code)).first
    }

    /// The dossier to which a client gave this reference; nil when there is none.
    package func dossier(client: String, reference: String, province: Int16) async throws -> StoredDossier? {
        let wanted = DossierListStatements.Reference(province: province, client: client, reference: reference)
        return try await read(province, DossierListStatements.byReference, wanted).first
    }

    /// Up to `limit` dossiers of a page, newest first: after an older one come older ones still.
    /// - Parameter limit: 1…1000; other values are brought into that range.
    package func dossiers(
        _ filter: DossierFilterRow, at place: PagePlace<DossierID> = .first, limit: Int, province: Int16
    ) async throws -> [DossierSummary] {
        try await read(
            province, place.isBackward ? BackwardStatements.dossiers : DossierListStatements.page,
            .init(province: province, filter: filter, from: place.key, limit: DossierStore.page(limit)), at: place)
    }

    /// The rows of a page in the list's order; those of a page before a place are read from its end.
    func read<Parameters: Sendable, Row: Sendable, Key>(
        _ province: Int16, _ statement: Statement<Parameters, Row>, _ parameters: Parameters, at place: PagePlace<Key>
    ) async throws -> [Row] {
        let rows = try await read(province, statement, parameters)
        return place.isBackward ? rows.reversed() : rows
    }

    /// Whether an agency has or had a step in a dossier of which it is neither centre nor agency.
    package func hasAgency(_ row: DossierAgencyRow, province: Int16) async throws -> Bool {
        try await !find(province, DossierAgencyStatements.find, .init(province: province, row: row)).isEmpty
    }

    /// The dossiers about which something was published after leaf `leaf` (-1: from the first), of a centre or agency.
    ///
    /// A page looks at up to `limit` leaves, so it may show nothing and still move on; it is the last when `last` stays.
    package func changedDossiers(
        after leaf: Int64, centre: String? = nil, agency: String? = nil, limit: Int, province: Int16
    ) async throws -> ChangedDossiers {
        let wanted = DossierListStatements.Changes(
            province: province, after: leaf, limit: DossierStore.page(limit), centre: centre, agency: agency)
        let rows = try await read(province, DossierListStatements.changes, wanted)
        var seen: Set<DossierID> = []
        let newestFirst = rows.reversed().compactMap(\.dossier).filter { seen.insert($0).inserted }
        return ChangedDossiers(dossiers: newestFirst.reversed(), last: rows.last?.n ?? leaf)
    }

    /// A dossier's events after a sequence (0: from the first), in order.
    /// - Parameter limit: 1…1000; other values are brought into that range.
    package func events(
        of dossier: DossierID, after sequence: Int64 = 0, limit: Int, province: Int16
    ) async throws -> [EventRow] {
        let page = EventStatements.Page(
            province: province, dossier: dossier, after: sequence, limit: DossierStore.page(limit))
        return try await read(province, EventStatements.page, page)
    }

    /// The answer stored under a key; nil when there is none.
    package func answer(_ key: AnswerKey, province: Int16) async throws -> StoredAnswer? {
        try await find(province, AnswerStatements.find, .init(province: province, keys: [key])).first?.answer
    }

    /// Deletes up to `limit` answers of all provinces that are older than an instant; returns how many.
    package func removeAnswers(before: Instant, limit: Int) async throws -> Int {
        var removed = 0
        for province in try await provincesKnown() where removed < limit {
            let old = AnswerStatements.Old(province: province, before: before, limit: limit - removed)
            removed += try await write(province, AnswerStatements.deleteOld, old).count
        }
        return removed
    }
}
