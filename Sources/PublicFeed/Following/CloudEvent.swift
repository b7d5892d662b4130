package import JSONText
package import Notices
package import WorkingTime

/// One event in the envelope of CloudEvents 1.0, for server-sent events, webhooks and whoever else is told. Pure.
///
/// The data is thin: which dossier, and how complete it is. Whoever wants more asks at ``dataRef``, where the answer
/// depends on what the asker may see.
package struct CloudEvent: Hashable, Sendable {
    /// Unique together with ``source``; the same each time the same event is told.
    package var id: String
    /// Where it happened: an absolute URI.
    package var source: String
    /// What happened, such as `vn.motcua.dossier.accepted.v1`; a change of the data's meaning is another version.
    package var type: String
    /// What it is about within the source: a dossier's opaque identity, or a legal code where only that may be told.
    package var subject: String
    /// When it happened, in law.
    package var time: Instant
    /// Orders the events of one subject, and of nothing else: at least 0.
    package var order: Int64
    /// Where the whole picture is, as a URI or a reference relative to the public site; nil when nowhere.
    package var dataRef: String?
    /// The members of the data.
    package var data: JSONObject

    /// The media type of one event in this encoding ("structured mode").
    package static let mediaType = "application/cloudevents+json; charset=utf-8"
    /// The media type of an array of events ("batched mode").
    package static let batchMediaType = "application/cloudevents-batch+json; charset=utf-8"

    /// Joins the parts.
    package init(
        id: String, source: String, type: String, subject: String, time: Instant, order: Int64, dataRef: String?,
        data: JSONObject
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.order = order
        self.dataRef = dataRef
        self.data = data
    }

    /// The event as one JSON object on one line (CloudEvents JSON format 1.0.2, structured mode); the same bytes for
    /// the same event.
    ///
    /// `sequence` and `partitionkey` are the extensions of those names: events of one `partitionkey` are in the order
    /// of their `sequence`, compared as text.
    package func encoded() -> [UInt8] {
        var json = JSONWriter(capacity: 640)
        write(into: &json)
        return json.bytes
    }

    /// Writes the event as one JSON object, for a batch of them.
    package func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", id)
            json.member("source", source)
            json.member("type", type)
            json.member("subject", subject)
            json.member("time", time.iso8601)
            json.member("sequence", CloudEvent.sortable(order))
            json.member("partitionkey", subject)
            json.member("dataref", ifPresent: dataRef)
            json.member("datacontenttype", "application/json")
            json.member("data", .object(data))
        }
    }

    /// A number as text of one length, so that texts sort as the numbers do.
    private static func sortable(_ order: Int64) -> String {
        let digits = String(max(0, order))
        return String(repeating: "0", count: 19 - digits.utf8.count) + digits
    }
}

extension CloudEvent {
    /// The source of a province's events.
    package static func source(province: Int16) -> String { "https://motcua.vn/provinces/\(province)" }

    /// The type of what happened to a dossier: the stage that it is in now, whether or not it was in it before.
    package static func type(of stage: PublicStage) -> String {
        let word = stage == .submitted ? "received" : stage.rawValue
        return "vn.motcua.dossier.\(word).v1"
    }

    /// What a notice tells to those who may know the dossier: the holder of its look-up code, and subscribers with a
    /// contract. Holds neither code nor name of anybody.
    /// - Parameters:
    ///   - n: the notice's place in the province's sequence (R6).
    ///   - dataRef: where this reader finds the whole picture.
    package init(telling notice: Notice, n: Int64, dataRef: String?) {
        var data = CloudEvent.completion(notice.status, notice.stage, legalCode: notice.legalCode)
        data["dossier"] = .string(notice.dossier)
        data["number"] = .integer(Int64(notice.number))
        self.init(
            id: "\(notice.province)-\(n)", source: CloudEvent.source(province: notice.province),
            type: CloudEvent.type(of: notice.stage), subject: notice.dossier, time: notice.at,
            order: Int64(notice.number), dataRef: dataRef, data: data)
    }

    /// What everybody may be told: legal code and degree of completion, no more (TT 01/2018 art. 16.2.d).
    package init(telling entry: CompletionEntry, dataRef: String?) {
        self.init(
            id: "\(entry.province)-\(entry.n)-completion", source: CloudEvent.source(province: entry.province),
            type: CloudEvent.type(of: entry.stage), subject: entry.legalCode.text, time: entry.at,
            order: entry.n, dataRef: dataRef,
            data: CloudEvent.completion(entry.status, entry.stage, legalCode: entry.legalCode.text))
    }

    private static func completion(
        _ status: NationalStatus, _ stage: PublicStage, legalCode: String?
    ) -> JSONObject {
        var data = JSONObject()
        if let legalCode { data["legalCode"] = .string(legalCode) }
        data["status"] = .integer(Int64(status.rawValue))
        data["stage"] = .string(stage.rawValue)
        return data
    }
}
