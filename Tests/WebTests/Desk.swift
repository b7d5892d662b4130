import Dossiers
import Engine
import HTTPTypes
import JSONText
import Procedures
import Testing
import WorkingTime

@testable import Web

/// What tests do through the API: submit and work.
extension WebWorld {
    static let officer = "dn-mc1-tiepnhan-01"

    /// A submission of a procedure, every field filled with samples.
    func submission(
        _ name: String = "birth-registration", reference: String? = nil, _ changes: [String: JSONValue] = [:]
    ) throws -> JSONValue {
        let procedure = try #require(engine.catalogue.procedure(named: name, on: clock.now.date))
        var form = JSONValue.object(JSONObject())
        var facts: [String: FactValue] = [:]
        for field in procedure.form where field.when?.holds(facts) ?? true {
            guard let value = changes[field.name] ?? Self.sample(field) else { continue }
            if let text = value.stringValue { facts["form.\(field.name)"] = .text(text) }
            if let flag = value.boolValue { facts["form.\(field.name)"] = .yesNo(flag) }
            Self.put(value, field.name.split(separator: ".").map(String.init)[...], &form)
        }
        var documents = JSONObject()
        for rule in procedure.documents where rule.required && rule.when == nil {
            documents[rule.name] = .string(rule.oneOf.first ?? rule.name)
        }
        var body: JSONObject = [
            "procedure": .string(name), "channel": "online", "form": form, "documents": .object(documents),
        ]
        if let reference { body["clientReference"] = .string(reference) }
        return .object(body)
    }

    /// Submits at the desk.
    func submit(key: String = "s-1", reference: String? = nil) async throws -> Answer {
        let answer = try await send(
            .post, "/v1/dossiers", as: "desk", key: key, json: try submission(reference: reference))
        #expect(answer.status == 201, "\(String(decoding: answer.bytes, as: UTF8.self))")
        return answer
    }

    /// Completes the first task of an answer.
    func complete(
        _ dossier: Answer, as client: String = "desk", officer: String = WebWorld.officer, _ outcome: String,
        said: JSONObject = JSONObject(), key: String
    ) async throws -> Answer {
        let activation = dossier.tag.dropFirst().prefix { $0 != "." }
        return try await send(
            .post, "/v1/tasks/\(dossier.id)/\(activation)/complete", as: client, officer: officer, key: key,
            ifMatch: dossier.tag, json: ["outcome": .string(outcome), "said": .object(said)])
    }

    /// The dossier as a client sees it.
    func read(_ id: String, as client: String = "desk") async throws -> Answer {
        try await send(.get, "/v1/dossiers/\(id)", as: client)
    }

    static func put(_ value: JSONValue, _ path: ArraySlice<String>, _ tree: inout JSONValue) {
        guard let first = path.first else {
            tree = value
            return
        }
        var object = tree.objectValue ?? JSONObject()
        var inner = object[first] ?? .object(JSONObject())
        put(value, path.dropFirst(), &inner)
        object[first] = inner
        tree = .object(object)
    }

    private static func sample(_ field: Field) -> JSONValue? {
        switch field.type {
        case .text: .string("Nguyễn Thị Mẫu")
        case .number(let min, _): .integer(min)
        case .date: "2026-01-15"
        case .yesNo: true
        case .choice(let choices): choices.first.map { .string($0.code) }
        case .nationalID: "048090001234"
        case .phone: "0905123456"
        case .address: ["line": "12 Bạch Đằng", "commune": "48001"]
        case .area: "48001"
        case .list, .group: nil
        }
    }
}
