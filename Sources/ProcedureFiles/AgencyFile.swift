import Notices
package import Procedures
import WorkingTime

/// Reads agency files (one province each) and connector files.
package enum AgencyFile {
    /// What agency files say, gathered until the directory is made of all of them.
    package struct Gathered: Sendable {
        var provinces: [AgencyDirectory.Province] = []
        var areas: [AgencyDirectory.Area] = []
        var agencies: [AgencyDirectory.Agency] = []
        var officers: [AgencyDirectory.Officer] = []
        /// Codes in use, as `area/48001`: real directories have tens of thousands of posts.
        var used: Set<String> = []
        /// The provinces' own limits, each with where it stands: they are compared with the procedures, which come later.
        var overlays: [(overlay: AgencyDirectory.Overlay, draft: Draft, file: String)] = []
        /// Operations by connector.
        package var connectors: [String: [String]] = [:]

        /// Nothing yet.
        package init() {}

        /// The directory of everything gathered.
        package var directory: AgencyDirectory {
            AgencyDirectory(
                provinces: provinces, areas: areas, agencies: agencies, officers: officers,
                overlays: overlays.map(\.overlay))
        }
    }

    /// Reads one province's file into `gathered`; codes that another file has used are errors.
    package static func read(
        _ bytes: [UInt8], name: String, calendars: Set<String>, into gathered: inout Gathered
    ) -> Report {
        let text = TextFile.draft(bytes)
        guard let draft = text.draft else { return Report(file: name, findings: text.findings) }
        return read(draft, text.findings, name: name, calendars: calendars, into: &gathered)
    }

    static func read(
        _ draft: Draft, _ first: [Finding], name: String, calendars: Set<String>, into gathered: inout Gathered
    ) -> Report {
        var findings = first + Grammar.check(draft, as: "province")
        if !findings.contains(where: { $0.severity == .error }) {
            gather(draft, calendars, &gathered, &findings)
            gatherOverlays(draft, name, &gathered)
        }
        return Report(file: name, findings: findings.sorted { $0.spot < $1.spot })
    }

    static func readConnectors(
        _ draft: Draft, _ first: [Finding], name: String, into gathered: inout Gathered
    ) -> Report {
        let findings = first + Grammar.check(draft, as: "connectors")
        for entry in draft.member("connectors")?.members ?? [] {
            gathered.connectors[entry.key] = (entry.value.member("operations")?.elements ?? []).compactMap(\.scalarText)
        }
        return Report(file: name, findings: findings.sorted { $0.spot < $1.spot })
    }

    private static func gather(
        _ draft: Draft, _ calendars: Set<String>, _ gathered: inout Gathered, _ findings: inout [Finding]
    ) {
        let code = draft.string("province") ?? ""
        let province = AgencyDirectory.Province(
            code: code, number: Int16(clamping: draft.number("number") ?? 0),
            name: draft.member("title")?.localText ?? .init(vi: ""),
            identifier: draft.string("identifier") ?? "")
        if gathered.provinces.contains(where: { $0.code == code || $0.number == province.number }) {
            findings.append(
                draft.finding(.v18, "Tên hoặc số của tỉnh bị trùng.", "The province's name or number is used twice."))
        }
        gathered.provinces.append(province)
        let usual = draft.string("calendar") ?? ""
        check(usual, draft.member("calendar"), calendars, &findings)
        for entry in draft.member("areas")?.members ?? [] {
            if !gathered.used.insert("area/" + entry.key).inserted {
                findings.append(
                    entry.value.finding(.v18, "Mã \(entry.key) bị trùng.", "The code \(entry.key) is used twice."))
            }
            gathered.areas.append(.init(code: entry.key, province: code, name: entry.value.localText))
        }
        for entry in draft.member("agencies")?.members ?? [] {
            let calendar = entry.value.string("calendar") ?? usual
            check(calendar, entry.value.member("calendar"), calendars, &findings)
            if !gathered.used.insert("agency/" + entry.key).inserted {
                findings.append(
                    entry.value.finding(.v18, "Mã \(entry.key) bị trùng.", "The code \(entry.key) is used twice."))
            }
            let serves = entry.value.member("serves")?.elements ?? []
            for area in serves where !gathered.used.contains("area/" + (area.scalarText ?? "")) {
                findings.append(
                    area.finding(
                        .v11, "Không có địa bàn “\(area.scalarText ?? "")”.",
                        "There is no area “\(area.scalarText ?? "")”."))
            }
            gathered.agencies.append(
                .init(
                    code: entry.key, kind: entry.value.string("kind") ?? "", province: code,
                    name: entry.value.member("title")?.localText ?? .init(vi: ""), phone: entry.value.string("phone"),
                    serves: serves.compactMap(\.scalarText), calendar: calendar, validFrom: entry.value.date("from"),
                    validUntil: entry.value.date("until"),
                    succeeds: (entry.value.member("succeeds")?.elements ?? []).compactMap(\.scalarText)))
        }
        checkSuccessions(draft, &gathered, &findings)
        gatherOfficers(draft, &gathered, &findings)
    }

    /// An agency begins after those that it succeeds have ended, and each has one successor.
    private static func checkSuccessions(_ draft: Draft, _ gathered: inout Gathered, _ findings: inout [Finding]) {
        for entry in draft.member("agencies")?.members ?? [] {
            for old in entry.value.member("succeeds")?.elements ?? [] {
                let code = old.scalarText ?? ""
                guard let ended = gathered.agencies.first(where: { $0.code == code }), code != entry.key else {
                    findings.append(old.finding(.v11, "Không có cơ quan “\(code)”.", "There is no agency “\(code)”."))
                    continue
                }
                if !gathered.used.insert("succeeded/" + code).inserted {
                    findings.append(
                        old.finding(
                            .v18, "“\(code)” đã có cơ quan kế thừa.", "“\(code)” is succeeded by another one already."))
                }
                guard let from = entry.value.date("from"), let until = ended.validUntil, until < from else {
                    findings.append(
                        old.finding(
                            .v11, "“\(code)” phải có “until” trước ngày “from” của cơ quan kế thừa.",
                            "“\(code)” must have ended (“until”) before its successor begins (“from”)."))
                    continue
                }
            }
        }
    }

    private static func gatherOverlays(_ draft: Draft, _ file: String, _ gathered: inout Gathered) {
        for row in draft.member("overlays")?.elements ?? [] {
            guard let within = row.string("within").flatMap({ TimeLimit($0) }), let from = row.date("from") else {
                continue
            }
            gathered.overlays.append(
                (
                    .init(
                        province: draft.string("province") ?? "", procedure: row.string("procedure") ?? "",
                        within: within, from: from, until: row.date("until"), basis: row.string("basis") ?? ""),
                    row, file
                ))
        }
    }

    /// A province may only shorten a limit (V09), and of a procedure that is there (V03).
    static func checkOverlays(_ gathered: Gathered, _ procedures: [Procedure]) -> Report {
        var report = Report()
        for (overlay, draft, file) in gathered.overlays where !procedures.isEmpty {
            let versions = procedures.filter { $0.name == overlay.procedure }
            let finding: Finding?
            if versions.isEmpty {
                finding = (draft.member("procedure") ?? draft).finding(
                    .v03, "Không có thủ tục “\(overlay.procedure)”.", "There is no procedure “\(overlay.procedure)”.")
            } else if !versions.contains(where: { $0.isShortened(by: overlay.within) }) {
                finding = (draft.member("within") ?? draft).finding(
                    .v09, "Tỉnh chỉ được rút ngắn thời hạn.", "A province may only shorten the limit.")
            } else {
                finding = nil
            }
            if let finding { report.append(Report(file: file, findings: [finding])) }
        }
        return report
    }

    private static func gatherOfficers(_ draft: Draft, _ gathered: inout Gathered, _ findings: inout [Finding]) {
        for entry in draft.member("officers")?.members ?? [] {
            let agency = entry.value.string("agency") ?? ""
            if !gathered.used.contains("agency/" + agency) {
                findings.append(
                    (entry.value.member("agency") ?? entry.value).finding(
                        .v11, "Không có cơ quan “\(agency)”.", "There is no agency “\(agency)”."))
            }
            if !gathered.used.insert("officer/" + entry.key).inserted {
                findings.append(entry.value.finding(.v18, "“\(entry.key)” bị trùng.", "“\(entry.key)” is used twice."))
            }
            let roles = (entry.value.member("roles")?.elements ?? []).compactMap(\.scalarText)
            gathered.officers.append(.init(id: entry.key, agency: agency, roles: roles))
        }
    }

    private static func check(
        _ calendar: String, _ draft: Draft?, _ calendars: Set<String>, _ findings: inout [Finding]
    ) {
        guard let draft, !calendars.isEmpty, !calendars.contains(calendar) else { return }
        findings.append(draft.finding(.v11, "Không có lịch “\(calendar)”.", "There is no calendar “\(calendar)”."))
    }
}
