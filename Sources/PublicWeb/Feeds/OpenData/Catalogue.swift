import JSONText
import Notices
import WorkingTime

/// What open data there is, as DCAT-AP describes it: a graph that is written as JSON-LD and as Turtle.
struct Catalogue: Sendable {
    /// What a resource says of itself.
    enum Value: Sendable {
        case resource(String)
        case text(LocalText)
        case date(CivilDate)
    }

    struct Resource: Sendable {
        let iri: String
        let type: String
        let values: [(term: String, value: Value)]
    }

    static let prefixes = [
        ("dcat", "http://www.w3.org/ns/dcat#"), ("dct", "http://purl.org/dc/terms/"),
        ("foaf", "http://xmlns.com/foaf/0.1/"), ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ]

    let resources: [Resource]

    /// The list of languages of which DCAT-AP takes its own.
    private static let languages = "http://publications.europa.eu/resource/authority/language"

    /// The catalogue of the months of each province.
    init(_ months: [(province: Int16, months: [CivilDate])], license: String, at address: PublicAddress) {
        let home = address.url("/du-lieu-mo")
        let languages = Catalogue.languages
        let series = months.map { "\(home)/\($0.province)" }
        var resources = [
            Resource(
                iri: "\(home)#catalog", type: "dcat:Catalog",
                values: [
                    ("dct:title", .text(LocalText(vi: "Dữ liệu mở Một cửa", en: "MotCua open data"))),
                    (
                        "dct:description",
                        .text(
                            LocalText(
                                vi: "Số liệu giải quyết thủ tục hành chính theo tháng, thủ tục và cơ quan.",
                                en: "Administrative procedures settled, by month, procedure and agency."))
                    ),
                    ("dct:publisher", .resource("\(home)#publisher")), ("foaf:homepage", .resource(home)),
                    ("dct:license", .resource(license)), ("dct:language", .resource("\(languages)/VIE")),
                    ("dct:language", .resource("\(languages)/ENG")),
                ] + series.map { ("dcat:dataset", .resource($0)) }),
            Resource(
                iri: "\(home)#publisher", type: "foaf:Agent",
                values: [("foaf:name", .text(LocalText(vi: "Bộ phận Một cửa", en: "One-stop centre")))]),
        ]
        for (province, months) in months {
            resources += Catalogue.series(province, months, home: home, license: license)
        }
        self.resources = resources
    }

    private static func series(
        _ province: Int16, _ months: [CivilDate], home: String, license: String
    ) -> [Resource] {
        let iri = "\(home)/\(province)"
        let title = LocalText(
            vi: "Hồ sơ theo thủ tục và cơ quan – \(PlaceNames.province(province).vi)",
            en: "Dossiers by procedure and agency, province \(province)")
        let common: [(term: String, value: Value)] = [
            ("dct:publisher", .resource("\(home)#publisher")), ("dct:license", .resource(license)),
            ("dct:spatial", .resource("https://motcua.vn/provinces/\(province)")),
        ]
        var resources = [
            Resource(
                iri: iri, type: "dcat:DatasetSeries",
                values: [("dct:title", .text(title)), ("dct:description", .text(description))] + common)
        ]
        for month in months {
            let text = String(month.description.dropLast(3))
            let dataset = "\(iri)/\(text)"
            let last = Catalogue.lastDay(of: month)
            resources.append(
                Resource(
                    iri: dataset, type: "dcat:Dataset",
                    values: [
                        (
                            "dct:title",
                            .text(LocalText(vi: "\(title.vi), \(text)", en: "\(title.en ?? title.vi), \(text)"))
                        ),
                        ("dct:description", .text(description)), ("dcat:inSeries", .resource(iri)),
                        ("dct:temporal", .resource("\(dataset)#period")),
                        ("dcat:distribution", .resource("\(dataset)/ho-so.csv")),
                        ("dcat:distribution", .resource("\(dataset)/ho-so.json")),
                    ] + common))
            resources.append(
                Resource(
                    iri: "\(dataset)#period", type: "dct:PeriodOfTime",
                    values: [("dcat:startDate", .date(month)), ("dcat:endDate", .date(last))]))
            for (file, media) in [("ho-so.csv", "text/csv"), ("ho-so.json", "application/json")] {
                let type = "https://www.iana.org/assignments/media-types/\(media)"
                resources.append(
                    Resource(
                        iri: "\(dataset)/\(file)", type: "dcat:Distribution",
                        values: [
                            ("dcat:accessURL", .resource("\(dataset)/\(file)")),
                            ("dcat:downloadURL", .resource("\(dataset)/\(file)")), ("dcat:mediaType", .resource(type)),
                            ("dct:license", .resource(license)),
                        ]))
            }
        }
        return resources
    }

    private static let description = LocalText(
        vi:
            "Tiếp nhận, giải quyết, đang giải quyết; các số để tính chỉ số 2.1 của Quyết định 766/QĐ-TTg. Số dưới 5 không "
            + "được công bố.",
        en:
            "Accepted, ended, under way, and what indicator 2.1 of Decision 766/QĐ-TTg counts. Counts below 5 are held back."
    )

    private static func lastDay(of month: CivilDate) -> CivilDate {
        let next = month.adding(days: 31)
        return next.adding(days: -next.day)
    }
}

extension Catalogue {
    /// Turtle 1.1.
    func turtle() -> [UInt8] {
        var text = ""
        for (name, iri) in Catalogue.prefixes { text += "@prefix \(name): <\(iri)> .\n" }
        for resource in resources {
            text += "\n<\(resource.iri)> a \(resource.type)"
            for (term, value) in resource.values {
                text += " ;\n    \(term) "
                switch value {
                case .resource(let iri): text += "<\(iri)>"
                case .text(let local):
                    text += "\(Catalogue.quoted(local.vi))@vi"
                    if let en = local.en { text += ", \(Catalogue.quoted(en))@en" }
                case .date(let date): text += "\"\(date)\"^^xsd:date"
                }
            }
            text += " .\n"
        }
        return Array(text.utf8)
    }

    /// JSON-LD 1.1.
    func jsonLD() -> [UInt8] {
        var json = JSONWriter(capacity: 1_024 + resources.count * 400)
        json.object { json in
            json.object("@context") { json in for (name, iri) in Catalogue.prefixes { json.member(name, iri) } }
            json.array("@graph") { json in for resource in resources { json.object { node(resource, &$0) } } }
        }
        return json.bytes
    }

    private func node(_ resource: Resource, _ json: inout JSONWriter) {
        json.member("@id", resource.iri)
        json.member("@type", resource.type)
        var terms: [String] = []
        for (term, _) in resource.values where !terms.contains(term) { terms.append(term) }
        for term in terms {
            json.array(term) { json in
                for (_, value) in resource.values.lazy.filter({ $0.term == term }) { self.value(value, &json) }
            }
        }
    }

    private func value(_ value: Value, _ json: inout JSONWriter) {
        func one(_ key: String, _ text: String, _ more: (String, String)? = nil) {
            json.object { json in
                json.member(key, text)
                if let more { json.member(more.0, more.1) }
            }
        }
        switch value {
        case .resource(let iri): one("@id", iri)
        case .text(let local):
            one("@value", local.vi, ("@language", "vi"))
            if let en = local.en { one("@value", en, ("@language", "en")) }
        case .date(let date): one("@value", date.description, ("@type", "xsd:date"))
        }
    }

    /// A text of Turtle in quotes.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
