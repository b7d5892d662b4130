import Notices
import WorkingTime

/// How far a province's statistics have come.
struct StatisticsStanding: Hashable, Sendable {
    /// The rules by which the counters were made.
    var rules: Int32
    /// The latest legal instant that any notice told; nil before the first.
    var legalNow: Instant?
    /// The first day of the last month that was published and is frozen; nil for none.
    var frozen: Int?

    /// A month is published when its neighbour is ten days old by the legal clock: reports to the ministry are due then.
    static let publishedAfterDays = 10

    /// Notes a legal instant; months whose time has come are frozen from now on.
    mutating func see(_ instant: Instant) {
        guard legalNow.map({ instant > $0 }) ?? true else { return }
        legalNow = instant
        let day = instant.date.adding(days: -StatisticsStanding.publishedAfterDays).daysSinceEpoch
        let last = Contribution.month(of: Contribution.month(of: day) - 1)
        if frozen.map({ last > $0 }) ?? true { frozen = last }
    }
}

/// Where a later change of a published month is noted.
struct CorrectionKey: Hashable, Sendable {
    var shape: StatisticShape
    var scope: String
    var item: String
    /// The first day of the month whose figures change.
    var month: Int
    /// The day of the legal clock on which it became known.
    var dated: Int
    /// The last month that was published by then, this one or a later.
    var frozen: Int
}

/// Turns the notices of a batch into changes of the counters. Pure.
struct StatisticsLedger: Sendable {
    private(set) var standing: StatisticsStanding
    /// The facts of every dossier in hand, as they are after the batch.
    private(set) var facts: [String: DossierFacts]
    private(set) var change = Contribution()
    private(set) var corrections: [CorrectionKey: StatisticCounts] = [:]
    private(set) var names = StatisticNames()

    /// Begins with what is stored.
    init(_ standing: StatisticsStanding, facts: [String: DossierFacts]) {
        self.standing = standing
        self.facts = facts
    }

    /// Takes a notice that is above all that were folded of its dossier.
    mutating func take(_ notice: Notice) {
        var new = facts[notice.dossier] ?? DossierFacts()
        new.take(notice)
        put(new, of: notice.dossier)
        standing.see(notice.at)
    }

    /// Notes what a notice calls things.
    mutating func name(_ notice: Notice) { names.take(notice) }

    /// Takes a notice that was overtaken by a later one of its dossier.
    /// - Parameter folded: the facts of all its dossier's notices that took effect by now.
    mutating func take(_ notice: Notice, folded: DossierFacts) {
        put(folded, of: notice.dossier)
        standing.see(notice.at)
    }

    private mutating func put(_ new: DossierFacts, of dossier: String) {
        let difference = Contribution.difference(facts[dossier], new)
        facts[dossier] = new
        change.add(difference)
        correct(difference.cells)
    }

    /// Notes what changes in months that are published already.
    private mutating func correct(_ cells: [StatisticCell: StatisticCounts]) {
        corrections.merge(StatisticsLedger.corrections(cells, standing)) { $0 + $1 }
    }

    /// The rows that note a change of published months.
    static func corrections(
        _ cells: [StatisticCell: StatisticCounts], _ standing: StatisticsStanding
    ) -> [CorrectionKey: StatisticCounts] {
        guard let frozen = standing.frozen, let legalNow = standing.legalNow else { return [:] }
        var found: [CorrectionKey: StatisticCounts] = [:]
        for (cell, counts) in cells where Contribution.month(of: cell.day) <= frozen {
            for place in StatisticKey.places(of: cell) {
                let key = CorrectionKey(
                    shape: place.shape, scope: place.scope, item: place.item, month: Contribution.month(of: cell.day),
                    dated: legalNow.date.daysSinceEpoch, frozen: frozen)
                found[key, default: .init()] += counts
            }
        }
        return found
    }

    /// The rows that the cells fall into, summed.
    static func rows(_ cells: [StatisticCell: StatisticCounts]) -> [StatisticKey: StatisticCounts] {
        var rows: [StatisticKey: StatisticCounts] = [:]
        for (cell, counts) in cells {
            for key in StatisticKey.rows(of: cell) { rows[key, default: .init()] += counts }
        }
        return rows.filter { !$0.value.isZero }
    }
}

/// What agencies, procedures and milestones are called, as the notices say it.
struct StatisticNames: Sendable {
    enum Kind: Int16, Sendable {
        case agency = 0
        case procedure = 1
        /// The key is the procedure, a space, and the milestone's own.
        case milestone = 2
    }

    struct Key: Hashable, Sendable {
        var kind: Kind
        var key: String
    }

    struct Name: Hashable, Sendable {
        var text: LocalText
        /// A procedure's field.
        var field: String?
        /// A procedure's national code.
        var code: String?
    }

    private(set) var names: [Key: Name] = [:]
    /// The version of each procedure whose names were taken last: its other notices say the same.
    private var versions: [String: Int] = [:]

    mutating func take(_ notice: Notice) {
        if let holder = notice.holder {
            names[Key(kind: .agency, key: StatisticText.key(holder.agency))] = Name(
                text: StatisticText.plain(holder.name))
        }
        guard versions.updateValue(notice.procedureVersion, forKey: notice.procedure) != notice.procedureVersion else {
            return
        }
        let procedure = StatisticText.key(notice.procedure)
        names[Key(kind: .procedure, key: procedure)] = Name(
            text: StatisticText.plain(notice.procedureTitle), field: StatisticText.key(notice.field),
            code: notice.procedureCode.map(StatisticText.key))
        for milestone in notice.milestones {
            let key = StatisticText.key("\(procedure) \(milestone.key)")
            names[Key(kind: .milestone, key: key)] = Name(text: StatisticText.plain(milestone.title))
        }
    }
}

/// Texts of notices as the tables can hold them: one that they cannot must not stop a province's feed.
enum StatisticText {
    /// A key: without U+0000, and short enough for an index.
    static func key(_ text: String) -> String {
        // Nearly every key is fit as it is: a text has at most as many scalars as bytes.
        if text.utf8.count <= 160, !text.utf8.contains(0) { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.lazy.filter { $0.value != 0 }.prefix(160)))
    }

    /// A text without U+0000.
    static func plain(_ text: LocalText) -> LocalText {
        func without(_ text: String) -> String {
            text.utf8.contains(0)
                ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0 })) : text
        }
        return LocalText(vi: without(text.vi), en: text.en.map(without))
    }
}
