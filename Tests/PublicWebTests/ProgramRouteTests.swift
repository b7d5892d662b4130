import Edge
import HTTPTypes
import Postgres
import Testing

@testable import PublicWeb

/// What programs read answers programs: whatever is wrong there is a problem document, never a page.
@Suite struct ProgramRouteTests {
    @Test func `every route is either for people or for programs, and the addresses tell which`() async throws {
        try await WholeSite.with { site in
            let known = WholeSite.programs.map(\.pattern) + WholeSite.people
            #expect(Set(site.patterns) == Set(known) && known.count == Set(known).count)
            for pattern in known where !pattern.hasPrefix("/static/") {
                #expect(
                    ProgramAddress.covers(pattern) == WholeSite.programs.contains { $0.pattern == pattern },
                    "\(pattern)")
            }
        }
    }

    @Test func `whatever a program asks for amiss, the answer is a problem document`() async throws {
        try await WholeSite.with { site in
            for route in WholeSite.programs {
                for wrong in route.wrong { try await site.expectProblem(wrong.path, status: wrong.status) }
                try await site.expectProblem(route.path, method: .patch, status: 405)
            }
            // Nothing is there, and what would be there is read by programs.
            for path in [
                "/v1/khong-co", "/log/48/khong-co", "/nguon-tin/48/khong-co/atom.xml", "/du-lieu-mo/x.csv",
                // Where a page's address would be, too.
                "/thong-ke/x.csv", "/thong-ke/48.json", "/ho-so/abc.json", "/ho-so/\(WholeSite.code).xml",
                "/bang-tin/48.csv", "/nguon-tin/48.xml",
            ] {
                try await site.expectProblem(path, status: 404)
            }
        }
    }

    @Test func `a program that asks too often is told so in a problem document`() async throws {
        let nothing = Quota(count: 1, seconds: 3_600)
        try await WholeSite.with(quota: nothing) { site in
            for (place, route) in WholeSite.programs.enumerated() where route.isCounted {
                let block = "198.51.\(place).7"
                _ = try await site.ask(route.path, from: block)
                let refused = try await site.expectProblem(route.path, from: block, status: 429)
                #expect(refused[.retryAfter] != nil, "\(route.path)")
            }
        }
    }

    @Test func `without the database programs are told when to come back`() async throws {
        try await WholeSite.with { site in
            await site.pool.shutdown()
            for route in WholeSite.programs where route.readsDatabase {
                let headers = try await site.expectProblem(route.path, status: 503)
                #expect(headers[.retryAfter] != nil, "\(route.path)")
            }
        }
    }

    @Test func `people are still answered by pages`() async throws {
        try await WholeSite.with { site in
            for path in ["/khong-co", "/ho-so/abc", "/ho-so/abc/giay-tiep-nhan", "/thong-ke/99", "/nguon-tin/47"] {
                let answer = try await site.ask(path)
                #expect(answer.headers[.contentType] == "text/html; charset=utf-8", "\(path)")
            }
        }
    }

    @Test func `search engines may list what is the same for everybody, and nothing of a dossier`() async throws {
        try await WholeSite.with { site in
            let robots = try await site.ask("/robots.txt")
            #expect(robots.headers[.contentType] == "text/plain; charset=utf-8")
            let lines = robots.text.split(separator: "\n").map(String.init)
            #expect(lines.first == "User-agent: *")
            let closed = lines.dropFirst().map { $0.replacing("Disallow: ", with: "") }
            for pattern in WholeSite.people where pattern != Stylesheet.path {
                let path = pattern.replacing("{code}", with: WholeSite.code).replacing("{province}", with: "48")
                let answer = try await site.ask(path)
                let refusal = "noindex, nofollow"
                let refuses = answer.headers[.robots] == refusal || answer.text.contains("content=\"\(refusal)\"")
                #expect(refuses == closed.contains(where: path.hasPrefix), "\(path)")
                #expect(refuses == !SearchEngines.mayList(path), "\(path)")
            }
            // What programs read of dossiers and legal codes.
            for path in WholeSite.programs.map(\.path) {
                guard path.contains(WholeSite.code) || path.hasPrefix("/nguon-tin") else { continue }
                #expect(closed.contains(where: path.hasPrefix), "\(path)")
            }
        }
    }

    @Test func `the site has an icon, which is kept for long`() async throws {
        try await WholeSite.with { site in
            let icon = try await site.ask("/favicon.ico")
            #expect(icon.headers[.contentType] == "image/x-icon")
            #expect(icon.headers[.cacheControl] == "public, max-age=2592000")
            // One picture of 32 by 32, which begins behind the directory and goes to the end.
            #expect(Array(icon.bytes.prefix(8)) == [0, 0, 1, 0, 1, 0, 32, 32])
            #expect(icon.bytes.count == 326)
            #expect(Array(icon.bytes[14..<22]) == [48, 1, 0, 0, 22, 0, 0, 0])
        }
    }
}
