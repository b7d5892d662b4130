import Dossiers
import Edge
import Engine
import Hummingbird
import JSONText
import WorkingTime

/// The body of a submission; the form's own fields are checked against the procedure by the engine.
struct SubmissionBody: Sendable {
    let procedure: String
    let channel: Submission.Channel
    let form: JSONObject
    let documents: [String: String]
    let clientReference: String?
    /// The dossier of another child of the same birth, from which the form is completed.
    let sibling: DossierRef?

    private static let siblingExpected = JSONMessage(
        vi: "Phải là mã định danh (id) của một hồ sơ, như API đã trả về.",
        en: "This must be the id of a dossier, as the API gave it.")

    /// Reads it, every fault at once.
    static func read(_ bytes: [UInt8]) throws(JSONProblems) -> SubmissionBody {
        try JSONFields.read(bytes) { fields in
            SubmissionBody(
                procedure: fields.string("procedure", maxLength: 100),
                channel: (fields.optionalChoice("channel", of: ChannelName.self) ?? .desk).channel,
                form: fields.openObject("form", maxCount: 500),
                documents: fields.kinds("documents"),
                clientReference: fields.optionalString("clientReference", maxLength: 100),
                sibling: fields.optionalParsed("sibling", maxLength: 50, expected: siblingExpected) {
                    DossierRef(text: $0)
                })
        }
    }
}

extension JSONFields {
    /// An object of names to names, such as the kind chosen for each paper; empty if absent.
    fileprivate func kinds(_ key: String) -> [String: String] {
        guard let object = optionalOpenObject(key, maxCount: 100) else { return [:] }
        var kinds: [String: String] = [:]
        for member in object.members {
            guard let kind = member.value.stringValue, kind.isPlainName(maxLength: 100) else {
                refuse(
                    key, code: "invalid", vi: "Mỗi giấy tờ phải có tên loại.", en: "Each paper must name its kind.")
                continue
            }
            kinds[member.key] = kind
        }
        return kinds
    }

    /// A required instant, as `2026-02-27T16:30:00+07:00`; without an offset it is Viet Nam's time.
    func instant(_ key: String) -> Instant {
        parsed(
            key, maxLength: 40,
            expected: JSONMessage(
                vi: "Phải là thời điểm, ví dụ 2026-02-27T16:30:00+07:00.",
                en: "This must be an instant, such as 2026-02-27T16:30:00+07:00."),
            placeholder: .earliest
        ) { Instant(iso8601: $0) }
    }
}

extension APIRequest {
    /// The bytes of a body `{"said": {…}}`, which may be left out, and what it says.
    func saidBody() async throws -> ([UInt8], JSONObject) {
        let body = try await optionalJSON()
        guard !body.isEmpty else { return (body, JSONObject()) }
        let said = try JSONFields.read(body) { $0.optionalOpenObject("said", maxCount: 50) ?? JSONObject() }
        return (body, said)
    }

    /// The bytes of a body without members, which may be left out.
    func emptyBody() async throws -> [UInt8] {
        let body = try await optionalJSON()
        if !body.isEmpty { try JSONFields.read(body) { _ in } }
        return body
    }

    private func optionalJSON() async throws -> [UInt8] {
        if request.headers[.contentType] != nil { return try await request.jsonBytes() }
        let body = try await request.body(upTo: JSONLimits.request.byteCountMax)
        if !body.isEmpty { try request.requireContentType(MediaTypes.json) }
        return body
    }
}
