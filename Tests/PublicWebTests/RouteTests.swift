import Edge
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct RouteTests {
    @Test func `the form leads to the page of the code, in the language of the form`() async throws {
        try await Site.with { site in
            let entry = try await site.get("/")
            #expect(
                entry.status == .ok && entry.text.contains("name=\"ma\"")
                    && entry.text.contains("autocapitalize=\"characters\""))
            let answer = try await site.get("/tra-cuu?ma=74mc+p2xq%2093hq&lang=en")
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/ho-so/74MC-P2XQ-93HQ?lang=en")
            let page = try await site.get("/ho-so/74MC-P2XQ-93HQ?lang=en")
            #expect(page.status == .ok && page.text.contains("Your dossier was accepted."))
            let plus = try await site.get("/tra-cuu?ma=74MC+P2XQ+93HR")
            #expect(plus.text.contains("value=\"74MC P2XQ 93HR\""))
            let spaced = try await site.get("/ho-so/74mc%20p2xq%2093hq")
            #expect(spaced.status == .ok)
        }
    }

    @Test func `a slip is told at once, with what was typed, without a query`() async throws {
        try await Site.with { site in
            await site.pool.shutdown()
            for path in ["/tra-cuu?ma=74MC-P2XQ-93HR", "/ho-so/74MC-P2XQ-93HR"] {
                let page = try await site.get(path)
                #expect(page.status == .unprocessableContent)
                #expect(
                    page.text.contains("Mã có vẻ bị gõ sai ở một ký tự")
                        && page.text.contains("value=\"74MC-P2XQ-93HR\""))
            }
            let json = try await site.get("/v1/progress/74MC-P2XQ-93HR")
            #expect(json.status == .unprocessableContent && json.text.contains("mistyped-code"))
        }
    }

    @Test func `wrong and unknown codes get the same answer, byte for byte, and no sooner`() async throws {
        try await Site.with(missTime: .milliseconds(80)) { site in
            let unknown = LookUpCode(values: [9, 9, 9])
            let known = "000.00.41.H17-260303-0042"
            let paths = [
                "/ho-so/\(unknown)", "/ho-so/abc", "/ho-so/H17-260303-9999", "/ho-so/%3Cscript%3E", "/tra-cuu?ma=abc",
                "/tra-cuu?ma=%00%FF", "/ho-so/\(unknown)/giay-tiep-nhan", "/ho-so/abc/giay-tiep-nhan",
                "/ho-so/\(known)/giay-tiep-nhan", "/ho-so/H17-260303-9999/giay-tiep-nhan",
                "/ho-so/\(unknown)/danh-gia", "/ho-so/abc/danh-gia", "/ho-so/\(known)/danh-gia",
            ]
            var answers: [Answer] = []
            for (place, path) in paths.enumerated() {
                let start = ContinuousClock.now
                // Each from a block of its own, so that what is left of the quotas is the same too.
                answers.append(try await site.get(path, from: "198.51.\(place).1"))
                #expect(ContinuousClock.now - start >= .milliseconds(75), "\(path)")
            }
            for (place, code) in ["\(unknown)", "abc", known, "%3Cscript%3E"].enumerated() {
                let start = ContinuousClock.now
                answers.append(
                    try await site.post("/ho-so/\(code)/danh-gia", "muc-do=4", from: "198.51.\(50 + place).1"))
                #expect(ContinuousClock.now - start >= .milliseconds(75), "\(code)")
            }
            let first = try #require(answers.first)
            for answer in answers {
                #expect(answer.status == .notFound && answer.bytes == first.bytes)
                #expect(answer.stableHeaders == first.stableHeaders)
            }
            let unknownJSON = try await site.get("/v1/progress/\(unknown)", from: "198.51.100.1")
            let wrongJSON = try await site.get("/v1/progress/abc", from: "198.51.101.1")
            #expect(unknownJSON.status == .notFound && unknownJSON.bytes.count == wrongJSON.bytes.count)
            #expect(unknownJSON.stableHeaders == wrongJSON.stableHeaders)
        }
    }

    @Test func `every look-up says what is left of its quota`() async throws {
        try await Site.with { site in
            let found = try await site.get("/ho-so/\(Samples.code)")
            #expect(found.headers[.named("RateLimit-Policy")] == "\"look-up\";q=1200;w=60")
            #expect(found.headers[.named("RateLimit")]?.hasPrefix("\"look-up\";r=1199;t=") == true)
            let json = try await site.get("/v1/progress/\(Samples.code)")
            #expect(json.headers[.named("RateLimit")]?.hasPrefix("\"look-up\";r=1198;t=") == true)
            for path in ["/ho-so/abc", "/v1/progress/abc"] {
                let missed = try await site.get(path)
                #expect(missed.headers[.named("RateLimit-Policy")] == "\"not-found\";q=60;w=600")
                #expect(missed.headers[.named("RateLimit")] != nil)
            }
        }
    }

    @Test(arguments: [
        ("203.0.113.9", "203.0.113.200", "203.0.114.9"),
        ("2001:db8:1:2200::1", "2001:db8:1:22ff:ffff::9", "2001:db8:1:2300::1"),
    ])
    func `an address block is a subscriber's, not an address`(tried: String, same: String, other: String) async throws {
        try await Site.with(throttle: LookUpThrottle(misses: Quota(count: 2, seconds: 600))) { site in
            for _ in 0..<2 { #expect(try await site.get("/ho-so/abc", from: tried).status == .notFound) }
            let refused = try await site.get("/ho-so/abc", from: same)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] != nil && refused.headers[.named("RateLimit")] != nil)
            #expect(try await site.get("/ho-so/abc", from: other).status == .notFound)
        }
    }

    @Test func `the receipt is there for the look-up code, once the dossier was accepted`() async throws {
        try await Site.with { site in
            let path = "/ho-so/\(Samples.code)/giay-tiep-nhan"
            let receipt = try await site.get(path)
            #expect(receipt.status == .ok && receipt.text.contains("Giấy tiếp nhận hồ sơ và hẹn trả kết quả</h1>"))
            #expect(try await site.get(path + "?lang=en").text.contains("Receipt of a dossier"))
            let tag = try #require(receipt.headers[.eTag])
            #expect(try await site.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
            let slip = try await site.get("/ho-so/74MC-P2XQ-93HR/giay-tiep-nhan")
            #expect(slip.status == .unprocessableContent)
        }
    }

    @Test func `the legal code shows the degree of completion and nothing else`() async throws {
        try await Site.with { site in
            let json = try await site.get("/v1/progress/000.00.41.h17-260303-0042")
            #expect(
                json.text == """
                    {"legalCode":"000.00.41.H17-260303-0042","status":{"code":2,"name":{"vi":"Được tiếp nhận","en":"Accepted"}},\
                    "stage":{"key":"accepted","tag":{"vi":"Đã tiếp nhận","en":"Accepted"}}}
                    """)
            let page = try await site.get("/ho-so/000.00.41.H17-260303-0042")
            #expect(page.status == .ok && page.text.contains("<h1>Được tiếp nhận</h1>"))
            for secret in ["khai sinh", "Hải Châu", "10/03/2026", "2026-03", "0236", Samples.code.description] {
                #expect(!page.text.contains(secret))
            }
        }
    }

    @Test func `a page that did not change is not sent again`() async throws {
        try await Site.with { site in
            for path in ["/ho-so/\(Samples.code)", "/v1/progress/\(Samples.code)", "/ho-so/000.00.41.H17-260303-0042"] {
                let first = try await site.get(path)
                let tag = try #require(first.headers[.eTag])
                #expect(first.headers[.cacheControl] == "private, no-cache")
                let again = try await site.get(path, headers: [.ifNoneMatch: tag])
                #expect(again.status == .notModified && again.bytes.isEmpty && again.headers[.eTag] == tag)
            }
            let tag = try #require(try await site.get("/ho-so/\(Samples.code)").headers[.eTag])
            try await site.publish(Samples.notice(3), n: 2)
            let changed = try await site.get("/ho-so/\(Samples.code)", headers: [.ifNoneMatch: tag])
            #expect(changed.status == .ok && changed.text.contains("đang giải quyết hồ sơ của bạn"))
            let english = try await site.get("/ho-so/\(Samples.code)?lang=en")
            #expect(english.headers[.eTag] != changed.headers[.eTag])
        }
    }

    @Test func `a page turns late by time alone`() async throws {
        try await Site.with { site in
            site.clock.now.withLock { $0 = Samples.moment("2026-03-10T16:59") }
            let before = try await site.get("/ho-so/\(Samples.code)")
            #expect(!before.text.contains("uá hạn"))
            site.clock.now.withLock { $0 = Samples.moment("2026-03-11T00:00") }
            #expect(try await site.get("/ho-so/\(Samples.code)").text.contains("Hồ sơ đã quá hạn"))
        }
    }

    @Test func `a feed that is behind says up to when it is complete, by the real clock`() async throws {
        try await Site.with { site in
            let path = "/ho-so/\(Samples.code)"
            site.clock.now.withLock { $0 = Samples.moment("2035-01-01T08:00") }
            try await site.pool.withSession {
                try $0.execute("INSERT INTO feed.cursor (province, next_n, caught_up_at) VALUES (48, 2, now())")
            }
            let fresh = try await site.get(path)
            #expect(!fresh.text.contains("được cập nhật đến"))
            try await site.pool.withSession {
                try $0.execute("UPDATE feed.cursor SET caught_up_at = '2026-03-05T02:20:31Z'")
            }
            let stale = try await site.get(path)
            #expect(stale.text.contains("được cập nhật đến <time datetime=\"2026-03-05T09:20:00+07:00\">"))
            #expect(stale.headers[.eTag] != fresh.headers[.eTag])
            let json = try await site.get("/v1/progress/\(Samples.code)")
            #expect(json.text.contains("\"completeUntil\":\"2026-03-05T09:20:00+07:00\""))
            let completion = try await site.get("/ho-so/000.00.41.H17-260303-0042")
            #expect(completion.text.contains("được cập nhật đến"))
            let completionJSON = try await site.get("/v1/progress/000.00.41.H17-260303-0042")
            #expect(completionJSON.text.contains("\"completeUntil\":\"2026-03-05T09:20:00+07:00\""))
        }
    }

    @Test func `the headers keep the code to its holder`() async throws {
        try await Site.with { site in
            let page = try await site.get("/ho-so/\(Samples.code)")
            #expect(page.headers[.named("Referrer-Policy")] == "no-referrer")
            #expect(page.headers[.named("X-Robots-Tag")] == "noindex, nofollow")
            #expect(page.headers[.contentSecurityPolicy]?.contains("style-src 'self'") == true)
            #expect(page.text.contains("<meta name=\"referrer\" content=\"no-referrer\">"))
            #expect(page.headers[.vary] == "Accept-Language")
            let english = try await site.get(
                "/ho-so/\(Samples.code)", headers: [.acceptLanguage: "en-GB,en;q=0.9,vi;q=0.5"])
            #expect(english.text.hasPrefix("<!doctype html><html lang=\"en\">"))
        }
    }

    @Test func `the stylesheet may be kept for ever`() async throws {
        try await Site.with { site in
            let sheet = try await site.get(Stylesheet.path)
            #expect(sheet.status == .ok && sheet.headers[.contentType] == "text/css; charset=utf-8")
            #expect(sheet.headers[.cacheControl] == CacheControl.immutable.value)
        }
    }

    @Test func `trying codes is slowed down, looking at one's own is not`() async throws {
        let throttle = LookUpThrottle(
            requests: Quota(count: 50, seconds: 60), misses: Quota(count: 3, seconds: 600),
            allMisses: Quota(count: 5, seconds: 600))
        try await Site.with(throttle: throttle) { site in
            for _ in 0..<3 { #expect(try await site.get("/ho-so/abc").status == .notFound) }
            let stopped = try await site.get("/ho-so/abc")
            #expect(stopped.status == .tooManyRequests && stopped.headers[.retryAfter] != nil)
            #expect(stopped.text.contains("Quá nhiều yêu cầu"))
            #expect(try await site.get("/v1/progress/\(Samples.code)").status == .tooManyRequests)
            // Other blocks: two more misses empty the bucket of all.
            for _ in 0..<2 { #expect(try await site.get("/ho-so/abc", from: "198.51.100.1").status == .notFound) }
            #expect(try await site.get("/ho-so/abc", from: "198.51.100.2").status == .tooManyRequests)
            #expect(try await site.get("/ho-so/\(Samples.code)", from: "192.0.2.7").status == .ok)
        }
    }

    @Test func `too many requests of one block are refused`() async throws {
        try await Site.with(throttle: LookUpThrottle(requests: Quota(count: 4, seconds: 60))) { site in
            var answers: [Int] = []
            for _ in 0..<5 { answers.append(try await site.get("/ho-so/\(Samples.code)").status.code) }
            answers.append(try await site.get("/ho-so/\(Samples.code)", from: "192.0.2.7").status.code)
            #expect(answers == [200, 200, 200, 200, 429, 200])
        }
    }

    @Test func `without its database the site says so and tells when to come back`() async throws {
        try await Site.with { site in
            await site.pool.shutdown()
            let page = try await site.get("/ho-so/\(Samples.code)")
            #expect(page.status == .serviceUnavailable && page.headers[.retryAfter] == "5")
            #expect(page.text.contains("<h1>") && !page.text.contains("pool"))
            #expect(try await site.get("/v1/progress/\(Samples.code)").status == .serviceUnavailable)
        }
    }

    @Test func `the JSON has what the page has`() async throws {
        try await Site.with { site in
            site.clock.now.withLock { $0 = Samples.now }
            let json = try await site.get("/v1/progress/\(Samples.code)").text
            for part in [
                "\"code\":\"74MC-P2XQ-93HQ\"", "\"promisedAt\":\"2026-03-10T17:00:00+07:00\"", "\"isLate\":false",
                "\"standing\":\"current\"", "\"sentence\":{\"vi\":\"Hồ sơ của bạn đã được tiếp nhận.\"", "\"parts\":[]",
                "\"holder\":{\"agency\":\"000.00.41.H17\"",
            ] {
                #expect(json.contains(part), "\(part)")
            }
            #expect(!json.contains(Samples.root))
        }
    }
}
