import JSONText
import WorkingTime

/// Why a stored notice could not be read back.
package struct UnreadableNotice: Error, Hashable, Sendable {
    /// What was wrong, in English, for the log.
    package var reason: String
}

extension Notice {
    /// The format that this build writes; readers of older ones are kept for ever.
    package static let format = 1

    /// The canonical JSON bytes (RFC 8785): what leaf hashes commit to and every reader of the feed gets.
    /// Keys are whole words; times are integer microseconds since 1970; what is nil has no member.
    package func encoded() -> [UInt8] {
        var object = JSONObject()
        func put(_ key: String, _ value: JSONValue?) { if let value { object[key] = value } }
        func time(_ instant: Instant?) -> JSONValue? { instant.map { .integer($0.microseconds) } }
        func integer(_ number: Int) -> JSONValue { .integer(Int64(number)) }
        put("format", integer(Self.format))
        put("province", integer(Int(province)))
        put("dossier", .string(dossier))
        put("number", integer(number))
        put("root", .string(root))
        put("parent", parent.map { .string($0) })
        put("part", part?.json)
        put("at", time(at))
        put("procedure", .string(procedure))
        put("version", integer(procedureVersion))
        put("procedureCode", procedureCode.map { .string($0) })
        put("title", procedureTitle.json)
        put("field", .string(field))
        put("channel", integer(channel))
        put("code", legalCode.map { .string($0) })
        put("status", integer(status.rawValue))
        put("stage", .string(stage.rawValue))
        put("milestones", .array(milestones.map { ["key": .string($0.key), "title": $0.title.json] }))
        put("milestone", milestone.map { .string($0) })
        put("sentence", sentence?.json)
        put("holder", holder?.json)
        put("action", action?.json)
        put("submitted", time(submitted))
        put("accepted", time(accepted))
        put("promised", time(promised))
        put("firstPromised", time(firstPromised))
        put("promiseCause", promiseCause.map { .string($0) })
        put("paused", .bool(paused))
        put("pausedDays", integer(pausedDays))
        put("finished", time(finished))
        put("result", result.map { .string($0) })
        return JSONValue.object(object).canonicalBytes
    }

    /// Reads what ``encoded()`` wrote.
    /// - Throws: ``UnreadableNotice``; also for a format that is newer than this build.
    package init(decoding bytes: [UInt8]) throws(UnreadableNotice) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue.parse(bytes, limits: JSONLimits(byteCountMax: 1 << 24))
        } catch {
            throw UnreadableNotice(reason: error.message.en)
        }
        let fields = try NoticeFields(json)
        guard try fields.integer("format") == 1 else { throw UnreadableNotice(reason: "the format is not 1") }
        guard let province = Int16(exactly: try fields.integer("province")),
            let status = NationalStatus(rawValue: Int(try fields.integer("status"))),
            let stage = PublicStage(rawValue: try fields.text("stage"))
        else { throw UnreadableNotice(reason: "province, status or stage is out of range") }
        var milestones: [PublicMilestone] = []
        for element in json["milestones"]?.arrayValue ?? [] {
            let milestone = try NoticeFields(element)
            milestones.append(PublicMilestone(key: try milestone.text("key"), title: try milestone.local("title")))
        }
        self.init(
            province: province, dossier: try fields.text("dossier"), number: Int(try fields.integer("number")),
            root: try fields.text("root"), parent: json["parent"]?.stringValue,
            part: try json["part"].map(LocalText.init(json:)), at: try fields.time("at"),
            procedure: try fields.text("procedure"), procedureVersion: Int(try fields.integer("version")),
            procedureCode: json["procedureCode"]?.stringValue, procedureTitle: try fields.local("title"),
            field: try fields.text("field"), channel: Int(try fields.integer("channel")),
            legalCode: json["code"]?.stringValue, status: status, stage: stage, milestones: milestones,
            milestone: json["milestone"]?.stringValue, sentence: try json["sentence"].map(LocalText.init(json:)),
            holder: try json["holder"].map(Holder.init(json:)),
            action: try json["action"].map(RequiredAction.init(json:)), submitted: try fields.time("submitted"),
            accepted: fields.optionalTime("accepted"), promised: fields.optionalTime("promised"),
            firstPromised: fields.optionalTime("firstPromised"), promiseCause: json["promiseCause"]?.stringValue,
            paused: json["paused"]?.boolValue ?? false, pausedDays: Int(try fields.integer("pausedDays")),
            finished: fields.optionalTime("finished"), result: json["result"]?.stringValue)
    }
}

/// The members of one object of a notice.
private struct NoticeFields {
    let json: JSONValue

    init(_ json: JSONValue) throws(UnreadableNotice) {
        guard json.objectValue != nil else { throw UnreadableNotice(reason: "an object was expected") }
        self.json = json
    }

    func text(_ key: String) throws(UnreadableNotice) -> String {
        guard let text = json[key]?.stringValue else { throw UnreadableNotice(reason: "“\(key)” is no text") }
        return text
    }

    func integer(_ key: String) throws(UnreadableNotice) -> Int64 {
        guard let number = json[key]?.integerValue else { throw UnreadableNotice(reason: "“\(key)” is no integer") }
        return number
    }

    func time(_ key: String) throws(UnreadableNotice) -> Instant { Instant(microseconds: try integer(key)) }

    func optionalTime(_ key: String) -> Instant? { json[key]?.integerValue.map(Instant.init(microseconds:)) }

    func local(_ key: String) throws(UnreadableNotice) -> LocalText {
        guard let value = json[key] else { throw UnreadableNotice(reason: "“\(key)” is missing") }
        return try LocalText(json: value)
    }
}

extension LocalText {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["vi"] = .string(vi)
        if let en { object["en"] = .string(en) }
        return .object(object)
    }

    fileprivate init(json: JSONValue) throws(UnreadableNotice) {
        self.init(vi: try NoticeFields(json).text("vi"), en: json["en"]?.stringValue)
    }
}

extension Notice.Holder {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["agency"] = .string(agency)
        object["name"] = name.json
        if let phone { object["phone"] = .string(phone) }
        return .object(object)
    }

    fileprivate init(json: JSONValue) throws(UnreadableNotice) {
        let fields = try NoticeFields(json)
        self.init(
            agency: try fields.text("agency"), name: try fields.local("name"), phone: json["phone"]?.stringValue)
    }
}

extension Notice.RequiredAction {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["text"] = text.json
        if let until { object["until"] = .integer(until.microseconds) }
        return .object(object)
    }

    fileprivate init(json: JSONValue) throws(UnreadableNotice) {
        let fields = try NoticeFields(json)
        self.init(text: try fields.local("text"), until: fields.optionalTime("until"))
    }
}
