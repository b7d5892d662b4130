package import Notices
package import WorkingTime

/// The figures of one item: what stood open when the period began, and what changed in it.
package struct StatisticRow: Hashable, Sendable {
    /// Agency, field or procedure; empty for the whole.
    package var item: String
    /// The stocks before the first day.
    package var opening: StatisticCounts
    /// Flows of the period, and changes of the stocks in it.
    package var period: StatisticCounts

    /// Joins the parts.
    package init(item: String, opening: StatisticCounts = .init(), period: StatisticCounts = .init()) {
        self.item = item
        self.opening = opening
        self.period = period
    }

    /// An amount: a flow of the period, or a stock at its end.
    package subscript(measure: StatisticMeasure) -> Int64 {
        measure.isStock ? opening[measure] &+ period[measure] : period[measure]
    }

    /// Open when the period began: accepted before, without an end.
    package var carried: Int64 { StatisticRow.open(opening) }
    /// Accepted in the period, by any channel.
    package var received: Int64 {
        period[.receivedCounter] &+ period[.receivedOnline] &+ period[.receivedPost]
    }
    /// Ended in the period after acceptance, however.
    package var finished: Int64 { withResult &+ period[.finishedOther] }
    /// Ended in the period with a result.
    package var withResult: Int64 {
        period[.finishedEarly] &+ period[.finishedOnTime] &+ period[.finishedLate] &+ period[.finishedUndated]
    }
    /// Open at the period's end, those that wait included: always carried + received − finished.
    package var underWay: Int64 { StatisticRow.open(opening) &+ StatisticRow.open(period) }
    /// Of these, those whose clock waits.
    package var waiting: Int64 { self[.waiting] &+ self[.waitingLate] }

    private static func open(_ counts: StatisticCounts) -> Int64 {
        counts[.running] &+ counts[.late] &+ counts[.waiting] &+ counts[.waitingLate]
    }

    /// Whether there is nothing to show.
    package var isEmpty: Bool { carried == 0 && received == 0 && finished == 0 && self[.pending] == 0 }

    /// The sum of rows.
    package static func total(_ rows: [StatisticRow]) -> StatisticRow {
        rows.reduce(into: StatisticRow(item: "")) { total, row in
            total.opening += row.opening
            total.period += row.period
        }
    }
}

/// What to show figures of.
package struct StatisticQuery: Hashable, Sendable {
    /// The province's number.
    package var province: Int16
    /// By what they are broken down.
    package var shape: StatisticShape
    /// The agency for the two shapes of one agency; empty for the others.
    package var scope: String
    /// The first day.
    package var from: CivilDate
    /// The last day; stocks are those at its end.
    package var through: CivilDate
    /// Leave out what became known after the month was published; for whole months only.
    package var isAsPublished: Bool

    /// Joins the parts.
    package init(
        province: Int16, shape: StatisticShape, scope: String = "", from: CivilDate, through: CivilDate,
        isAsPublished: Bool = false
    ) {
        self.province = province
        self.shape = shape
        self.scope = scope
        self.from = from
        self.through = through
        self.isAsPublished = isAsPublished
    }
}

/// The answer to a query.
package struct StatisticTable: Sendable {
    /// What was asked.
    package let query: StatisticQuery
    /// One row an item with anything to show, in the order of the items' keys.
    package let rows: [StatisticRow]
    /// What was noted against the month after it was published, oldest first; empty for any other period.
    package let corrections: [StatisticCorrection]
    /// Whether the last month asked for is published.
    package let isFrozen: Bool
    /// What keys are called.
    package let titles: StatisticTitles

    /// All rows together.
    package var total: StatisticRow { StatisticRow.total(rows) }
}

/// A change of a published month.
package struct StatisticCorrection: Hashable, Sendable {
    /// When it became known, by the legal clock.
    package let dated: CivilDate
    /// Agency, field or procedure.
    package let item: String
    /// What has to be added to the published figures.
    package let counts: StatisticCounts
}

/// What agencies, procedures and milestones of a province are called.
package struct StatisticTitles: Sendable {
    private let names: [StatisticNames.Key: StatisticNames.Name]

    init(_ names: [StatisticNames.Key: StatisticNames.Name]) { self.names = names }

    /// No names; keys stand for themselves.
    package static let none = StatisticTitles([:])

    /// The name of an agency; its code where no notice named it.
    package func agency(_ key: String) -> LocalText {
        names[.init(kind: .agency, key: key)]?.text ?? LocalText(vi: key)
    }

    /// The title of a procedure; its key where no notice named it.
    package func procedure(_ key: String) -> LocalText {
        names[.init(kind: .procedure, key: key)]?.text ?? LocalText(vi: key)
    }

    /// The national code of a procedure; nil where it has none.
    package func code(ofProcedure key: String) -> String? { names[.init(kind: .procedure, key: key)]?.code }

    /// The field of a procedure; nil where no notice named it.
    package func field(ofProcedure key: String) -> String? { names[.init(kind: .procedure, key: key)]?.field }

    /// The title of a milestone; its key where no notice named it.
    package func milestone(_ key: String, of procedure: String) -> LocalText {
        names[.init(kind: .milestone, key: StatisticText.key("\(procedure) \(key)"))]?.text ?? LocalText(vi: key)
    }

    /// Whether a notice named this agency.
    package func knows(agency key: String) -> Bool { names[.init(kind: .agency, key: key)] != nil }
}

/// How long dossiers stayed at a milestone.
package struct StatisticStep: Hashable, Sendable {
    /// The procedure.
    package let procedure: String
    /// The milestone's key.
    package let milestone: String
    /// How many stays ended.
    package let count: Int64
    /// Their mean, in seconds, without the time in which the clock waited.
    package let meanSeconds: Int64
}

/// One period of a trend; its flows only, the stocks are changes.
package struct StatisticPoint: Hashable, Sendable {
    /// The first day of the period.
    package let start: CivilDate
    /// The flows.
    package let row: StatisticRow
}
