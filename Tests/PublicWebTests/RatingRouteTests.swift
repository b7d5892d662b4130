import Edge
import HTTPTypes
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

/// How satisfied somebody was, from the page to the table and back.
@Suite struct RatingRouteTests {
    private static let dossier = "/ho-so/\(Samples.code)"
    private static let path = "\(dossier)/danh-gia"

    /// A site whose dossier ended on 9 March, looked at a day later.
    private func withEnded(
        throttle: LookUpThrottle = LookUpThrottle(), _ body: (Site) async throws -> Void
    ) async throws {
        try await Site.with(throttle: throttle) { site in
            try await site.publish(
                Samples.notice(3) {
                    $0.at = Samples.moment("2026-03-09T15:40")
                    ($0.status, $0.stage, $0.finished, $0.result) = (.decided, .decided, $0.at, "issued")
                }, n: 2)
            site.clock.now.withLock { $0 = Samples.moment("2026-03-10T09:00") }
            try await body(site)
        }
    }

    private func look(_ site: Site, at moment: String) { site.clock.now.withLock { $0 = Samples.moment(moment) } }

    /// The levels that are kept.
    private func kept(_ site: Site) async throws -> [Int16?] {
        try await site.pool.withSession { try $0.run(Self.levels) }
    }

    private static let levels = Statement<Void, Int16?>(
        name: "test_rating_levels", sql: "SELECT level FROM feed.rating", decode: { try $0.int2OrNull() })

    @Test(arguments: ["vi", "en"])
    func `whoever holds the code of a dossier that has ended rates it, and sees what was kept`(language: String)
        async throws
    {
        try await withEnded { site in
            let status = try await site.get("\(Self.dossier)?lang=\(language)")
            #expect(status.text.contains("href=\"\(Self.path)?lang=\(language)\""))
            let form = try await site.get("\(Self.path)?lang=\(language)")
            #expect(form.status == .ok && form.text.contains("<form class=\"rate\" method=\"post\""))
            #expect(form.text.contains("action=\"\(Self.path)?lang=\(language)\"") && !form.text.contains("checked"))
            let sent = try await site.post("\(Self.path)?lang=\(language)", "muc-do=3")
            #expect(sent.status == .seeOther && sent.headers[.location] == "\(Self.path)?lang=\(language)")
            let page = try await site.get("\(Self.path)?lang=\(language)").text
            #expect(
                page.contains(
                    language == "vi" ? "Bạn đã đánh giá: Hài lòng." : "You have rated this dossier: Satisfied."))
            #expect(
                page.contains("value=\"3\" checked>")
                    && page.contains(language == "vi" ? "17/03/2026" : "17 March 2026"))
            #expect(try await kept(site) == [3])
            // The dossier's own page reads no ratings: what is kept of it finished stays right.
            let again = try await site.get("\(Self.dossier)?lang=\(language)")
            #expect(again.headers[.eTag] == status.headers[.eTag])
        }
    }

    @Test func `the same sent twice counts once, and may be changed for a week`() async throws {
        try await withEnded { site in
            for level in [4, 4, 1] {
                #expect(try await site.post(Self.path, "muc-do=\(level)").status == .seeOther)
            }
            #expect(try await kept(site) == [1])
            look(site, at: "2026-03-17T23:59")
            #expect(try await site.post(Self.path, "muc-do=2").status == .seeOther)
            look(site, at: "2026-03-18T00:00")
            let late = try await site.post(Self.path, "muc-do=4")
            #expect(late.status == .conflict && late.text.contains("Đánh giá này không đổi được nữa."))
            #expect(
                late.text.contains("Bạn đã đánh giá: Chấp nhận được.") && !late.text.contains("<form class=\"rate\""))
            #expect(try await kept(site) == [2])
        }
    }

    @Test func `two at once are both heard, and one stands`() async throws {
        try await withEnded { site in
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { tasks in
                for level in 1...4 {
                    tasks.addTask { try await site.post(Self.path, "muc-do=\(level)").status }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: .seeOther, count: 4))
            #expect(try await kept(site).count == 1)
        }
    }

    @Test func `what has not ended, or ended long ago, is not rated`() async throws {
        try await Site.with { site in
            look(site, at: "2026-03-05T09:30")
            let page = try await site.get(Self.path)
            #expect(page.status == .ok && page.text.contains("Bạn đánh giá được khi hồ sơ đã kết thúc"))
            #expect(!page.text.contains("<form class=\"rate\""))
            #expect(try await site.post(Self.path, "muc-do=4").status == .conflict)
            #expect(try await kept(site).isEmpty)
        }
        // Nothing but macros tries here: said, because it is not inferred.
        try await withEnded { (site: Site) async throws in
            look(site, at: "2026-06-07T23:59")
            #expect(try await site.get(Self.path).text.contains("<form class=\"rate\""))
            look(site, at: "2026-06-08T00:00")
            #expect(try await site.get(Self.path).text.contains("không đánh giá được nữa"))
            #expect(try await site.post(Self.path, "muc-do=4").status == .conflict)
            #expect(try await kept(site).isEmpty)
        }
    }

    @Test(arguments: [
        "", "muc-do=", "muc-do=0", "muc-do=5", "muc-do=x", "muc-do=3&muc-do=4", "khac=1", "muc-do", "%6duc-do=3",
        "muc-do=99999999999", "{\"muc-do\":3}",
    ])
    func `a form without one of the choices says so and keeps nothing`(form: String) async throws {
        try await withEnded { site in
            let answer = try await site.post(Self.path, form)
            #expect(answer.status == .badRequest && answer.text.contains("Bạn chưa chọn mức độ nào."))
            #expect(answer.text.contains("role=\"alert\"") && answer.text.contains("aria-describedby=\"loi\""))
            #expect(answer.text.contains("<title>Lỗi: chưa chọn mức độ"))
            #expect(try await kept(site).isEmpty)
        }
    }

    @Test func `more than a form has is not read`() async throws {
        try await withEnded { site in
            let answer = try await site.post(Self.path, "muc-do=3&x=" + String(repeating: "a", count: 1_000))
            #expect(answer.status == .contentTooLarge)
            #expect(try await kept(site).isEmpty)
        }
    }

    @Test(
        arguments: [
            ([HTTPField.Name.secFetchSite: "cross-site"], 403), ([.secFetchSite: "same-site"], 403),
            ([.secFetchSite: "same-origin", .origin: "null"], 303), ([.secFetchSite: "none"], 303),
            ([.origin: "https://example.com"], 403), ([.origin: "https://hoso.example.vn.example.com"], 403),
            ([.origin: "null"], 303), ([:], 303), ([.origin: "https://hoso.example.vn"], 303),
            ([.origin: "http://localhost"], 303),
        ] as [(HTTPFields, Int)])
    func `a form of another site's page is refused`(headers: HTTPFields, status: Int) async throws {
        try await withEnded { site in
            let answer = try await site.post(Self.path, "muc-do=4", headers: headers)
            #expect(answer.status.code == status)
            #expect(try await kept(site).count == (status == 303 ? 1 : 0))
            if status == 403 { #expect(answer.text.contains("Đánh giá phải gửi từ trang này")) }
        }
    }

    @Test func `a slip of the code is told as on the dossier's page`() async throws {
        try await withEnded { site in
            let slip = "/ho-so/74MC-P2XQ-93HR/danh-gia"
            for answer in [try await site.get(slip), try await site.post(slip, "muc-do=4")] {
                #expect(answer.status == .unprocessableContent && answer.text.contains("gõ sai ở một ký tự"))
            }
        }
    }

    @Test func `rating is slowed down as looking is`() async throws {
        try await withEnded(throttle: LookUpThrottle(requests: Quota(count: 3, seconds: 60))) { site in
            for _ in 0..<3 { #expect(try await site.post(Self.path, "muc-do=4").status == .seeOther) }
            let refused = try await site.post(Self.path, "muc-do=4")
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] != nil)
            #expect(try await site.get(Self.dossier).status == .tooManyRequests)
        }
        let misses = LookUpThrottle(misses: Quota(count: 2, seconds: 600))
        try await withEnded(throttle: misses) { (site: Site) async throws in
            for _ in 0..<2 { #expect(try await site.post("/ho-so/abc/danh-gia", "").status == .notFound) }
            #expect(try await site.post("/ho-so/abc/danh-gia", "").status == .tooManyRequests)
        }
    }

    @Test func `a database that takes nothing is said in Vietnamese, and the pages go on`() async throws {
        try await withEnded { site in
            try await site.pool.withSession {
                try $0.execute(
                    """
                    CREATE FUNCTION feed.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN RAISE EXCEPTION 'cannot execute INSERT in a read-only transaction' USING ERRCODE = '25006'; END $$;
                    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON feed.rating EXECUTE FUNCTION feed.refuse()
                    """)
            }
            let refused = try await site.post(Self.path, "muc-do=4")
            #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "5")
            #expect(refused.text.contains("Chưa ghi được đánh giá của bạn.") && !refused.text.contains("read-only"))
            #expect(try await site.get(Self.path).status == .ok)
            await site.pool.shutdown()
            #expect(try await site.get(Self.path).status == .serviceUnavailable)
            #expect(try await site.post(Self.path, "muc-do=4").status == .serviceUnavailable)
        }
    }

    @Test func `the page is kept nowhere, sets no cookie, and lets a form go to the site alone`() async throws {
        try await withEnded { site in
            for answer in [try await site.get(Self.path), try await site.post(Self.path, "muc-do=4")] {
                #expect(answer.headers[.cacheControl] == "no-store" && answer.headers[.setCookie] == nil)
                #expect(answer.headers[.contentSecurityPolicy]?.contains("form-action 'self'") == true)
                #expect(answer.headers[.named("Referrer-Policy")] == "no-referrer")
                #expect(answer.headers[.named("X-Robots-Tag")] == "noindex, nofollow")
            }
        }
    }

    @Test func `every page of it is whole and small`() throws {
        let notice = Samples.notice { $0.finished = Samples.now }
        let today = Samples.now.date
        let times: [RatingTime] = [.notYet, .open(through: today.adding(days: 9)), .over]
        let ratings: [DossierRating?] =
            [nil, DossierRating(givenOn: today, level: nil)]
            + SatisfactionLevel.allCases.map { DossierRating(givenOn: today, level: $0) }
        for language in Language.allCases {
            for time in times {
                for rating in ratings {
                    for isMissingChoice in [false, true] {
                        let page = RatingPage(
                            code: Samples.code, notice: notice, rating: rating, time: time, today: today,
                            isMissingChoice: isMissingChoice
                        ).page(PageShell(language: language, path: "/"))
                        let text = String(decoding: page, as: UTF8.self)
                        #expect(PageTests.unbalanced(text) == nil && page.count < 6_000)
                        #expect(text.components(of: "<h1>") == 1)
                    }
                }
            }
        }
    }
}
