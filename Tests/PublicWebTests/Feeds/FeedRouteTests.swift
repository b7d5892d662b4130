import Edge
import HTTPTypes
import Notices
import Postgres
import PublicFeed
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct FeedRouteTests {
    @Test(arguments: FeedFormat.allCases, ["vi", "en"])
    func `other people's readers read a dossier's feed, in both languages`(format: FeedFormat, language: String)
        async throws
    {
        try await FeedSite.with { site in
            try await site.publish(
                [
                    try FeedSite.notice(1, .submitted), try FeedSite.notice(2, .accepted),
                    try FeedSite.notice(3, .needsDocuments) {
                        $0.sentence = nil
                        $0.action = .init(
                            text: LocalText(vi: "Nộp giấy & ảnh", en: "Hand in papers"), until: $0.promised)
                    },
                    try FeedSite.notice(1, .processing) {
                        ($0.dossier, $0.parent, $0.part) = (
                            FeedSite.part, FeedSite.root, LocalText(vi: "Phần hai", en: "Part two")
                        )
                        $0.sentence = LocalText(vi: "Điều khiển\u{1}\u{FFFE}\u{202E} ngược")
                        $0.legalCode = nil
                        $0.at = $0.at.adding(seconds: 9_000)
                    },
                ], from: 0)
            let feed = try await site.get("/ho-so/\(FeedSite.code)/\(format.rawValue)?lang=\(language)")
            #expect(feed.status == .ok && feed.headers[.contentType] == format.contentType)
            #expect(
                feed.headers[.cacheControl] == "private, no-cache" && feed.headers[.accessControlAllowOrigin] == nil)
            let read = try OutsideReader.read(
                feed.bytes, script: "read_feed.py", [format == .atom ? "atom" : "json"], ["4"])
            let expected =
                language == "vi"
                ? [
                    "Tin số 2 ]]> & <b>", "Nộp giấy & ảnh", "Hạn cuối: Thứ Ba, 10/03/2026, 17:00",
                    "Phần hai: Điều khiển ngược",
                    "Điện thoại: 0236 3822 333", "Bước 1/1: Kiểm tra",
                ]
                : [
                    "News 2", "Hand in papers. At the latest: Tuesday, 10 March 2026, 17:00", "Part two: ",
                    "Held by: One-stop desk",
                ]
            for text in expected { #expect(read.contains(text), "\(text) in \(read)") }
        }
    }

    @Test(arguments: FeedFormat.allCases)
    func `other people's readers read the public streams and their archives`(format: FeedFormat) async throws {
        try await FeedSite.with { site in
            try await site.publish(try FeedSite.crowd(170), from: 0)
            for (path, count) in [
                ("", 70), ("/trang/0", 50), ("/trang/1", 50), ("/co-quan/000.00.41.H17", 70),
                ("/thu-tuc/birth-registration/trang/1", 50),
            ] {
                let feed = try await site.get("/nguon-tin/48\(path)/\(format.rawValue)")
                #expect(feed.status == .ok, "\(path)")
                let read = try OutsideReader.read(
                    feed.bytes, script: "read_feed.py", [format == .atom ? "atom" : "json"], ["\(count)"])
                #expect(read.contains("000.00.41.H17-260304-0"))
                // Code and degree of completion, and nothing else of the dossier.
                for secret in ["Tin số", "Bộ phận", "0236", "17:00", FeedSite.code.description, "0193e3a0"] {
                    #expect(!String(decoding: feed.bytes, as: UTF8.self).contains(secret), "\(secret)")
                }
            }
        }
    }

    @Test func `archived pages are linked in both directions and may be kept for ever, the newest entries may not`()
        async throws
    {
        try await FeedSite.with { site in
            try await site.publish(try FeedSite.crowd(170), from: 0)
            let current = try await site.get("/nguon-tin/48/atom.xml?lang=vi")
            let text = String(decoding: current.bytes, as: UTF8.self)
            let base = "href=\"\(FeedSite.address)/nguon-tin/48"
            #expect(
                text.contains("rel=\"prev-archive\" type=\"application/atom+xml\" \(base)/trang/1/atom.xml?lang=vi\""))
            #expect(!text.contains("<fh:archive/>") && current.headers[.cacheControl] == "public, max-age=30")
            let page = try await site.get("/nguon-tin/48/trang/1/atom.xml?lang=vi")
            let archive = String(decoding: page.bytes, as: UTF8.self)
            #expect(
                archive.contains("<fh:archive/>")
                    && page.headers[.cacheControl] == "public, max-age=31536000, immutable")
            for link in [
                "rel=\"current\" type=\"application/atom+xml\" \(base)/atom.xml",
                "rel=\"prev-archive\" type=\"application/atom+xml\" \(base)/trang/0/atom.xml",
                "rel=\"next-archive\" type=\"application/atom+xml\" \(base)/trang/2/atom.xml",
            ] { #expect(archive.contains(link), "\(link)") }
            // The page after it is full, but not followed by a full one yet.
            #expect(try await site.get("/nguon-tin/48/trang/2/atom.xml").headers[.cacheControl] == "public, max-age=30")
            try await site.publish(try FeedSite.crowd(90, from: 170), from: 170)
            #expect(try await site.get("/nguon-tin/48/trang/1/atom.xml?lang=vi").bytes == page.bytes)
            for path in [
                "/nguon-tin/48/trang/9", "/nguon-tin/48/trang/01", "/nguon-tin/48/trang/-1", "/nguon-tin/47",
                "/nguon-tin/048", "/nguon-tin/99999", "/nguon-tin/48/co-quan/%00", "/nguon-tin/48/thu-tuc/x",
            ] {
                #expect(try await site.get("\(path)/atom.xml").status == .notFound, "\(path)")
            }
        }
    }

    @Test func `whoever has a feed already is told so, and gets the new one when something happened`() async throws {
        try await FeedSite.with { site in
            try await site.publish([try FeedSite.notice(1, .accepted)], from: 0)
            for path in ["/ho-so/\(FeedSite.code)/atom.xml", "/nguon-tin/48/feed.json"] {
                let tag = try #require(try await site.get(path).headers[.eTag])
                let unchanged = try await site.get(path, headers: [.ifNoneMatch: tag])
                #expect(unchanged.status == .notModified && unchanged.bytes.isEmpty && unchanged.headers[.eTag] == tag)
            }
            let tag = try #require(try await site.get("/ho-so/\(FeedSite.code)/atom.xml").headers[.eTag])
            try await site.publish([try FeedSite.notice(2, .processing)], from: 1)
            let changed = try await site.get("/ho-so/\(FeedSite.code)/atom.xml", headers: [.ifNoneMatch: tag])
            #expect(changed.status == .ok && changed.headers[.eTag] != tag)
        }
    }

    @Test func `wrong and unknown codes get the JSON's answer from feeds and streams, byte for byte, and no sooner`()
        async throws
    {
        try await FeedSite.with(missTime: .milliseconds(80)) { site in
            try await site.publish([try FeedSite.notice(1, .accepted)], from: 0)
            let json = try await site.get("/v1/progress/abc")
            #expect(json.headers[.contentType] == "application/problem+json; charset=utf-8")
            for code in ["abc", "\(LookUpCode(values: [9, 9, 9]))", "000.00.41.H17-260303-0042", "%3Cscript%3E"] {
                for path in ["/ho-so/\(code)/atom.xml", "/ho-so/\(code)/feed.json", "/events?code=\(code)"] {
                    let start = ContinuousClock.now
                    let answer = try await site.get(path)
                    #expect(ContinuousClock.now - start >= .milliseconds(75), "\(path)")
                    #expect(answer.status == .notFound && answer.bytes == json.bytes, "\(path)")
                    #expect(answer.headers[.contentType] == json.headers[.contentType], "\(path)")
                }
            }
            let slip = try await site.get("/ho-so/74MC-P2XQ-93HR/atom.xml")
            #expect(slip.status == .unprocessableContent)
        }
    }

    @Test(arguments: ["vi", "en"]) func `a stage that is called as its status is told once`(language: String)
        async throws
    {
        try await FeedSite.with { site in
            let stages: [PublicStage] = [.returned, .accepted, .suspended]
            try await site.publish(
                try stages.enumerated().map { index, stage in
                    try FeedSite.notice(1, stage) {
                        ($0.dossier, $0.legalCode) = (
                            "0193e3a0-0000-7000-8000-00000000cc0\(index)", "000.00.41.H17-260304-000\(index)"
                        )
                        $0.root = $0.dossier
                    }
                }, from: 0)
            for file in ["atom.xml", "feed.json"] {
                let feed = try await site.get("/nguon-tin/48/\(file)?lang=\(language)")
                let text = String(decoding: feed.bytes, as: UTF8.self)
                let expected =
                    language == "vi"
                    ? [
                        "Hồ sơ 000.00.41.H17-260304-0000: Đã trả kết quả.",
                        "Hồ sơ 000.00.41.H17-260304-0001: Được tiếp nhận (Đã tiếp nhận).",
                        "Hồ sơ 000.00.41.H17-260304-0002: Dừng xử lý (Tạm dừng).",
                    ]
                    : [
                        "Dossier 000.00.41.H17-260304-0000: Result returned.",
                        "Dossier 000.00.41.H17-260304-0001: Accepted.",
                        "Dossier 000.00.41.H17-260304-0002: Stopped (Suspended).",
                    ]
                for sentence in expected { #expect(text.contains(sentence), "\(sentence)") }
            }
        }
    }

    @Test func `the feed and the events of a dossier that was erased end, the public streams stand`() async throws {
        try await FeedSite.with { site in
            try await site.publish(
                [try FeedSite.notice(1, .submitted), try FeedSite.notice(2, .accepted)], from: 0)
            let streams = ["/nguon-tin/48/atom.xml", "/nguon-tin/48/feed.json"]
            var before: [[UInt8]] = []
            for stream in streams { before.append(try await site.get(stream).bytes) }
            try await site.pool.withSession {
                try $0.execute("UPDATE engine.leaf SET salt = NULL, erased_at = clock_timestamp()")
            }
            let follower = FeedFollower(source: site.pool, feed: site.pool, logger: TestDatabase.logger)
            while try await follower.round() != .idle {}
            let own = FeedFormat.allCases.map { "/ho-so/\(FeedSite.code)/\($0.rawValue)" }
            for path in own + ["/events?code=\(FeedSite.code)", "/events?code=\(FeedSite.code)&last-event-id=48--1"] {
                let answer = try await site.get(path)
                #expect(answer.status == .gone, "\(path)")
                #expect(!String(decoding: answer.bytes, as: UTF8.self).contains("Hải Châu"))
            }
            for (stream, old) in zip(streams, before) { #expect(try await site.get(stream).bytes == old, "\(stream)") }
        }
    }

    @Test func `trying codes on feeds and streams is slowed down as on the page`() async throws {
        let throttle = LookUpThrottle(misses: Quota(count: 3, seconds: 600))
        try await FeedSite.with(throttle: throttle) { site in
            try await site.publish([try FeedSite.notice(1, .accepted)], from: 0)
            for path in ["/ho-so/abc/atom.xml", "/events?code=abc", "/ho-so/abc"] {
                #expect(try await site.get(path).status == .notFound)
            }
            for path in ["/ho-so/abc/feed.json", "/events?code=abc", "/ho-so/abc"] {
                #expect(try await site.get(path).status == .tooManyRequests)
            }
        }
    }

    @Test func `pages point to their feeds, and the stream pages are small`() async throws {
        try await FeedSite.with { site in
            try await site.publish([try FeedSite.notice(1, .accepted)] + FeedSite.crowd(60), from: 0)
            let status = String(decoding: try await site.get("/ho-so/\(FeedSite.code)?lang=en").bytes, as: UTF8.self)
            #expect(
                status.contains(
                    "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"History of the dossier\" href=\"/ho-so/\(FeedSite.code)/atom.xml?lang=en\">"
                ))
            #expect(status.contains("type=\"application/feed+json\""))
            let live = try #require(site.feeds.live)
            let running = Task { try await live.run() }
            let deadline = ContinuousClock.now + .seconds(60)
            while live.provinces.isEmpty, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
            running.cancel()
            try await running.value
            let entry = String(decoding: try await site.get("/").bytes, as: UTF8.self)
            #expect(entry.contains("href=\"/nguon-tin/48/atom.xml?lang=vi\""))
            for path in ["/nguon-tin", "/nguon-tin/48"] {
                let page = try await site.get(path)
                #expect(page.status == .ok && page.bytes.count < 30_000, "\(path)")
                #expect(String(decoding: page.bytes, as: UTF8.self).contains("/nguon-tin/48/atom.xml"))
            }
            #expect(try await site.get("/nguon-tin/47").status == .notFound)
        }
    }

    @Test func `without the database the streams say when to come back`() async throws {
        try await FeedSite.with { site in
            await site.pool.shutdown()
            for path in [
                "/nguon-tin/48/atom.xml", "/nguon-tin", "/events?province=48", "/ho-so/\(FeedSite.code)/atom.xml",
            ] {
                let answer = try await site.get(path)
                #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] != nil, "\(path)")
            }
            #expect(try await site.get("/").status == .ok)
        }
    }
}
