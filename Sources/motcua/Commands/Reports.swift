import ArgumentParser
import Edge
import OwnerFiles
import PublicFeed
import PublicWeb
import Synchronization
import WorkingTime

/// `motcua report`: figures for those who answer for them.
struct Reports: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Hands out complete figures, and the dossiers behind a figure.",
        discussion: """
            Public pages and files hold back small figures (docs/statistics.md). Whoever has the feed's database may see \
            them all: the form to hand in, and which dossiers a figure counts.
            """,
        subcommands: [Form.self, Dossiers.self])

    /// `motcua report form`.
    struct Form: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes form II.06a/VPCP/KSTT of a month with every figure.",
            discussion: """
                The file can be read by its owner alone.

                Examples:
                  motcua report form --province 48 --month 2026-03 --to II-06a.xlsx
                  motcua report form --province 48 --month 2026-03 --to ward.csv \\
                    --agency 000.00.01.H17
                """)

        @OptionGroup var month: MonthOptions

        @Option(help: "The code of the receiving agency. Default: the whole province.")
        var agency = ""

        @Option(help: "The file to write; .csv or .xlsx.")
        var to: String

        @OptionGroup(title: "Data") var data: DataOptions

        func validate() throws {
            guard to.hasSuffix(".csv") || to.hasSuffix(".xlsx") else {
                throw ValidationError("--to must end in .csv or .xlsx.")
            }
        }

        func run() async throws {
            let command = self
            try await data.atFeed("motcua-report") { pool in
                let report = try await FormReport.complete(
                    StatisticsReader(feed: pool), province: command.month.province, month: command.month.month,
                    agency: command.agency, today: command.month.today)
                guard let report else { throw CommandFailure(.no, "\(command.month.month) lies ahead.") }
                do throws(OwnerFileError) {
                    try OwnerOnlyFile.replace(
                        command.to, command.to.hasSuffix(".csv") ? report.csv : report.workbook)
                } catch {
                    throw CommandFailure(.notNow, "\(error)")
                }
            }
            Terminal.standard.line(to)
        }
    }

    /// `motcua report dossiers`.
    struct Dossiers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the dossiers that a figure of a month counts.",
            discussion: """
                A figure is one of the open data (received, late, overdue, …), a column of form II.06a (3 to 13), or one half \
                of an indicator of Decision 766 (on-time/numerator, on-time/denominator, …).

                Examples:
                  motcua report dossiers late --province 48 --month 2026-03
                  motcua report dossiers 10 --province 48 --month 2026-03 --field ho-tich
                  motcua report dossiers on-time/numerator --province 48 --month 2026-03 \\
                    --agency 000.00.01.H17
                """)

        @Argument(help: "The figure.")
        var figure: String

        @OptionGroup var month: MonthOptions

        @Option(help: "Only those of this receiving agency.")
        var agency: String?

        @Option(help: "Only those of this field; its key.")
        var field: String?

        @Option(help: "Only those of this procedure; its key.")
        var procedure: String?

        @OptionGroup(title: "Data") var data: DataOptions

        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func validate() throws {
            _ = try formula()
            guard field == nil || procedure == nil else {
                throw ValidationError("Give --field or --procedure, not both.")
            }
        }

        func run() async throws { try await table().show(format) }

        /// The dossiers, by their numbers.
        func table() async throws -> Table {
            let formula = try formula()
            let (query, item) = try place(month.today)
            let found = Mutex(Table([.init("legalCode", "Dossier number"), .init("dossier", "Dossier")]))
            try await data.atFeed("motcua-report") { pool in
                let reader = StatisticsReader(feed: pool)
                var after: String?
                repeat {
                    let page = try await reader.dossiers(behind: formula, query, item: item, after: after)
                    let codes = try await reader.legalCodes(of: page.dossiers, province: query.province)
                    for (dossier, code) in zip(page.dossiers, codes) {
                        found.withLock { $0.add([code ?? "", dossier]) }
                    }
                    after = page.next
                } while after != nil
            }
            return found.withLock { $0 }
        }

        /// The row in which the figure stands.
        private func place(_ today: CivilDate) throws -> (StatisticQuery, item: String) {
            let days = try month.days(today)
            let shape: StatisticShape =
                switch (agency, field, procedure) {
                case (nil, nil, nil): .province
                case (_, nil, nil): .agency
                case (nil, _, nil): .field
                case (nil, nil, _): .procedure
                case (_, _, nil): .agencyField
                default: .agencyProcedure
                }
            let isPart = shape == .agencyField || shape == .agencyProcedure
            let query = StatisticQuery(
                province: month.province, shape: shape, scope: isPart ? agency ?? "" : "", from: days.lowerBound,
                through: days.upperBound)
            return (query, field ?? procedure ?? agency ?? "")
        }

        private func formula() throws -> StatisticFormula {
            if let known = PublicFigure(rawValue: figure) { return known.formula }
            if let column = Int(figure).flatMap({ ReportForm.current.columns[$0] }) { return column }
            for indicator in Indicator.all {
                if figure == "\(indicator.key)/numerator" { return indicator.numerator }
                if figure == "\(indicator.key)/denominator" { return indicator.denominator }
            }
            let halves = Indicator.all.flatMap { ["\($0.key)/numerator", "\($0.key)/denominator"] }
            throw ValidationError(
                "“\(figure)” is no figure. There are: "
                    + (PublicFigure.allCases.map(\.rawValue) + ["3 … 13"] + halves).joined(separator: ", ") + ".")
        }
    }
}

/// A month of a province on the command line.
struct MonthOptions: ParsableArguments {
    @Option(help: "The province's number.")
    var province: Int16

    @Option(help: "The month, such as 2026-03.")
    var month: String

    func validate() throws {
        guard CivilDate("\(month)-01") != nil else { throw ValidationError("--month must read like 2026-03.") }
    }

    /// The day in Viet Nam now.
    var today: CivilDate { Instant(microseconds: EdgeClock.systemMicroseconds()).date }

    /// The days of the month up to today.
    func days(_ today: CivilDate) throws -> ClosedRange<CivilDate> {
        guard let first = CivilDate("\(month)-01"), first <= today else {
            throw CommandFailure(.no, "\(month) lies ahead.")
        }
        let next = first.adding(days: 31)
        return first...min(next.adding(days: -next.day), today)
    }
}
