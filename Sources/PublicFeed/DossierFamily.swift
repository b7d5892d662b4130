package import Notices
package import Postgres
package import WorkingTime

/// How a dossier stands with all its linked parts: what one look-up code shows.
package struct DossierFamily: Sendable {
    /// Changes whenever a notice of the family comes; with ``dossier`` it identifies the picture.
    package let version: Int64
    /// The dossier that the code belongs to.
    package let dossier: DossierStand
    /// The linked dossiers below it, in the order in which they began.
    package let parts: [DossierStand]
    /// When the feed last was complete, by the engine's clock; nil when it never was. Of a family in several provinces
    /// the one furthest behind.
    package var caughtUpAt: Instant? { standing.caughtUpAt }
    /// How the family's provinces stand.
    package private(set) var standing: FeedStanding
    /// Where and when it was read; nil for one that was not read of the tables.
    package var source: FamilySource?
    /// Where the dossier's newest notice stands in its province's log, from 0; nil where that is not known.
    package let leaf: Int64?
    /// How long dossiers of this procedure usually take here; nil once it has ended, or where too few are known.
    package var usual: UsualDuration?

    /// Joins the parts.
    package init(
        version: Int64, dossier: DossierStand, parts: [DossierStand], caughtUpAt: Instant?, leaf: Int64? = nil
    ) {
        self.version = version
        self.dossier = dossier
        self.parts = parts
        standing = FeedStanding(caughtUpAt: caughtUpAt, signedSize: 0)
        self.leaf = leaf
    }

    /// A dossier without any other.
    init(version: Int64, dossier: DossierStand, leaf: Int64?, standing: FeedStanding) {
        self.version = version
        self.dossier = dossier
        parts = []
        self.standing = standing
        self.leaf = leaf
    }

    func seen(_ standing: FeedStanding) -> DossierFamily {
        var seen = self
        seen.standing = standing
        return seen
    }
}

/// Where a family was read, and when.
package struct FamilySource: Hashable, Sendable {
    /// Its root dossier.
    package let root: UUIDValue
    /// The provinces of its dossiers, the asked dossier's first.
    package let provinces: [Int16]
    /// The moment.
    package let reading: FeedReading
}

/// One dossier of a family.
package struct DossierStand: Sendable {
    /// The newest notice: the whole picture.
    package let newest: Notice
    /// The sentence that stands: of the newest notice that has one; nil when none ever had.
    package let sentence: LocalText?
    /// Its notices, newest first, at most the last hundred.
    package let history: [Notice]

    /// The stand that notices in any order make; nil for none.
    package init?(notices: [Notice]) {
        let isInOrder = zip(notices, notices.dropFirst()).allSatisfy { $0.number >= $1.number }
        let history = isInOrder ? notices : notices.sorted { $0.number > $1.number }
        guard let newest = history.first else { return nil }
        self.newest = newest
        self.history = history
        var sentence: LocalText?
        for notice in history where sentence == nil { sentence = notice.sentence }
        self.sentence = sentence
    }
}

/// A family whose own dossier was erased: which dossiers there were, and nothing of what was told of them.
package struct ErasedFamily: Hashable, Sendable {
    /// The dossier's legal code, under which its degree of completion stays public; nil when it never had one.
    package let legalCode: String?
    /// The dossiers that the look-up code showed.
    package let members: [Member]

    /// One of them.
    package struct Member: Hashable, Sendable {
        /// The province's number.
        package let province: Int16
        /// Its opaque public identity.
        package let dossier: String
    }
}

/// What a legal code shows, and nothing else (TT 01/2018 art. 16.2.d: code and degree of completion).
package struct Completion: Hashable, Sendable {
    /// The code, as printed.
    package let code: LegalCode
    /// The national status.
    package let status: NationalStatus
    /// The state's tag.
    package let stage: PublicStage
    /// When the feed last was complete, by the engine's clock; nil when it never was.
    package let caughtUpAt: Instant?

    /// Joins the parts.
    package init(code: LegalCode, status: NationalStatus, stage: PublicStage, caughtUpAt: Instant? = nil) {
        self.code = code
        self.status = status
        self.stage = stage
        self.caughtUpAt = caughtUpAt
    }
}

extension DossierFamily {
    /// The picture for the dossier `asked` among the dossiers of its family; nil when it is not among them.
    ///
    /// `leaf`: the place in the log of the newest notice of `asked`.
    /// The root's code shows all parts; a part's own code shows that part and what is linked below it (R20).
    init?(
        asked: String, stands: [DossierStand], version: Int64, standing: FeedStanding = FeedStanding(),
        leaf: Int64? = nil
    ) {
        guard let own = stands.first(where: { $0.newest.dossier == asked }) else { return nil }
        let others = stands.count == 1 ? [] : stands.filter { $0.newest.dossier != asked }
        let isRoot = own.newest.root == asked
        let below = isRoot ? [] : DossierFamily.below(asked, among: others)
        let parts = others.filter { isRoot || below.contains($0.newest.dossier) }.sorted {
            ($0.newest.submitted, $0.newest.dossier) < ($1.newest.submitted, $1.newest.dossier)
        }
        self.init(version: version, dossier: own, parts: parts, caughtUpAt: standing.caughtUpAt, leaf: leaf)
        self.standing = standing
    }

    /// Everything linked below a dossier, however deep; a wrong cycle ends by itself.
    private static func below(_ dossier: String, among others: [DossierStand]) -> Set<String> {
        var found: Set<String> = []
        var frontier: Set<String> = [dossier]
        while !frontier.isEmpty {
            let next = Set(
                others.filter { $0.newest.parent.map(frontier.contains) ?? false }.map(\.newest.dossier))
            frontier = next.subtracting(found)
            found.formUnion(frontier)
        }
        return found
    }
}
