import JSONText
import WorkingTime

/// Why a stored notice could not be read back.
package struct UnreadableNotice: Error, Hashable, Sendable {
    /// What was wrong, in English, for the log.
    package var reason: String
}

extension CanonicalWriter {
    fileprivate mutating func member(_ name: String, _ text: LocalText?) {
        guard let text else { return }
        key(name)
        object { json in
            json.member("en", text.en)
            json.member("vi", text.vi)
        }
    }

    fileprivate mutating func member(_ name: String, _ action: Notice.RequiredAction) {
        key(name)
        object { json in
            json.member("text", action.text)
            json.member("until", action.until?.microseconds)
        }
    }

    fileprivate mutating func member(_ name: String, _ holder: Notice.Holder) {
        key(name)
        object { json in
            json.member("agency", holder.agency)
            json.member("name", holder.name)
            json.member("phone", holder.phone)
        }
    }

    fileprivate mutating func member(_ name: String, _ milestones: [Notice.PublicMilestone]) {
        key(name)
        array { json in
            for milestone in milestones {
                json.object { json in
                    json.member("key", milestone.key)
                    json.member("title", milestone.title)
                }
            }
        }
    }
}

extension Notice {
    /// The format that this build writes; readers of older ones are kept for ever.
    package static let format = 1

    /// The canonical JSON bytes (RFC 8785): what leaf hashes commit to and every reader of the feed gets.
    /// Keys are whole words; times are integer microseconds since 1970; what is nil has no member.
    package func encoded() -> [UInt8] {
        var json = CanonicalWriter(capacity: 2_048)
        json.object { json in
            // In the canonical order, so that nothing has to be moved.
            json.member("accepted", accepted?.microseconds)
            if let action { json.member("action", action) }
            json.member("at", at.microseconds)
            json.member("channel", Int64(channel))
            json.member("code", legalCode)
            json.member("dossier", dossier)
            json.member("field", field)
            json.member("finished", finished?.microseconds)
            json.member("firstPromised", firstPromised?.microseconds)
            json.member("format", Int64(Self.format))
            if let holder { json.member("holder", holder) }
            json.member("milestone", milestone)
            json.member("milestones", milestones)
            json.member("number", Int64(number))
            json.member("parent", parent)
            json.member("part", part)
            json.key("paused")
            json.bool(paused)
            json.member("pausedDays", Int64(pausedDays))
            json.member("procedure", procedure)
            json.member("procedureCode", procedureCode)
            json.member("promiseCause", promiseCause)
            json.member("promised", promised?.microseconds)
            json.member("province", Int64(province))
            json.member("result", result)
            json.member("root", root)
            json.member("sentence", sentence)
            json.member("stage", stage.rawValue)
            json.member("status", Int64(status.rawValue))
            json.member("submitted", submitted.microseconds)
            json.member("title", procedureTitle)
            json.member("version", Int64(procedureVersion))
        }
        return json.bytes
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
    fileprivate init(json: JSONValue) throws(UnreadableNotice) {
        self.init(vi: try NoticeFields(json).text("vi"), en: json["en"]?.stringValue)
    }
}

extension Notice.Holder {
    fileprivate convenience init(json: JSONValue) throws(UnreadableNotice) {
        let fields = try NoticeFields(json)
        self.init(
            agency: try fields.text("agency"), name: try fields.local("name"), phone: json["phone"]?.stringValue)
    }
}

extension Notice.RequiredAction {
    fileprivate init(json: JSONValue) throws(UnreadableNotice) {
        let fields = try NoticeFields(json)
        self.init(text: try fields.local("text"), until: fields.optionalTime("until"))
    }
}
