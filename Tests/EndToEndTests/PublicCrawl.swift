import JSONText
import TestSupport

@testable import motcua

/// Reads all that the public site answers to whoever holds some codes: from their pages on, whatever a page leads to.
struct PublicCrawl: Sendable {
    private let live: LiveSystem
    private let values: PersonalValues

    /// What was read, by path, and what it shows of people.
    struct Outcome: Sendable {
        var statuses: [String: Int] = [:]
        var exposures: [String] = []
        /// The statuses of what was sent as a rating, by code.
        var ratings: [String: Int] = [:]
    }

    /// Beyond so many answers a page leads to pages without end.
    private static let answerCountMax = 5_000

    init(_ live: LiveSystem, _ values: PersonalValues) {
        self.live = live
        self.values = values
    }

    /// Begins at the pages that every visitor knows and at those of the look-up codes, in both languages.
    func run(_ codes: [String]) async throws -> Outcome {
        var outcome = Outcome()
        var todo = ["/", "/?lang=en", "/tra-cuu?ma=", "/tra-cuu?ma=74MC-P2XQ-93HR", "/ho-so/abc", "/khong-co"]
        for code in codes {
            for path in ["/ho-so/\(code)", "/ho-so/\(code)/giay-tiep-nhan", "/v1/progress/\(code)"] {
                todo += [path, "\(path)?lang=en"]
            }
            let rating = "/ho-so/\(code)/danh-gia"
            todo += [rating, "\(rating)?lang=en"]
            let rated = try await live.pages.send(Call(.post, rating, body: Array("muc-do=3".utf8)))
            outcome.ratings[code] = rated.status
            for name in values.shown(in: String(decoding: rated.body, as: UTF8.self)) {
                outcome.exposures.append("\(rating) answers \(name)")
            }
            let page = try JSONValue.parse(try await live.pages.send(Call(.get, "/v1/progress/\(code)")).body)
            if let legalCode = page["legalCode"]?.stringValue {
                todo += ["/ho-so/\(legalCode)", "/ho-so/\(legalCode)?lang=en", "/v1/progress/\(legalCode)"]
            }
        }
        while let path = todo.popLast() {
            guard outcome.statuses[path] == nil else { continue }
            guard outcome.statuses.count < PublicCrawl.answerCountMax else {
                throw Failure("the site has no end: \(path)")
            }
            let answer = try await live.pages.send(Call(.get, path))
            outcome.statuses[path] = answer.status
            let text = String(decoding: answer.body, as: UTF8.self)
            for name in values.shown(in: text) { outcome.exposures.append("\(path) shows \(name)") }
            todo += PublicCrawl.links(of: text).filter { outcome.statuses[$0] == nil }
        }
        // Also what lies in the tables behind the pages, for the pages of tomorrow.
        for body in try await live.database.rows("SELECT convert_from(body, 'UTF8') FROM feed.notice") {
            for name in values.shown(in: body) { outcome.exposures.append("a notice says \(name)") }
        }
        for row in try await live.database.rows("SELECT r::text FROM feed.rating r") {
            for name in values.shown(in: row) { outcome.exposures.append("a rating says \(name)") }
        }
        return outcome
    }

    /// The site's own paths to which a page leads.
    private static func links(of page: String) -> [String] {
        page.matches(of: #/(?:href|src)="(/[^"#]*)/#).map { String($0.1).replacing("&amp;", with: "&") }
    }
}
