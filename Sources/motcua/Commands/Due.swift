import ArgumentParser
import JSONText
import ProcedureFiles
import Procedures
import WorkingTime

/// `motcua due`: when a limit ends, and why.
struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Computes when a limit ends, day by day.",
        discussion: """
            Prints every day between receipt and due date with what it counted for, so that an officer, an applicant or \
            a court can follow it. Dates and times are those of Viet Nam.

            Examples:
              motcua due 2026-04-24T15:30 "3 working days" --cut-off 15:00
              motcua due 2026-03-02 "8 working days" \\
                --pause 2026-03-05T08:00/2026-03-09T15:00
            """)

    @Argument(help: "When the clock starts: 2026-04-24T15:30, or 2026-04-24 for the start of that day.")
    var from: String

    @Argument(
        help: "The limit as procedure files spell it: \"3 working days\", \"4 working hours\", \"30 calendar days\".")
    var limit: String

    @Option(help: "The name of the calendar.")
    var calendar = "vn-state"

    @Option(help: "How days count: next-day, received-day, same-day or same-hour.")
    var counting = "next-day"

    @Option(help: "The hour after which a dossier counts as received on the next working day, such as 15:00.")
    var cutOff: String?

    @Option(name: .customLong("pause"), help: "Time during which the clock stood still: FROM/UNTIL. May be repeated.")
    var pauses: [String] = []

    @Option(help: "The folder whose calendars are read.")
    var workflows = "Workflows"

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() throws {
        let explanation = try explanation()
        let days = Due.table(explanation)
        if format == .json {
            let due: JSONValue = [
                "due": .string(explanation.due.instant.iso8601),
                "effectiveDay": .string(explanation.due.effectiveDay.description),
                "isProvisional": .bool(explanation.isProvisional), "days": days.json,
            ]
            return Terminal.standard.write(String(decoding: due.prettyBytes, as: UTF8.self))
        }
        let terminal = Terminal.standard
        terminal.write(days.text(terminal))
        terminal.line()
        terminal.line(terminal.styled("Hạn: \(explanation.due.instant.vietnameseDeadline)", .bold))
        terminal.line("Due: \(explanation.due.instant.englishDeadline)")
        if explanation.isProvisional {
            terminal.line("Lịch nghỉ của năm này chưa chính thức. / The holidays of that year are not fixed yet.")
        }
    }

    /// Every day of the explanation, in both languages.
    static func table(_ explanation: DueExplanation) -> Table {
        var table = Table([
            .init("date", "Ngày / Day"), .init("weekday", "Thứ"), .init("isCounted", "Tính"), .init("vi", "Vì sao"),
            .init("en", "Why", maySink: true),
        ])
        for day in explanation.days {
            table.add([
                day.date.description, day.date.weekday.vietnamese, day.isCounted ? "✔" : "–", day.reason.vi,
                day.reason.en,
            ])
        }
        return table
    }

    /// What was asked, computed.
    func explanation() throws -> DueExplanation {
        let calendar = try calendarNamed(calendar)
        let start = Instant(iso8601: from) ?? CivilDate(from).map { Instant(date: $0, time: .midnight) }
        guard let start else {
            throw ValidationError("“\(from)” is no instant: write 2026-04-24T15:30.")
        }
        guard let limit = TimeLimit(limit) else {
            throw ValidationError("“\(limit)” is no limit: write \"3 working days\" or \"4 working hours\".")
        }
        guard let counting = CountingMode(rawValue: counting) else {
            throw ValidationError("“\(counting)” is none of next-day, received-day, same-day, same-hour.")
        }
        var cut: CutOff?
        if let cutOff {
            guard let time = TimeOfDay(cutOff) else { throw ValidationError("“\(cutOff)” is no hour: write 15:00.") }
            cut = CutOff(at: time)
        }
        let pauses = try pauses.map { text in
            let ends = text.split(separator: "/").compactMap { Instant(iso8601: String($0)) }
            guard ends.count == 2, ends[0] <= ends[1] else {
                throw ValidationError("“\(text)” is no pause: write 2026-04-27T08:00/2026-04-28T16:00.")
            }
            return Pause(from: ends[0], until: ends[1])
        }
        do throws(CalendarError) {
            return try DueExplanation(
                after: start, limit: limit, counting: counting, cutOff: cut, pauses: pauses, calendar: calendar)
        } catch {
            throw CommandFailure(.no, "\(error.message.vi) / \(error.message.en)")
        }
    }

    private func calendarNamed(_ name: String) throws -> OfficeCalendar {
        guard (try? LocalFiles.isFolder(workflows)) != nil else {
            throw CommandFailure(.notNow, "there is no folder “\(workflows)”: say --workflows, where the calendars are")
        }
        let loaded = WorkflowFolder.read(texts: try LocalFiles.workflows([workflows]))
        guard let calendar = loaded.catalogue.calendars[name] else {
            let known = loaded.catalogue.calendars.keys.sorted().joined(separator: ", ")
            throw CommandFailure(.no, "no sound calendar “\(name)” in \(workflows); there is: \(known)")
        }
        return calendar
    }
}
