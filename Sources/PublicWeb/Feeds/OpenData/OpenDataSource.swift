package import Notices
package import PublicFeed
package import WorkingTime

/// Where the open data's figures come from: the statistics' counters, one month of one province at a time.
package struct OpenDataSource: Sendable {
    /// The provinces of which there are figures.
    package var provinces: @Sendable () async throws -> [Int16]
    /// The months that are published and will not change any more, by their first days, newest first; at most 240.
    package var months: @Sendable (_ province: Int16) async throws -> [CivilDate]
    /// The rows of such a month, in any order, without what is held back.
    package var rows: @Sendable (_ province: Int16, _ month: CivilDate) async throws -> [OpenDataRow]

    /// Joins the parts.
    package init(
        provinces: @escaping @Sendable () async throws -> [Int16],
        months: @escaping @Sendable (_ province: Int16) async throws -> [CivilDate],
        rows: @escaping @Sendable (_ province: Int16, _ month: CivilDate) async throws -> [OpenDataRow]
    ) {
        self.provinces = provinces
        self.months = months
        self.rows = rows
    }
}

/// What is told of one procedure at one agency in a month.
package struct OpenDataRow: Hashable, Sendable {
    /// The receiving agency's code.
    package var agency: String
    /// Its name.
    package var agencyName: LocalText
    /// The procedure's key.
    package var procedure: String
    /// Its national code; nil where it has none.
    package var procedureCode: String?
    /// Its title.
    package var procedureName: LocalText
    /// The counts; what is missing is held back.
    package var figures: [PublicFigure: Int64]
    /// Seconds from acceptance to the result, without the time in which the clock waited, a dossier with a result; nil
    /// where it is held back or nothing ended.
    package var meanSeconds: Int64?

    /// Joins the parts.
    package init(
        agency: String, agencyName: LocalText, procedure: String, procedureCode: String?, procedureName: LocalText,
        figures: [PublicFigure: Int64], meanSeconds: Int64?
    ) {
        self.agency = agency
        self.agencyName = agencyName
        self.procedure = procedure
        self.procedureCode = procedureCode
        self.procedureName = procedureName
        self.figures = figures
        self.meanSeconds = meanSeconds
    }
}
