package import HTTPTypes
package import JSONText

/// An answer that says why not (RFC 9457), in both languages.
///
/// Nothing of it may name statements, files, types or another person's data: it goes to the caller as it stands.
package struct Problem: Error, Sendable {
    /// Where the meaning of each code is written; the type URI is this and the code.
    package static let typeBase = "https://motcua.vn/problems/"

    /// The stable kebab-case code; also the last part of the type URI.
    package var code: String
    /// The status, 400…599.
    package var status: HTTPResponse.Status
    /// What kind of problem it is; the same for every occurrence.
    package var title: JSONMessage
    /// What is wrong this time; nil if the title says it all.
    package var detail: JSONMessage?
    /// Each fault of the body by JSON Pointer; empty if the body is not at fault.
    package var faults: [JSONProblem]
    /// Further members, such as `allowedActions`; the names of RFC 9457 are ignored here.
    package var members: JSONObject
    /// Further headers, such as `Retry-After`.
    package var headers: HTTPFields
    /// Whether the connection ends with this answer, because the rest of the request will not be read.
    package var closesConnection: Bool

    /// A problem of that code and status.
    package init(
        _ code: String, status: HTTPResponse.Status, title: JSONMessage, detail: JSONMessage? = nil,
        faults: [JSONProblem] = [], members: JSONObject = JSONObject(), headers: HTTPFields = [:],
        closesConnection: Bool = false
    ) {
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
        self.faults = faults
        self.members = members
        self.headers = headers
        self.closesConnection = closesConnection
    }

    /// A problem of that code and status, its title in both languages.
    package init(_ code: String, status: HTTPResponse.Status, vi: String, en: String) {
        self.init(code, status: status, title: JSONMessage(vi: vi, en: en))
    }

    /// The same problem with a sentence on this occurrence.
    package func detailed(vi: String, en: String) -> Problem {
        var problem = self
        problem.detail = JSONMessage(vi: vi, en: en)
        return problem
    }

    /// The same problem, telling the caller to come back after so many seconds (at least 1).
    package func retry(afterSeconds seconds: Int) -> Problem {
        var problem = self
        problem.headers[.retryAfter] = String(max(1, seconds))
        return problem
    }

    /// The document in one language.
    package func document(language: EdgeLanguage, traceID: String) -> [UInt8] {
        JSONWriter.bytes { json in
            json.member("type", Self.typeBase + code)
            json.member("title", language.text(title))
            json.member("status", status.code)
            json.member("code", code)
            if let detail { json.member("detail", language.text(detail)) }
            if !traceID.isEmpty { json.member("instance", traceID) }
            if !faults.isEmpty {
                json.array("errors") { json in
                    for fault in faults {
                        json.object { json in
                            json.member("pointer", fault.pointer)
                            json.member("code", fault.code)
                            json.member("detail", language.text(fault.message))
                        }
                    }
                }
            }
            for member in members.members where !Self.ownMembers.contains(member.key) {
                json.member(member.key, member.value)
            }
        }
    }

    private static let ownMembers: Set<String> = ["type", "title", "status", "code", "detail", "instance", "errors"]
}

/// An error that knows what to tell the caller.
package protocol ProblemConvertible: Error {
    /// What the caller is told.
    var problem: Problem { get }
}

extension Problem: ProblemConvertible {
    /// Itself.
    package var problem: Problem { self }
}
