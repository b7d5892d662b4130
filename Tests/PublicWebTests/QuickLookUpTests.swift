import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import Testing
import WorkingTime

@testable import PublicWeb

/// The look-ups that are answered on the connection's event loop say what the ordinary ones say.
@Suite struct QuickLookUpTests {
    /// An answer, and whether it was there at once.
    private struct Quick {
        let isFinished: Bool
        let answer: QuickAnswer

        var status: Int { answer.head.status.code }
        var text: String { String(decoding: answer.body, as: UTF8.self) }
        /// The header lines, without the status line.
        var lines: Set<String> {
            Set(
                String(decoding: answer.head.bytes, as: UTF8.self).split(separator: "\r\n").dropFirst().map(String.init)
            ).union(["ETag: \(answer.tag)"])
        }
    }

    /// Asks as a connection would; nil when the request goes the ordinary way.
    private func ask(
        _ site: Site, _ target: String, ifNoneMatch: String? = nil, acceptLanguage: String? = nil,
        from address: String = "203.0.113.9"
    ) async throws -> Quick? {
        guard site.quick.concerns(target) else { return nil }
        let request = QuickRequest(
            target: target, client: RemoteAddress(address), ifNoneMatch: ifNoneMatch, acceptLanguage: acceptLanguage,
            arrivedMicroseconds: site.clock.microseconds())
        switch site.quick.plan(request, on: EventLoopGroupProvider.singleton.eventLoopGroup.any()) {
        case .ordinary, .stream: return nil
        case .answer(let answer): return Quick(isFinished: true, answer: answer)
        case .later(let future): return try await future.get().map { Quick(isFinished: false, answer: $0) }
        }
    }

    @Test(arguments: [
        ("/v1/progress/74MC-P2XQ-93HQ", nil), ("/ho-so/74MC-P2XQ-93HQ", nil),
        ("/ho-so/74MC-P2XQ-93HQ", "en-GB,en;q=0.9"),
        ("/ho-so/74MC-P2XQ-93HQ?lang=en", nil), ("/ho-so/74MC-P2XQ-93HQ?lang=vi", "en"),
    ])
    func `body and headers are those of the ordinary answer`(target: String, language: String?) async throws {
        try await Site.with(trust: .seconds(600)) { (site: Site) async throws in
            site.clock.now.withLock { $0 = Samples.now }
            let first = try #require(try await ask(site, target, acceptLanguage: language))
            let again = try #require(try await ask(site, target, acceptLanguage: language))
            #expect(!first.isFinished && again.isFinished)
            var headers: HTTPFields = [:]
            headers[.acceptLanguage] = language
            let ordinary = try await site.get(target, headers: headers)
            #expect(ordinary.status == .ok)
            // The rest differs from request to request and is added by the connection.
            let changing: [HTTPField.Name] = [
                .requestID, .contentLength, .named("RateLimit"), .named("RateLimit-Policy"),
            ]
            let lines = Set(
                ordinary.headers.filter { !changing.contains($0.name) }.map { "\($0.name.rawName): \($0.value)" })
            for quick in [first, again] {
                #expect(quick.status == 200 && quick.text == ordinary.text)
                #expect(quick.lines == lines)
            }
            let tag = try #require(ordinary.headers[.eTag])
            let unchanged = try #require(try await ask(site, target, ifNoneMatch: tag, acceptLanguage: language))
            #expect(unchanged.status == 304 && unchanged.text.isEmpty && unchanged.isFinished)
            #expect(unchanged.lines == lines.filter { !$0.lowercased().hasPrefix("content-type") })
        }
    }

    @Test(arguments: [
        "/ho-so/74mc-p2xq-93hq", "/ho-so/74MCP2XQ93HQ", "/ho-so/74MC-P2XQ-93HQ?lang=fr",
        "/ho-so/74MC-P2XQ-93HQ/atom.xml",
        "/v1/progress/74MC-P2XQ-93HQ?lang=vi", "/ho-so/74MC-P2XQ-93HR", "/ho-so/000.00.41.H17-260303-0042", "/ho-so/",
        "/v1/progress/%3Cscript%3E00000", "/v1/progress/74MC-P2XQ-93HQ/proof", "/ho-so/74MC_P2XQ_93HQ", "/",
    ])
    func `whatever else is typed goes the ordinary way, without a query`(target: String) async throws {
        try await Site.with { (site: Site) async throws in
            await site.pool.shutdown()
            #expect(try await ask(site, target) == nil)
        }
    }

    @Test func `what changed is not served from memory after the next look`() async throws {
        try await Site.with(trust: .seconds(600)) { (site: Site) async throws in
            site.clock.now.withLock { $0 = Samples.now }
            try await site.pool.withSession {
                try $0.execute("INSERT INTO feed.cursor (province, next_n, caught_up_at) VALUES (48, 2, now())")
            }
            try await site.reader.watch.look()
            let target = "/v1/progress/\(Samples.code)"
            let before = try #require(try await ask(site, target))
            try await site.publish(Samples.notice(3), n: 2)
            try await site.pool.withSession { try $0.execute("UPDATE feed.cursor SET next_n = 3") }
            #expect(try await ask(site, target)?.text == before.text)
            try await site.reader.watch.look()
            let after = try #require(try await ask(site, target))
            #expect(!after.isFinished && after.text != before.text && after.text.contains("\"number\":3"))
            #expect(try await ask(site, target)?.isFinished == true)
        }
    }

    @Test func `time alone makes a page late, and an old feed makes it say so`() async throws {
        try await Site.with(trust: .seconds(600)) { (site: Site) async throws in
            let target = "/ho-so/\(Samples.code)"
            site.clock.now.withLock { $0 = Samples.moment("2026-03-10T16:59") }
            _ = try await ask(site, target)
            let inTime = try #require(try await ask(site, target))
            #expect(inTime.isFinished && !inTime.text.contains("uá hạn"))
            site.clock.now.withLock { $0 = Samples.moment("2026-03-11T00:00") }
            let late = try #require(try await ask(site, target))
            #expect(!late.isFinished || late.text.contains("Hồ sơ đã quá hạn"))
            #expect(late.text.contains("Hồ sơ đã quá hạn"))
            try await site.pool.withSession {
                try $0.execute(
                    "INSERT INTO feed.cursor (province, next_n, caught_up_at) VALUES (48, 2, '2026-03-05T02:20:31Z')")
            }
            try await site.reader.watch.look()
            let stale = try #require(try await ask(site, target))
            #expect(stale.text.contains("được cập nhật đến <time datetime=\"2026-03-05T09:20:00+07:00\">"))
        }
    }

    @Test func `a code that nobody has takes its time from the beginning, one query and one of its quotas`()
        async throws
    {
        let throttle = LookUpThrottle(requests: Quota(count: 3, seconds: 3_600))
        try await Site.with(throttle: throttle, missTime: .milliseconds(80)) { (site: Site) async throws in
            let unknown = LookUpCode(values: [9, 9, 9])
            for path in ["/v1/progress/\(unknown)", "/ho-so/\(unknown)"] {
                let start = ContinuousClock.now
                #expect(try await ask(site, path) == nil)
                let answer = try await site.get(path)
                #expect(answer.status == .notFound)
                #expect(ContinuousClock.now - start >= .milliseconds(80))
            }
            // Two look-ups took two; the third is the last.
            #expect(try await ask(site, "/ho-so/\(Samples.code)") != nil)
            #expect(try await ask(site, "/ho-so/\(Samples.code)") == nil)
            #expect(try await site.get("/ho-so/\(Samples.code)").status == .tooManyRequests)
            #expect(try await ask(site, "/ho-so/\(Samples.code)", from: "192.0.2.7") != nil)
        }
    }

    @Test func `a look-up that missed is not asked a second time, and is handed on to its caller alone`() async throws {
        try await Site.with { (site: Site) async throws in
            let unknown = LookUpCode(values: [9, 9, 9])
            #expect(try await ask(site, "/ho-so/\(unknown)") == nil)
            await site.pool.shutdown()
            #expect(try await site.get("/ho-so/\(unknown)", from: "192.0.2.7").status == .serviceUnavailable)
            #expect(try await site.get("/ho-so/\(unknown)").status == .notFound)
            #expect(try await site.get("/ho-so/\(unknown)").status == .serviceUnavailable)
        }
    }

    @Test func `without its database the site serves what it knows and sends the rest the ordinary way`() async throws {
        try await Site.with { (site: Site) async throws in
            #expect(try await ask(site, "/ho-so/\(Samples.code)")?.status == 200)
            await site.pool.shutdown()
            let known = try #require(try await ask(site, "/ho-so/\(Samples.code)"))
            #expect(known.status == 200 && !known.isFinished)
            let unknown = LookUpCode(values: [9, 9, 9])
            #expect(try await ask(site, "/ho-so/\(unknown)") == nil)
            #expect(try await site.get("/ho-so/\(unknown)").status == .serviceUnavailable)
        }
    }

    @Test func `a block that may not look any more is told so in the ordinary way`() async throws {
        try await Site.with(throttle: LookUpThrottle(misses: Quota(count: 1, seconds: 600)), trust: .seconds(600)) {
            (site: Site) async throws in
            #expect(try await ask(site, "/ho-so/\(Samples.code)") != nil)
            #expect(try await site.get("/ho-so/abc").status == .notFound)
            #expect(try await ask(site, "/ho-so/\(Samples.code)") == nil)
            #expect(try await site.get("/ho-so/\(Samples.code)").status == .tooManyRequests)
        }
    }

    @Test func `a code is a number of its own, and nothing else is one`() throws {
        var numbers: Set<UInt64> = []
        for place in 0..<11 {
            for value in 0..<30 {
                var values = [UInt8](repeating: 7, count: 11)
                values[place] = UInt8(value)
                let code = LookUpCode(values: values)
                let key = try #require(CodeKey(printed: Substring(code.description).utf8))
                #expect(key == CodeKey(code) && key == CodeKey(compact: code.compact))
                #expect(LookUpCode(key) == code)
                numbers.insert(key.number)
            }
        }
        #expect(numbers.count == 11 * 29 + 1)
        for text in ["74MC-P2XQ-93H", "74MC-P2XQ-93HQ2", "74MCP-2XQ-93HQ", "74MC-P2XQ-93hQ", "74MC-P2XQ-93H0", ""] {
            #expect(CodeKey(printed: Substring(text).utf8) == nil)
        }
        for text in ["74MCP2XQ93H", "74MCP2XQ93HQ2", "74MCP2XQ93hQ", "74MC-P2XQ-93HQ", ""] {
            #expect(CodeKey(compact: text) == nil)
        }
        // Of all last symbols one is the check character.
        let keys = LookUpCode.alphabet.compactMap { CodeKey(compact: "74MCP2XQ93H" + String(UnicodeScalar($0))) }
        #expect(keys.count == 30 && keys.compactMap { LookUpCode($0) }.count == 1)
    }
}
