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
        /// Agencies that ended before ``validFrom``, and whose work is its own since then, by code.
        package var succeeds: [String]

        /// Joins the parts.
        package init(
            code: String, kind: String, province: String, name: LocalText, phone: String? = nil,
            serves: [String] = [], calendar: String, validFrom: CivilDate? = nil, validUntil: CivilDate? = nil,
            succeeds: [String] = []
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
            self.succeeds = succeeds
        }

        /// Whether it exists on that day.
        package func exists(on day: CivilDate) -> Bool {
            (validFrom.map { $0 <= day } ?? true) && (validUntil.map { day <= $0 } ?? true)
        }
    }

    /// A province's own limit of a procedure, which can only shorten what the procedure says.
    package struct Overlay: Hashable, Sendable {
        /// The province's code.
        package var province: String
        /// The procedure's name.
        package var procedure: String
        /// The limit of the whole.
        package var within: TimeLimit
        /// The first and the last day of acceptance for which it holds; nil is open.
        package var from: CivilDate
        package var until: CivilDate?
        /// The decision of the province.
        package var basis: String

        /// Joins the parts.
        package init(
            province: String, procedure: String, within: TimeLimit, from: CivilDate, until: CivilDate? = nil,
            basis: String
        ) {
            self.province = province
            self.procedure = procedure
            self.within = within
            self.from = from
            self.until = until
            self.basis = basis
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
    /// In the order of the files.
    package private(set) var overlays: [Overlay] = []
    private var serving: [String: [String]] = [:]
    private var successors: [String: String] = [:]

    /// Joins the parts; of two entries with one key the later stands (the reader has refused duplicates before).
    package init(
        provinces: [Province] = [], areas: [Area] = [], agencies: [Agency] = [], officers: [Officer] = [],
        overlays: [Overlay] = []
    ) {
        self.overlays = overlays
        for province in provinces { self.provinces[province.code] = province }
        for area in areas { self.areas[area.code] = area }
        for agency in agencies { self.agencies[agency.code] = agency }
        for officer in officers { self.officers[officer.id] = officer }
        for agency in self.agencies.values.sorted(by: { $0.code < $1.code }) {
            for old in agency.succeeds where old != agency.code { successors[old] = agency.code }
            for area in agency.serves { serving[agency.kind + "/" + area, default: []].append(agency.code) }
        }
    }

    /// The agency of `kind` that serves `area` on `day`, or the successor of one that did; nil where there is none. Of
    /// several the lowest code, so that the answer never depends on order.
    package func agency(_ kind: String, serving area: String, on day: CivilDate) -> Agency? {
        let codes = serving[kind + "/" + area] ?? []
        for code in codes {
            if let agency = agencies[code], agency.exists(on: day) { return agency }
        }
        return codes.lazy.compactMap { successor(of: $0, on: day) }.first
    }

    /// The agency that has another one's work on `day`, through as many successions as there were; nil where the other
    /// has it still.
    package func successor(of code: String, on day: CivilDate) -> Agency? {
        var found: Agency?
        var last = code
        // An agency begins after the one that it succeeds has ended, so that a checked directory has no circle.
        for _ in 0..<agencies.count {
            guard let next = succession(of: last), next.from <= day else { break }
            found = next.agency
            last = next.agency.code
        }
        return found
    }

    /// By whom an agency is succeeded at once, and from which day; nil where it is not.
    package func succession(of code: String) -> (agency: Agency, from: CivilDate)? {
        guard let next = successors[code].flatMap({ agencies[$0] }), let from = next.validFrom else { return nil }
        return (next, from)
    }

    /// Every succession, as `OLD > NEW on DATE`, in the order of the old agencies: two directories with the same lines pass
    /// work on alike.
    package var successionLines: [String] {
        successors.keys.sorted().compactMap { old in
            succession(of: old).map { "\(old) > \($0.agency.code) on \($0.from)" }
        }
    }

    /// The province's own limit of a procedure for a dossier that was accepted on `day`; of several the first.
    package func overlay(of procedure: String, in province: String, on day: CivilDate) -> Overlay? {
        overlays.first { overlay in
            overlay.procedure == procedure && overlay.province == province && overlay.from <= day
                && overlay.until.map { day <= $0 } ?? true
        }
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
