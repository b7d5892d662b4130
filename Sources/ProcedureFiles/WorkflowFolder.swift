package import Procedures
import WorkingTime

/// Reads a whole folder of files: calendars first, then agencies, then procedures in the order of their links.
package enum WorkflowFolder {
    /// What a folder holds.
    package struct Loaded: Sendable {
        /// Everything that was read without an error.
        package var catalogue: Catalogue
        /// Every finding, file by file.
        package var report: Report
    }

    private struct Text {
        var name: String
        var draft: Draft
        var findings: [Finding]
        var hash: String
    }

    /// Reads files by their name; what a file is shows its first key (`procedure`, `calendar`, `province`, `connectors`).
    package static func read(texts: [String: [UInt8]]) -> Loaded {
        var report = Report()
        var kinds: [String: [Text]] = [:]
        for (name, bytes) in texts.sorted(by: { $0.key < $1.key }) {
            let read = TextFile.draft(bytes)
            guard let draft = read.draft else {
                report.append(Report(file: name, findings: read.findings))
                continue
            }
            let text = Text(name: name, draft: draft, findings: read.findings, hash: SHA256.hex(bytes))
            guard let kind = kind(of: draft) else {
                let finding = draft.finding(
                    .v01, "Không biết đây là tệp gì.",
                    "It is neither a procedure, calendar, agencies nor connectors file.")
                report.append(Report(file: name, findings: read.findings + [finding]))
                continue
            }
            kinds[kind, default: []].append(text)
        }
        var catalogue = Catalogue()
        readCalendars(kinds["calendar"] ?? [], &catalogue, &report)
        let gathered = readAgencies(kinds["connectors"] ?? [], kinds["province"] ?? [], &catalogue, &report)
        readProcedures(kinds["procedure"] ?? [], &catalogue, &report)
        report.append(AgencyFile.checkOverlays(gathered, catalogue.procedures))
        return Loaded(catalogue: catalogue, report: report)
    }

    /// Whether a file is a calendar: it may extend another one, and its own hash is then not the calendar's.
    package static func isCalendar(_ bytes: [UInt8]) -> Bool {
        TextFile.draft(bytes).draft.flatMap(kind) == "calendar"
    }

    /// The key by which a file shows what it is. `calendar` stands in other kinds too, so that it is looked for last.
    static func kind(of draft: Draft) -> String? {
        ["procedure", "province", "connectors", "calendar"].first { draft.member($0) != nil }
    }

    private static func readCalendars(_ texts: [Text], _ catalogue: inout Catalogue, _ report: inout Report) {
        // A calendar is read after the one it extends.
        var waiting = texts
        while !waiting.isEmpty {
            let names = Set(waiting.compactMap { $0.draft.string("calendar") })
            var ready = waiting.filter { text in text.draft.string("extends").map { !names.contains($0) } ?? true }
            if ready.isEmpty { ready = waiting }
            waiting.removeAll { text in ready.contains { $0.name == text.name } }
            for text in ready {
                let read = CalendarFile.read(
                    text.draft, text.findings, hash: text.hash, name: text.name, others: catalogue.calendars)
                report.append(read.report)
                guard let calendar = read.calendar else { continue }
                if catalogue.calendars.updateValue(calendar, forKey: calendar.id) != nil {
                    let finding = text.draft.finding(
                        .v18, "Lịch “\(calendar.id)” bị trùng.", "The calendar “\(calendar.id)” is defined twice.")
                    report.append(Report(file: text.name, findings: [finding]))
                }
            }
        }
    }

    private static func readAgencies(
        _ connectors: [Text], _ provinces: [Text], _ catalogue: inout Catalogue, _ report: inout Report
    ) -> AgencyFile.Gathered {
        var gathered = AgencyFile.Gathered()
        for text in connectors {
            report.append(AgencyFile.readConnectors(text.draft, text.findings, name: text.name, into: &gathered))
        }
        for text in provinces {
            report.append(
                AgencyFile.read(
                    text.draft, text.findings, name: text.name, calendars: Set(catalogue.calendars.keys),
                    into: &gathered))
        }
        catalogue.directory = gathered.directory
        catalogue.connectors = gathered.connectors
        return gathered
    }

    private static func readProcedures(_ texts: [Text], _ catalogue: inout Catalogue, _ report: inout Report) {
        var waiting = texts
        while !waiting.isEmpty {
            let names = Set(waiting.compactMap { $0.draft.string("procedure") })
            let ready = waiting.filter { links($0.draft).isDisjoint(with: names) }
            guard !ready.isEmpty else {
                refuseCycle(waiting, names, &report)
                return
            }
            waiting.removeAll { text in ready.contains { $0.name == text.name } }
            for text in ready.sorted(by: { version($0) < version($1) }) {
                let read = ProcedureFile.read(
                    text.draft, text.findings, hash: text.hash, name: text.name, catalogue: catalogue)
                report.append(read.report)
                if let procedure = read.procedure { catalogue.procedures.append(procedure) }
            }
        }
    }

    private static func version(_ text: Text) -> (String, Int) {
        (text.draft.string("procedure") ?? "", text.draft.number("version") ?? 0)
    }

    private static func refuseCycle(_ waiting: [Text], _ names: Set<String>, _ report: inout Report) {
        for text in waiting {
            let links = links(text.draft).intersection(names).sorted().joined(separator: ", ")
            let finding = text.draft.finding(
                .v03, "Các thủ tục liên thông vòng tròn qua: \(links).",
                "The links of these procedures form a cycle, through: \(links).")
            report.append(Report(file: text.name, findings: text.findings + [finding]))
        }
    }

    /// The procedures that a file links, found by the key `procedure` below its steps; depth is bounded by the reader.
    private static func links(_ draft: Draft) -> Set<String> {
        var names: Set<String> = []
        var todo = draft.member("steps").map { [$0] } ?? []
        while let next = todo.popLast() {
            if let name = next.string("procedure") { names.insert(name) }
            todo += next.members.map(\.value) + next.elements
        }
        return names
    }
}
