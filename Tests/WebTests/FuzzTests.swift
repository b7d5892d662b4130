import Dossiers
import Edge
import Foundation
import HTTPTypes
import Hummingbird
import JSONText
import Testing

@testable import Web

/// Random requests to every route: each has an answer that the contract knows, and the engine goes on.
@Suite(.timeLimit(.minutes(4))) struct FuzzTests {
    /// What requests are made of.
    private struct Material {
        let dossiers: [String]
        let codes: [String]
        let procedure: [UInt8]
    }

    /// A request as it is sent.
    private struct Asked {
        let route: Route
        var path: String
        var headers: HTTPFields = [:]
        var body: [UInt8]?
    }

    @Test(arguments: [51, 52, 53] as [UInt64])
    func `any request is answered as the contract says, and the engine goes on`(_ seed: UInt64) async throws {
        try await WebWorld.fresh { world in
            var random = Randomness(seed: seed)
            let made = try await world.submit(key: "made")
            let taken = try await world.complete(made, "accept", key: "taken")
            let file = try #require(try WorkflowTexts.read()["procedures/birth-registration.yaml"])
            let material = Material(
                dossiers: [made.id, taken.id], codes: [made.json["lookUpCode"]?.stringValue ?? ""], procedure: file)
            let validator = SchemaValidator(contract: OpenAPIDocument(world.api.table).value)
            var statuses: [Int: Int] = [:]
            for number in 0..<1_500 {
                let asked = try await Self.request(world, material, &random, number)
                let answer = try await world.send(
                    asked.route.method, asked.path, asked.headers,
                    RequestBody(buffer: ByteBuffer(bytes: asked.body ?? [])))
                statuses[answer.status, default: 0] += 1
                let complaint = Self.complaint(answer, asked, validator)
                #expect(complaint == nil, "seed \(seed), \(number): \(asked.route.method) \(asked.path)")
            }
            #expect(Set(statuses.keys).isSuperset(of: [200, 400, 401, 403, 404, 422]), "\(statuses)")
            #expect(try await world.read(made.id).status == 200)
            #expect(try await world.submit(key: "after").status == 201)
        }
    }

    /// What the contract does not say of an answer; nil where it says all.
    private static func complaint(_ answer: Answer, _ asked: Asked, _ validator: SchemaValidator) -> String? {
        let route = asked.route
        let text = String(decoding: answer.bytes.prefix(400), as: UTF8.self)
        if let described = route.operation.answers.first(where: { $0.status == answer.status }) {
            guard described.type == "application/json", let schema = described.schema else { return nil }
            let faults = validator.problems(answer.json, schema)
            return faults.isEmpty ? nil : "\(answer.status): \(faults)"
        }
        let known = OpenAPIDocument.problems(of: route).filter { $0.status == answer.status }
        guard !known.isEmpty, answer.status != 500 else { return "\(answer.status) is not described: \(text)" }
        guard known.contains(where: { $0.rawValue == answer.code }) else {
            return "\(answer.code ?? "no code") is not described: \(text)"
        }
        let faults = validator.problems(answer.json, "Problem")
        return faults.isEmpty ? nil : "\(answer.status): \(faults)"
    }

    private static func request(
        _ world: WebWorld, _ material: Material, _ random: inout Randomness, _ number: Int
    ) async throws -> Asked {
        let route = random.pick(world.api.table.filter { $0.path != "/openapi.json" })
        var asked = Asked(route: route, path: "")
        for part in route.path.split(separator: "/") {
            let value = part.hasPrefix("{") ? segment(part.dropFirst().dropLast(), material, &random) : String(part)
            // Nothing between two slashes would be another path.
            asked.path += "/" + escaped(value.isEmpty ? "-" : value)
        }
        var query: [String] = []
        for parameter in route.operation.parameters where parameter.place == .query && random.oneIn(3) {
            query.append(parameter.name + "=" + escaped(random.oneIn(3) ? random.pick(material.codes) : random.word()))
        }
        if random.oneIn(12) {
            query.append(escaped(random.word()) + "=" + random.pick(["%", "%FF", "%00", "a=b", "+"]))
        }
        if !query.isEmpty { asked.path += "?" + query.joined(separator: "&") }
        let client = random.pick(["desk", "desk", "town", "registry", "admin", "auditor", "reader", "gone", ""])
        if route.scopes != nil, !client.isEmpty, client != "gone" {
            asked.headers[.authorization] = "Bearer \(try await world.token(client))"
        }
        headers(&asked, &random, number)
        body(&asked, material, &random)
        return asked
    }

    private static func segment(_ name: Substring, _ material: Material, _ random: inout Randomness) -> String {
        switch name {
        // The clients of these tests stay as they are.
        case "client": return random.pick(["gone", random.word()])
        case "dossier" where !random.oneIn(4): return random.pick(material.dossiers)
        case "activation" where !random.oneIn(4): return random.pick(["1", "2", "3"])
        case "name" where random.oneIn(2): return "birth-registration"
        case "version" where random.oneIn(2): return "1"
        default: return random.word()
        }
    }

    private static func headers(_ asked: inout Asked, _ random: inout Randomness, _ number: Int) {
        for parameter in asked.route.operation.parameters where parameter.place == .header && !random.oneIn(8) {
            guard let name = HTTPField.Name(parameter.name) else { continue }
            asked.headers[name] =
                switch parameter.name {
                case "Idempotency-Key": random.oneIn(8) ? random.word() : "k-\(number)"
                case "Officer-Id": random.oneIn(4) ? random.word() : WebWorld.officer
                default: random.oneIn(3) ? random.word() : random.pick(["\"1.0\"", "\"1.1\"", "\"2.0\"", "\"v2\""])
                }
        }
        if random.oneIn(6) { asked.headers[.acceptLanguage] = random.word() }
        if random.oneIn(6) { asked.headers[.ifNoneMatch] = random.word() }
    }

    private static func body(_ asked: inout Asked, _ material: Material, _ random: inout Randomness) {
        guard let body = asked.route.operation.body else { return }
        let type =
            random.oneIn(8) ? random.pick(["", "text/plain", "application/json; charset=x", "é"]) : body.types[0]
        if !type.isEmpty { asked.headers[.contentType] = type }
        var bytes: [UInt8]
        if body.types.contains("application/json") {
            var value = body.example.map(Examples.value) ?? .object(JSONObject())
            for _ in 0..<Int.random(in: 0...3, using: &random) { value = random.changed(value) }
            bytes = value.bytes
        } else {
            bytes = random.oneIn(2) ? material.procedure : Array(random.word().utf8)
        }
        if random.oneIn(4) { bytes = random.damaged(bytes) }
        if random.oneIn(20) { bytes = [] }
        asked.headers[.contentLength] = String(bytes.count)
        asked.body = bytes
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain || byte == 0x2D
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
