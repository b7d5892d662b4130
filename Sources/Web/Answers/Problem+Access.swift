import Dossiers
import Edge
import Engine
import HTTPTypes
import JSONText
import WorkingTime

extension APIRequest {
    /// Why a personal value is not there, for who may see the dossier: it was erased, or never was.
    func missing(of view: DossierView) async throws -> Problem {
        guard let erasure = try await engine.erasure(of: view.state.dossier) else { return .notFound }
        return .erased(erasure)
    }
}

extension ErasureReason {
    fileprivate var words: JSONMessage {
        switch self {
        case .retention: JSONMessage(vi: "hết thời hạn lưu giữ", en: "the time for which they are kept is over")
        case .request: JSONMessage(vi: "theo yêu cầu của người có dữ liệu", en: "the person asked for it")
        case .order:
            JSONMessage(vi: "theo quyết định của cơ quan có thẩm quyền", en: "an authority ordered it")
        }
    }
}

extension Problem {
    /// 410: since when, and why.
    static func erased(_ erasure: Erasure) -> Problem {
        let (date, time) = (erasure.at.date, erasure.at.timeOfDay)
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        let clock = "\(two(time.hour)):\(two(time.minute))"
        var problem = ProblemKind.erased.problem(
            JSONMessage(
                vi:
                    "Đã xóa lúc \(clock) ngày \(two(date.day))/\(two(date.month))/\(date.year): \(erasure.reason.words.vi). "
                    + "Diễn biến và số liệu thống kê vẫn được lưu.",
                en: "Erased at \(clock) on \(date): \(erasure.reason.words.en). Events and statistics are kept."))
        problem.members["erasedAt"] = .string(erasure.at.iso8601)
        problem.members["reason"] = .string(erasure.reason.rawValue)
        return problem
    }

    /// 401: no token.
    static let noToken: Problem = {
        var problem = ProblemKind.unauthorized.problem(
            JSONMessage(vi: "Thiếu mã truy cập.", en: "There is no access token."))
        problem.headers[.wwwAuthenticate] = "Bearer realm=\"motcua\""
        return problem
    }()

    /// 401: a token that does not read, was not signed here, has ended, or whose client may no longer call.
    static let badToken: Problem = {
        var problem = ProblemKind.unauthorized.problem(
            JSONMessage(
                vi: "Mã truy cập không hợp lệ hoặc đã hết hạn.", en: "The access token is not valid or has ended."))
        problem.headers[.wwwAuthenticate] = "Bearer realm=\"motcua\", error=\"invalid_token\""
        return problem
    }()

    /// 403: none of the scopes that let a client do this.
    static func missingScope(_ scopes: [Scope]) -> Problem {
        let names = scopes.map(\.rawValue).joined(separator: ", ")
        var problem = ProblemKind.missingScope.problem(
            JSONMessage(vi: "Cần một trong các phạm vi: \(names).", en: "One of these scopes is needed: \(names)."))
        problem.headers[.wwwAuthenticate] =
            "Bearer realm=\"motcua\", error=\"insufficient_scope\", scope=\"\(scopes.map(\.rawValue).joined(separator: " "))\""
        return problem
    }
}
