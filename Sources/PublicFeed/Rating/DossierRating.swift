package import Notices
package import WorkingTime

/// What was said of one dossier: for whoever holds its code, and for nobody else.
package struct DossierRating: Hashable, Sendable {
    /// The day of the first choice.
    package let givenOn: CivilDate
    /// The choice; nil once its month is counted, because it is forgotten then.
    package let level: SatisfactionLevel?

    /// So many days after the first choice it may still be changed. Fewer than the days after which a month is counted
    /// (``SatisfactionMonth/countedAfterDays``): what was published never changes afterwards.
    package static let changeableForDays = 7

    /// Joins the parts.
    package init(givenOn: CivilDate, level: SatisfactionLevel?) {
        self.givenOn = givenOn
        self.level = level
    }

    /// The last day on which it may be changed.
    package var changeableThrough: CivilDate { givenOn.adding(days: DossierRating.changeableForDays) }

    /// Whether it may be changed on a day.
    package func isChangeable(on day: CivilDate) -> Bool { level != nil && day <= changeableThrough }
}

/// When a dossier may be rated.
package enum RatingTime: Hashable, Sendable {
    /// It has not ended.
    case notYet
    /// Up to and with that day.
    case open(through: CivilDate)
    /// It ended too long ago.
    case over

    /// So many days after a dossier's end it may be rated: results lie at the desk for weeks before they are fetched.
    package static let days = 90

    /// How it is with a dossier on a day.
    package init(_ newest: Notice, on day: CivilDate) {
        guard let finished = newest.finished else {
            self = .notYet
            return
        }
        let last = finished.date.adding(days: RatingTime.days)
        self = day <= last ? .open(through: last) : .over
    }
}

/// A dossier as ratings know it.
package struct RatedDossier: Hashable, Sendable {
    let province: Int16
    let dossier: String
    /// The agency that received it, by the rule of the statistics.
    let agency: String

}

extension RatedDossier {
    /// The dossier of a look-up code, not its parts.
    package init(_ family: DossierFamily) {
        let newest = family.dossier.newest
        self.init(
            province: newest.province, dossier: newest.dossier, agency: DossierFacts(family.dossier.history).agency)
    }
}
