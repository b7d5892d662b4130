/// All figures of a month of a province that somebody is told, as they were counted.
package struct MonthTables: Sendable {
    /// The rows of one agency: its fields and its procedures.
    package struct Parts: Sendable {
        /// By field.
        package var fields: [StatisticRow]
        /// By procedure.
        package var procedures: [StatisticRow]

        /// Joins both.
        package init(fields: [StatisticRow], procedures: [StatisticRow]) {
            self.fields = fields
            self.procedures = procedures
        }
    }

    /// One row an agency.
    package var agencies: [StatisticRow]
    /// One row a field.
    package var fields: [StatisticRow]
    /// One row a procedure.
    package var procedures: [StatisticRow]
    /// Each agency's rows by its code; nil while the month is not settled, when nobody is told of them.
    package var parts: [String: Parts]?
    /// The field of each procedure by its key.
    package var fieldOfProcedure: [String: String]

    /// Joins the tables.
    package init(
        agencies: [StatisticRow], fields: [StatisticRow], procedures: [StatisticRow], parts: [String: Parts]?,
        fieldOfProcedure: [String: String]
    ) {
        self.agencies = agencies
        self.fields = fields
        self.procedures = procedures
        self.parts = parts
        self.fieldOfProcedure = fieldOfProcedure
    }
}
