import Edge
import HTTPTypes
import JSONText

extension Problem {
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
