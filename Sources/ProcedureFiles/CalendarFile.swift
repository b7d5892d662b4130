package import Procedures
package import WorkingTime

/// Reads calendar files; their keys stand at the head of `Workflows/calendars/vn-state.yaml`.
package enum CalendarFile {
    /// Reads one calendar; one that it extends must be among `others`.
    package static func read(
        _ bytes: [UInt8], name: String, others: [String: OfficeCalendar]
    ) -> (calendar: OfficeCalendar?, report: Report) {
        let text = TextFile.draft(bytes)
        guard let draft = text.draft else { return (nil, Report(file: name, findings: text.findings)) }
        return read(draft, text.findings, hash: SHA256.hex(bytes), name: name, others: others)
    }

    static func read(
        _ draft: Draft, _ first: [Finding], hash: String, name: String, others: [String: OfficeCalendar]
    ) -> (calendar: OfficeCalendar?, report: Report) {
        var findings = first + Grammar.check(draft, as: "calendar")
        var calendar: OfficeCalendar?
        if !findings.contains(where: { $0.severity == .error }) {
            do throws(CalendarError) {
                calendar = try build(draft, hash: hash, others: others, &findings)
            } catch {
                findings.append(
                    Finding(.v11, path: draft.path, spot: draft.spot, message: error.message))
            }
        }
        let report = Report(file: name, findings: findings.sorted { $0.spot < $1.spot })
        return (report.hasErrors ? nil : calendar, report)
    }

    private static func build(
        _ draft: Draft, hash: String, others: [String: OfficeCalendar], _ findings: inout [Finding]
    ) throws(CalendarError) -> OfficeCalendar? {
        let id = draft.string("calendar") ?? ""
        let title = draft.bilingual("title")
        let daysOff = daysOff(draft, &findings)
        let working = (draft.member("working-days")?.elements ?? []).compactMap { row -> SwappedDay? in
            guard let date = row.date("date"), let instead = row.date("instead-of") else { return nil }
            return SwappedDay(
                date, insteadOf: instead, basis: row.string("basis") ?? "",
                isUnverified: row.flag("unverified") ?? false)
        }
        let hours = draft.member("hours")?.elements.compactMap(week)
        if let base = draft.member("extends") {
            if let years = draft.member("years") {
                findings.append(
                    years.finding(.v01, "“years” không đi với “extends”.", "“years” does not go with “extends”."))
            }
            guard let other = others[base.scalarText ?? ""] else {
                findings.append(
                    base.finding(
                        .v11, "Không có lịch “\(base.scalarText ?? "")”.",
                        "There is no calendar “\(base.scalarText ?? "")”."))
                return nil
            }
            return try other.extended(
                id: id, name: title, hours: hours, daysOff: daysOff, workingDays: working,
                // An amended base amends what extends it.
                contentHash: SHA256.hex(Array((other.contentHash + hash).utf8)))
        }
        guard let years = draft.member("years"), let from = years.number("from"), let to = years.number("to"),
            let hours
        else {
            findings.append(
                draft.finding(
                    .v01, "Lịch không có “extends” thì cần “years” và “hours”.",
                    "A calendar without “extends” needs “years” and “hours”."))
            return nil
        }
        let provisional = (years.member("provisional")?.elements ?? []).compactMap { $0.scalarText.flatMap { Int($0) } }
        return try OfficeCalendar(
            id: id, name: title, firstYear: from, lastYear: to, provisionalYears: provisional, hours: hours,
            daysOff: daysOff, workingDays: working, contentHash: hash)
    }

    private static func week(_ draft: Draft) -> WeeklyHours? {
        guard let from = draft.date("from") else { return nil }
        var sessions: [Weekday: [OfficeSession]] = [:]
        for entry in draft.member("sessions")?.members ?? [] {
            guard let day = Weekday(key: entry.key) else { continue }
            sessions[day] = entry.value.elements.compactMap { $0.scalarText.flatMap { OfficeSession($0) } }
        }
        let counted = (draft.member("counted")?.elements ?? []).compactMap {
            $0.scalarText.flatMap { Weekday(key: $0) }
        }
        return WeeklyHours(from: from, sessions: sessions, counted: Set(counted))
    }

    private static func daysOff(_ draft: Draft, _ findings: inout [Finding]) -> [DayOff] {
        var days: [DayOff] = []
        for row in draft.member("days-off")?.elements ?? [] {
            let reason = row.bilingual("reason")
            let basis = row.string("basis") ?? ""
            let isUnverified = row.flag("unverified") ?? false
            let isInForce = row.flag("in-force") ?? true
            switch (row.date("date"), row.date("from"), row.date("to")) {
            case (let date?, nil, nil):
                days.append(
                    DayOff(date, reason: reason, basis: basis, isUnverified: isUnverified, isInForce: isInForce))
            case (nil, let from?, let to?) where from <= to:
                let range = DayOff.range(
                    from, through: to, reason: reason, basis: basis, isUnverified: isUnverified, isInForce: isInForce)
                if let range { days += range } else { fallthrough }
            default:
                findings.append(
                    row.finding(
                        .v01, "Cần “date”, hoặc “from” và “to” theo thứ tự, tối đa 366 ngày.",
                        "There must be “date”, or “from” and “to” in order, at most 366 days."))
            }
        }
        return days
    }
}
