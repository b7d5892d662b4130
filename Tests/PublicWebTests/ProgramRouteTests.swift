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
            for path in ["/v1/khong-co", "/log/48/khong-co", "/nguon-tin/48/khong-co/atom.xml", "/du-lieu-mo/x.csv"] {
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
}
