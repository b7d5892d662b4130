import JSONText
import TestSupport
import Testing
import WorkingTime

@testable import motcua

/// What the citizen and the agencies should see of a story.
extension Story {
    /// Every member that is checked; nil is not looked at.
    struct Sight: Sendable {
        var status: Int?
        var sentence: String?
        /// As good as the first, where two agencies end their parts at the same time.
        var orSentence: String?
        /// `03-05T17:00`; empty: no date is shown.
        var promised: String?
        var firstPromised: String?
        var cause: String?
        var stage: String?
        var result: String?
        var isLate: Bool?
    }

    /// Looks at the page of the look-up code until the whole stands like this.
    func shows(_ sight: Sight, place: SourceLocation = #_sourceLocation) async throws {
        try await shows(.whole, sight, place: place)
    }

    /// Looks at the page of the look-up code until the whole, or a part of it, stands like this.
    func shows(_ part: Part, _ sight: Sight, place: SourceLocation = #_sourceLocation) async throws {
        var last: [String] = []
        do {
            _ = try await eventually("", within: .seconds(15)) { () -> Bool? in
                guard let stand = try await stand(part) else {
                    last = ["the page has no such part"]
                    return nil
                }
                last = try differences(stand, sight)
                return last.isEmpty ? true : nil
            }
        } catch is Failure {
            fault("the page of \(part): \(last.joined(separator: "; "))", place)
        }
    }

    /// The page of the look-up code, as JSON.
    func page() async throws -> JSONValue {
        let answer = try await live.pages.send(Call(.get, "/v1/progress/\(lookUp)"))
        return answer.status == 200 ? try JSONValue.parse(answer.body) : .null
    }

    private func stand(_ part: Part) async throws -> JSONValue? {
        let page = try await page()
        if part == .whole { return page["status"] == nil ? nil : page }
        return page["parts"]?.arrayValue?.first { $0["procedure"]?["key"]?.stringValue == part.rawValue }
    }

    private func differences(_ stand: JSONValue, _ sight: Sight) throws -> [String] {
        var list: [String] = []
        func compare(_ what: String, _ actual: String?, _ wanted: String?) {
            if let wanted, actual ?? "" != wanted { list.append("\(what) is \(actual ?? "-"), not \(wanted)") }
        }
        func date(_ what: String, _ wanted: String?) throws {
            compare(what, stand[what]?.stringValue, try wanted.map { $0.isEmpty ? "" : try Story.instant($0).iso8601 })
        }
        compare("status", stand["status"]?["code"]?.integerValue.map(String.init), sight.status.map(String.init))
        let sentence = stand["sentence"]?["vi"]?.stringValue
        if sight.orSentence == nil || sentence != sight.orSentence { compare("sentence", sentence, sight.sentence) }
        compare("stage", stand["stage"]?["key"]?.stringValue, sight.stage)
        compare("result", stand["result"]?.stringValue, sight.result)
        compare("promiseCause", stand["promiseCause"]?.stringValue, sight.cause)
        compare("isLate", stand["isLate"]?.boolValue.map(String.init), sight.isLate.map(String.init))
        try date("promisedAt", sight.promised)
        try date("firstPromisedAt", sight.firstPromised)
        return list
    }

    /// The page's history has these sentences, the earliest first, perhaps among others.
    func told(_ sentences: [String], place: SourceLocation = #_sourceLocation) async throws {
        let history = try await page()["history"]?.arrayValue ?? []
        // The page has the newest first.
        let all = history.reversed().compactMap { $0["sentence"]?["vi"]?.stringValue }
        var rest = all[...]
        for sentence in sentences {
            guard let found = rest.firstIndex(of: sentence) else {
                return fault("the history lacks “\(sentence)” in its place: \(all)", place)
            }
            rest = rest[all.index(after: found)...]
        }
    }

    /// The statuses that the whole went through, by the page's history.
    func went(_ statuses: [Int], place: SourceLocation = #_sourceLocation) async throws {
        let history = try await page()["history"]?.arrayValue ?? []
        var codes: [Int] = []
        for event in history.reversed() where event["part"] == nil {
            guard let code = event["status"]?["code"]?.integerValue.map({ Int($0) }), code != codes.last else {
                continue
            }
            codes.append(code)
        }
        if codes != statuses { fault("went through \(codes), not \(statuses)", place) }
    }

    /// The legal code opens the degree of completion and nothing else.
    func legalCodeShowsCompletionOnly(place: SourceLocation = #_sourceLocation) async throws {
        let page = try await page()
        guard let code = page["legalCode"]?.stringValue else { return fault("there is no legal code", place) }
        let answer = try await live.pages.send(Call(.get, "/v1/progress/\(code)"))
        guard answer.status == 200 else { return fault("the legal code is answered \(answer.status)", place) }
        let json = try JSONValue.parse(answer.body)
        if Set(json.objectValue?.keys.map(\.self) ?? []) != ["legalCode", "status", "stage"] {
            fault("the legal code shows \(json)", place)
        }
        if json["status"] != page["status"] { fault("the legal code shows another status: \(json)", place) }
        let html = String(decoding: try await live.pages.send(Call(.get, "/ho-so/\(code)")).body, as: UTF8.self)
        let name = json["status"]?["name"]?["vi"]?.stringValue ?? "?"
        if !html.contains(name) { fault("the legal code's page does not say “\(name)”", place) }
        for secret in [page["sentence"]?["vi"]?.stringValue, page["holder"]?["name"]?["vi"]?.stringValue, lookUp] {
            if let secret, html.contains(secret) { fault("the legal code's page shows “\(secret)”", place) }
        }
    }

    /// No other agency can tell that a dossier of the family is there.
    func strangersSeeNothing(_ part: Part = .whole, place: SourceLocation = #_sourceLocation) async throws {
        let id = try await dossier(part)
        for agency in Cast.strangers {
            for path in ["", "/events", "/documents"] {
                do {
                    _ = try await cast.client(agency).get("/v1/dossiers/\(id)\(path)")
                    fault("\(agency) sees \(part)\(path)", place)
                } catch let failure as APIFailure {
                    if failure.status != 404 { fault("\(agency): \(failure)", place) }
                }
            }
        }
    }

    /// What the desk's view of a dossier says at a member.
    func desk(_ part: Part = .whole) async throws -> JSONValue {
        try await cast.client(Cast.centre).get("/v1/dossiers/\(dossier(part))").json
    }

    /// A member of the desk's view has this value.
    func deskSees(
        _ member: String, _ value: JSONValue, _ part: Part = .whole, place: SourceLocation = #_sourceLocation
    ) async throws {
        let seen = try await desk(part)[member] ?? .null
        if seen != value { fault("the desk sees \(member) \(seen), not \(value)", place) }
    }
}
