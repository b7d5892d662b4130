import JSONText
import WorkingTime

extension DossierFacts {
    /// The facts as they are stored beside the counters; times are integer microseconds, days are counted from 1970.
    func encoded() -> [UInt8] {
        var object = JSONObject()
        func put(_ key: String, _ value: JSONValue?) { if let value { object[key] = value } }
        put("number", .integer(Int64(number)))
        put("agency", .string(agency))
        put("agencyOfCode", .bool(isAgencyOfCode))
        put("field", .string(field))
        put("procedure", .string(procedure))
        put("channel", .integer(Int64(channel)))
        put("phases", .array(phases.map(\.json)))
        put("received", receivedAt?.json)
        put("promised", promised?.json)
        put("firstPromised", firstPromised?.json)
        put("supplements", .integer(Int64(supplements)))
        put("asked", .bool(isAskedForPapers))
        put("waited", .integer(waited))
        put("waitedBeforeReceipt", .integer(waitedBeforeReceipt))
        put("waitingSince", waitingSince?.json)
        put("finish", finish?.json)
        put("steps", .array(steps.map(\.json)))
        put("step", step?.json)
        return JSONValue.object(object).bytes
    }

    /// Reads what ``encoded()`` wrote; nil for anything else, so that the facts are folded anew.
    init?(decoding bytes: [UInt8]) {
        guard let json = try? JSONValue.parse(bytes, limits: JSONLimits(byteCountMax: 1 << 24)),
            let number = json["number"]?.integerValue, let agency = json["agency"]?.stringValue,
            let isAgencyOfCode = json["agencyOfCode"]?.boolValue, let field = json["field"]?.stringValue,
            let procedure = json["procedure"]?.stringValue, let channel = json["channel"]?.integerValue,
            let phases = json["phases"]?.arrayValue, let supplements = json["supplements"]?.integerValue,
            let isAsked = json["asked"]?.boolValue, let waited = json["waited"]?.integerValue,
            let waitedBefore = json["waitedBeforeReceipt"]?.integerValue, let steps = json["steps"]?.arrayValue
        else { return nil }
        self.init()
        self.number = Int(number)
        self.agency = agency
        self.isAgencyOfCode = isAgencyOfCode
        self.field = field
        self.procedure = procedure
        self.channel = Int(channel)
        self.phases = phases.compactMap(Phase.init(json:))
        self.supplements = Int(supplements)
        isAskedForPapers = isAsked
        self.waited = waited
        waitedBeforeReceipt = waitedBefore
        self.steps = steps.compactMap(Step.init(json:))
        guard self.phases.count == phases.count, self.steps.count == steps.count else { return nil }
        receivedAt = json["received"].flatMap(Instant.init(json:))
        promised = json["promised"].flatMap(Instant.init(json:))
        firstPromised = json["firstPromised"].flatMap(Instant.init(json:))
        waitingSince = json["waitingSince"].flatMap(Instant.init(json:))
        finish = json["finish"].flatMap(Finish.init(json:))
        step = json["step"].flatMap(OpenStep.init(json:))
    }
}

extension Instant {
    fileprivate var json: JSONValue { .integer(microseconds) }

    fileprivate init?(json: JSONValue) {
        guard let microseconds = json.integerValue else { return nil }
        self.init(microseconds: microseconds)
    }
}

extension DossierFacts.Phase {
    fileprivate var json: JSONValue {
        var parts: [JSONValue] = [.integer(Int64(day))]
        switch kind {
        case .pending: parts.append(.string("pending"))
        case .running(let lastDay):
            parts.append(.string("running"))
            if let lastDay { parts.append(.integer(Int64(lastDay))) }
        case .waiting(let isLate, let isSupplement, let isRepeat):
            parts += [.string("waiting"), .bool(isLate), .bool(isSupplement), .bool(isRepeat)]
        case .ended: parts.append(.string("ended"))
        }
        return .array(parts)
    }

    fileprivate init?(json: JSONValue) {
        guard let parts = json.arrayValue, parts.count >= 2, let day = parts[0].integerValue else { return nil }
        let kind: Kind
        switch parts[1].stringValue {
        case "pending": kind = .pending
        case "running": kind = .running(lastDay: parts.dropFirst(2).first?.integerValue.map { Int($0) })
        case "waiting":
            guard parts.count == 5, let isLate = parts[2].boolValue, let isSupplement = parts[3].boolValue,
                let isRepeat = parts[4].boolValue
            else { return nil }
            kind = .waiting(isLate: isLate, isSupplement: isSupplement, isRepeat: isRepeat)
        case "ended": kind = .ended
        default: return nil
        }
        self.init(day: Int(day), kind: kind)
    }
}

extension DossierFacts.Finish {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["at"] = at.json
        object["rank"] = .integer(Int64(rank))
        object["other"] = .bool(isOther)
        object["declined"] = .bool(isDeclined)
        if let promised { object["promised"] = promised.json }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let at = json["at"].flatMap(Instant.init(json:)), let rank = json["rank"]?.integerValue,
            let isOther = json["other"]?.boolValue, let isDeclined = json["declined"]?.boolValue
        else { return nil }
        self.init(
            at: at, rank: Int(rank), isOther: isOther, isDeclined: isDeclined,
            promised: json["promised"].flatMap(Instant.init(json:)))
    }
}

extension DossierFacts.Step {
    fileprivate var json: JSONValue { .array([.string(milestone), .integer(seconds), .integer(Int64(day))]) }

    fileprivate init?(json: JSONValue) {
        guard let parts = json.arrayValue, parts.count == 3, let milestone = parts[0].stringValue,
            let seconds = parts[1].integerValue, let day = parts[2].integerValue
        else { return nil }
        self.init(milestone: milestone, seconds: seconds, day: Int(day))
    }
}

extension DossierFacts.OpenStep {
    fileprivate var json: JSONValue { .array([.string(milestone), since.json, .integer(waitedBefore)]) }

    fileprivate init?(json: JSONValue) {
        guard let parts = json.arrayValue, parts.count == 3, let milestone = parts[0].stringValue,
            let since = Instant(json: parts[1]), let waitedBefore = parts[2].integerValue
        else { return nil }
        self.init(milestone: milestone, since: since, waitedBefore: waitedBefore)
    }
}
