internal import Crypto

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

    /// The province's own figures, which are told as they are.
    package var whole: StatisticRow
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
        whole: StatisticRow = StatisticRow(item: ""), agencies: [StatisticRow], fields: [StatisticRow],
        procedures: [StatisticRow], parts: [String: Parts]?,
        fieldOfProcedure: [String: String]
    ) {
        self.whole = whole
        self.agencies = agencies
        self.fields = fields
        self.procedures = procedures
        self.parts = parts
        self.fieldOfProcedure = fieldOfProcedure
    }

    /// A hash of every figure, and of the rows that they stand in.
    ///
    /// Not of which field a procedure belongs to: that may be told otherwise later, and what was held back of a settled
    /// month once must not be told because something else would be held back today.
    var identity: [UInt8] {
        var hash = SHA256()
        func take(_ rows: [StatisticRow], _ table: String) {
            hash.update(data: Array("\(table)\0\(rows.count)\0".utf8))
            for row in rows {
                var bytes = Array(row.item.utf8)
                bytes.append(0)
                for counts in [row.opening, row.period] {
                    for measure in StatisticMeasure.allCases {
                        withUnsafeBytes(of: counts[measure].bigEndian) { bytes.append(contentsOf: $0) }
                    }
                }
                hash.update(data: bytes)
            }
        }
        take([whole], "whole")
        take(agencies, "agencies")
        take(fields, "fields")
        take(procedures, "procedures")
        for (agency, parts) in (parts ?? [:]).sorted(by: { $0.key < $1.key }) {
            take(parts.fields, "fields of \(agency)")
            take(parts.procedures, "procedures of \(agency)")
        }
        return Array(hash.finalize())
    }
}
