package import Notices
package import WorkingTime

/// The provinces, areas, agencies and officers that procedures speak of, as loaded from `Workflows/agencies/`.
package struct AgencyDirectory: Hashable, Sendable {
    /// A province: the tenant. Its number keys every row.
    package struct Province: Hashable, Sendable {
        /// Kebab-case, as `da-nang`.
        package var code: String
        /// 1…32767, never reused: the first column of every key.
        package var number: Int16
        /// What people read.
        package var name: LocalText
        /// The first-level identifier of the agencies, as `H17`.
        package var identifier: String

        /// Joins the parts.
        package init(code: String, number: Int16, name: LocalText, identifier: String) {
            self.code = code
            self.number = number
            self.name = name
            self.identifier = identifier
        }
    }

    /// A commune, ward or special zone.
    package struct Area: Hashable, Sendable {
        /// Five digits, as in the national list of administrative units.
        package var code: String
        /// The province's code.
        package var province: String
        /// What people read.
        package var name: LocalText

        /// Joins the parts.
        package init(code: String, province: String, name: LocalText) {
            self.code = code
            self.province = province
            self.name = name
        }
    }

    /// An agency: a centre, a commune's civil status office, a police station, a social insurance office, …
    package struct Agency: Hashable, Sendable {
        /// The identifier that legal codes print, as `000.12.34.H17`; unique.
        package var code: String
        /// `centre`, `civil-status`, `police`, `social-insurance`, …
        package var kind: String
        /// The province's code.
        package var province: String
        /// What people read.
        package var name: LocalText
        /// Telephone for citizens, or nil.
        package var phone: String?
        /// Areas served, by code; empty for an agency that is reached only by name.
        package var serves: [String]
        /// The office calendar by which its hours run, by name.
        package var calendar: String
        /// First and last day on which it exists.
        package var validFrom: CivilDate?
        package var validUntil: CivilDate?

        /// Joins the parts.
        package init(
            code: String, kind: String, province: String, name: LocalText, phone: String? = nil,
            serves: [String] = [], calendar: String, validFrom: CivilDate? = nil, validUntil: CivilDate? = nil
        ) {
            self.code = code
            self.kind = kind
            self.province = province
            self.name = name
            self.phone = phone
            self.serves = serves
            self.calendar = calendar
            self.validFrom = validFrom
            self.validUntil = validUntil
        }
    }

    /// An officer, by the number of the post; never a private name in public data.
    package struct Officer: Hashable, Sendable {
        /// Unique in the directory, as `dn-hc-tuphap-01`.
        package var id: String
        /// The agency's code.
        package var agency: String
        /// The roles held there.
        package var roles: [String]

        /// Joins the parts.
        package init(id: String, agency: String, roles: [String]) {
            self.id = id
            self.agency = agency
            self.roles = roles
        }
    }

    /// By code.
    package private(set) var provinces: [String: Province] = [:]
    /// By code.
    package private(set) var areas: [String: Area] = [:]
    /// By code.
    package private(set) var agencies: [String: Agency] = [:]
    /// By id.
    package private(set) var officers: [String: Officer] = [:]
    private var serving: [String: [String]] = [:]

    /// Joins the parts; of two entries with one key the later stands (the reader has refused duplicates before).
    package init(
        provinces: [Province] = [], areas: [Area] = [], agencies: [Agency] = [], officers: [Officer] = []
    ) {
        for province in provinces { self.provinces[province.code] = province }
        for area in areas { self.areas[area.code] = area }
        for agency in agencies { self.agencies[agency.code] = agency }
        for officer in officers { self.officers[officer.id] = officer }
        for agency in self.agencies.values.sorted(by: { $0.code < $1.code }) {
            for area in agency.serves { serving[agency.kind + "/" + area, default: []].append(agency.code) }
        }
    }

    /// The agency of `kind` that serves `area` on `day`; nil where none does. Of several the lowest code, so that the
    /// answer never depends on order.
    package func agency(_ kind: String, serving area: String, on day: CivilDate) -> Agency? {
        for code in serving[kind + "/" + area] ?? [] {
            guard let agency = agencies[code] else { continue }
            if let from = agency.validFrom, day < from { continue }
            if let until = agency.validUntil, day > until { continue }
            return agency
        }
        return nil
    }

    /// Whether somebody holds `role` at the agency.
    package func isHeld(role: String, at agency: String) -> Bool {
        officers.values.contains { $0.agency == agency && $0.roles.contains(role) }
    }

    /// The province with that number, or nil.
    package func province(number: Int16) -> Province? {
        provinces.values.first { $0.number == number }
    }
}
