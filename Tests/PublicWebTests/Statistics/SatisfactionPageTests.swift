import HTTPTypes
import JSONText
import Notices
import Postgres
import PublicFeed
import PublicSamples
import TestSupport
import Testing

@testable import PublicWeb

@Suite struct SatisfactionPageTests {
    /// Three counted months: one with agencies, one without enough of them, one with too few ratings of all.
    private static func count(_ site: StatisticsSite) async throws {
        try await site.pool.withSession {
            try $0.execute(
                """
                INSERT INTO feed.satisfaction (province, month, kind, agency, counts) VALUES
                    (48, '2026-03-01', 0, '', '{3,7,1200,600}'), (48, '2026-03-01', 1, '000.00.01.H17', '{2,6,1000,500}'),
                    (48, '2026-03-01', 2, '', '{1,1,200,100}'), (48, '2026-04-01', 0, '', '{0,0,6,4}'),
                    (48, '2026-02-01', 0, '', NULL)
                """)
        }
    }

    @Test func `the newest counted month is shown, and what is not told is held back`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(120)) { site in
            try await Self.count(site)
            let newest = try await site.get("/thong-ke/48/hai-long").text
            #expect(newest.contains("<option selected value=\"2026-04\">"))
            #expect(newest.contains("<td>10</td><td>4</td><td>6</td><td>0</td><td>0</td><td>100,00%</td>"))
            #expect(newest.contains(">ẩn</abbr></td><td>–</td>"))
            #expect(newest.contains("Không đủ đánh giá để công bố riêng từng cơ quan."))
            let march = try await site.get("/thong-ke/48/hai-long?thang=2026-03").text
            #expect(march.contains("<td>1.508</td><td>500</td><td>1.000</td><td>6</td><td>2</td><td>99,47%</td>"))
            #expect(march.contains("Các cơ quan khác, gộp chung</th><td>302</td>"))
            #expect(!march.contains("000.00.01.H17</th>"))
            let english = try await site.get("/thong-ke/48/hai-long?thang=2026-02&lang=en").text
            #expect(english.contains("There are too few ratings to tell agencies apart."))
            let none = try await site.get("/thong-ke/48/hai-long?thang=2026-01").text
            #expect(none.contains("Tháng này chưa được đếm hoặc không có đánh giá nào."))
            #expect(try await site.get("/thong-ke/99/hai-long").status == .notFound)
        }
    }

    @Test func `a province without a counted month says so`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(20)) { site in
            #expect(try await site.get("/thong-ke/48/hai-long").text.contains("Chưa có tháng nào được đếm."))
            let json = try JSONValue.parse(try await site.get("/v1/statistics/48/satisfaction").bytes)
            #expect(json["months"]?.arrayValue?.isEmpty == true)
        }
    }

    @Test func `the JSON has what the page has`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(120)) { site in
            try await Self.count(site)
            let json = try JSONValue.parse(try await site.get("/v1/statistics/48/satisfaction?month=2026-03").bytes)
            let months = try #require(json["months"]?.arrayValue)
            #expect(months.map { $0["month"]?.stringValue } == ["2026-04", "2026-03", "2026-02"])
            #expect(months.map { $0["ratings"] } == [10, 1810, .null])
            #expect(months.last?["verySatisfied"] == .null && json["smallestPublished"] == 10)
            let agencies = try #require(json["agencies"]?.arrayValue)
            #expect(agencies.map { $0["key"]?.stringValue } == ["000.00.01.H17", nil])
            #expect(agencies.first?["dissatisfied"] == 2 && agencies.first?["satisfiedHundredthsOfPercent"] == 9947)
            #expect(try await site.get("/v1/statistics/48/satisfaction").text.contains("agencies") == false)
        }
    }
}
