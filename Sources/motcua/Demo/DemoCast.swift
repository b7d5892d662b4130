import Engine
import Procedures

/// Everybody who plays in a demo day, each with a client of the API of its own.
struct DemoCast: Sendable {
    static let connector = "civil-registry"

    let centres: [DemoCentre]
    let desks: [DemoDesk]
    let registries: [DemoRegistry]

    /// Makes the clients, and gives each player its part.
    init(
        engine: DossierEngine, api: HTTPClient, samples: [SampleDossier], script: DemoScript, day: DemoDay
    ) async throws {
        let directory = engine.catalogue.directory
        let registrar = ClientRegistrar(engine: engine)
        // A quarter of a legal hour at the usual speed would be 1.6 s: desks look more often than that.
        let pause = Duration.milliseconds(350)
        var centres: [DemoCentre] = []
        var desks: [DemoDesk] = []
        var registries: [DemoRegistry] = []
        let kinds = ["centre", "civil-status", "police", "social-insurance"]
        let agencies = directory.agencies.values.filter { kinds.contains($0.kind) }
        for agency in agencies.sorted(by: {
            (kinds.firstIndex(of: $0.kind) ?? 9, $0.code) < (kinds.firstIndex(of: $1.kind) ?? 9, $1.code)
        }) {
            let credentials = try await registrar.add(
                .agency(agency.code, id: "demo-\(agency.code.lowercased())"))
            let client = APIClient(api, credentials)
            let officers = directory.officers.values.filter { $0.agency == agency.code }.sorted { $0.id < $1.id }
            desks.append(
                DemoDesk(agency: agency, officers: officers, client: client, script: script, day: day, pause: pause))
            guard agency.kind == "centre" else { continue }
            centres.append(
                DemoCentre(
                    code: agency.code, dossiers: samples.filter { $0.centre == agency.code }, client: client,
                    script: script, day: day, pause: pause))
        }
        for province in directory.provinces.values.sorted(by: { $0.number < $1.number }) {
            let credentials = try await registrar.add(
                .adapter(of: Self.connector, province: province.code, id: "demo-\(Self.connector)-\(province.code)"))
            registries.append(
                DemoRegistry(
                    connector: Self.connector, client: APIClient(api, credentials), script: script, day: day,
                    pause: pause))
        }
        self.centres = centres
        self.desks = desks
        self.registries = registries
    }

    /// Everybody plays until the day is over.
    func play() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for centre in centres {
                group.addTask { try await centre.submitAll() }
                group.addTask { try await centre.speakForApplicants() }
            }
            for desk in desks { group.addTask { try await desk.run() } }
            for registry in registries { group.addTask { try await registry.run() } }
            try await group.waitForAll()
        }
    }
}
