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
        /// Operations by connector.
        package var connectors: [String: [String]] = [:]

        /// Nothing yet.
        package init() {}

        /// The directory of everything gathered.
        package var directory: AgencyDirectory {
            AgencyDirectory(provinces: provinces, areas: areas, agencies: agencies, officers: officers)
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
                    validUntil: entry.value.date("until")))
        }
        gatherOfficers(draft, &gathered, &findings)
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
