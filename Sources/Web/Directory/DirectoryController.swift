import Edge
import Engine
import Hummingbird
import JSONText
import Procedures
import WorkingTime

/// The directory: agencies and areas that procedures and forms speak of.
struct DirectoryController: Sendable {
    private static let group = "Directory"

    let engine: DossierEngine

    var routes: [Route] {
        [
            Route(
                .get, "/v1/agencies", [],
                Operation(
                    id: "listAgencies", group: Self.group, summary: "Agencies, by code.",
                    parameters: [
                        .query("province", "Only of this province, by its code."), .query("kind", "Only of this kind."),
                        .query("area", "Only those that serve this area, by its code."),
                    ],
                    answers: [.init(status: 200, text: "The agencies.", schema: "AgencyPage", example: "agencyPage")],
                    problems: [.invalidQuery]), agencies),
            Route(
                .get, "/v1/areas", [],
                Operation(
                    id: "listAreas", group: Self.group, summary: "Communes, wards and special zones, by code.",
                    parameters: [.query("province", "Only of this province, by its code.")],
                    answers: [.init(status: 200, text: "The areas.", schema: "AreaPage", example: "areaPage")],
                    problems: [.invalidQuery]), areas),
        ]
    }

    @Sendable private func agencies(_ asked: APIRequest) async throws -> Response {
        let (province, kind, area) = try QueryFields.read(asked.request) {
            ($0.name("province"), $0.name("kind"), $0.name("area"))
        }
        let found = engine.catalogue.directory.agencies.values.filter { agency in
            (province == nil || agency.province == province) && (kind == nil || agency.kind == kind)
                && (area.map(agency.serves.contains) ?? true)
        }
        return PageResponse.response(asked) { json in
            for agency in found.sorted(by: { $0.code < $1.code }) { Self.write(agency, &json) }
        }
    }

    @Sendable private func areas(_ asked: APIRequest) async throws -> Response {
        let province = try QueryFields.read(asked.request) { $0.name("province") }
        let found = engine.catalogue.directory.areas.values.filter { province == nil || $0.province == province }
        return PageResponse.response(asked) { json in
            for area in found.sorted(by: { $0.code < $1.code }) {
                json.object { json in
                    json.member("code", area.code)
                    json.member("province", area.province)
                    json.member("name", area.name)
                }
            }
        }
    }

    private static func write(_ agency: AgencyDirectory.Agency, _ json: inout JSONWriter) {
        json.object { json in
            json.member("code", agency.code)
            json.member("kind", agency.kind)
            json.member("province", agency.province)
            json.member("name", agency.name)
            json.member("phone", ifPresent: agency.phone)
            json.array("serves") { json in for area in agency.serves { json.string(area) } }
            json.member("calendar", agency.calendar)
            json.member("validFrom", ifPresent: agency.validFrom?.description)
            json.member("validUntil", ifPresent: agency.validUntil?.description)
        }
    }
}
