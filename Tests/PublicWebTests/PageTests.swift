import Edge
import JSONText
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct PageTests {
    static let address = PublicAddress("https://hoso.example.vn")

    static func page(
        _ family: DossierFamily, now: Instant = Samples.now, _ language: Language = .vi, staleSince: Instant? = nil
    ) -> String {
        let shell = PageShell(language: language, path: "/ho-so/\(Samples.code)")
        let page = StatusPage(
            code: Samples.code, family: family, now: now, staleSince: staleSince, address: address)
        return String(decoding: page.page(shell), as: UTF8.self)
    }

    static func sample(_ name: String, _ language: Language = .vi) throws -> String {
        let sample = try #require(try Samples.all().first { $0.name == name })
        return page(sample.family, now: sample.now, language)
    }

    /// Whether the texts stand on the page in this order.
    func expectOrder(_ page: String, _ texts: [String]) {
        var rest = page[...]
        for text in texts {
            guard let range = rest.firstRange(of: text) else {
                Issue.record("“\(text)” is missing or too early")
                return
            }
            rest = rest[range.upperBound...]
        }
    }

    @Test func `the sections stand in the order that people need them`() throws {
        expectOrder(
            try Self.sample("parts"),
            [
                "74MC-P2XQ-93HQ", "Đang xử lý", "<div role=\"status\"><h1>Bạn cần bổ sung", "Việc bạn cần làm",
                "Hồ sơ đang ở",
                "Hẹn trả kết quả", "Các bước", "aria-current=\"step\"", "Các phần của hồ sơ liên thông", "Diễn biến",
                "Thông tin hồ sơ", "Theo dõi và in", "/ho-so/74MC-P2XQ-93HQ/atom.xml",
                "/ho-so/74MC-P2XQ-93HQ/giay-tiep-nhan", "<svg class=\"qr\" role=\"img\"",
                "<h2>Đánh giá, phản ánh, khiếu nại</h2>", "Nghị định 20/2008/NĐ-CP",
            ])
    }

    /// A whole whose part asked for papers, and what became of it.
    private func asked(_ change: (inout Notice) -> Void) throws -> DossierFamily {
        let root = Samples.notice(4) {
            $0.at = Samples.moment("2026-03-05T08:00")
            ($0.status, $0.stage, $0.paused, $0.sentence) = (.needsDocuments, .needsDocuments, true, nil)
            $0.action = Notice.RequiredAction(
                text: LocalText(vi: "Bạn cần bổ sung cho phần “Khai sinh”."), until: Samples.moment("2026-03-12T00:00"))
        }
        let part = Samples.part(1, LocalText(vi: "Khai sinh"), LocalText(vi: "UBND phường Hải Châu")) {
            $0.at = Samples.moment("2026-03-12T08:10")
            ($0.status, $0.stage, $0.paused) = (.needsDocuments, .needsDocuments, true)
            $0.sentence = LocalText(vi: "Đã quá thời hạn bổ sung.")
            change(&$0)
        }
        return try Samples.family(Samples.earlier + [Samples.notice(), root], parts: [[part]])
    }

    @Test func `a time limit that has passed is said, and nobody is said to be at work meanwhile`() throws {
        let family = try asked { _ in }
        let late = Self.page(family, now: Samples.moment("2026-03-14T08:00"))
        #expect(late.contains("<h1>Đã quá thời hạn bổ sung.</h1>"))
        #expect(late.contains("<strong>Đã quá hạn:</strong> <time") && !late.contains("Hạn cuối"))
        let before = Self.page(family, now: Samples.moment("2026-03-11T08:00"))
        #expect(before.contains("Hạn cuối: ") && !before.contains("Đã quá hạn:"))
        // The page in memory is written anew when the limit passes.
        let root = try #require(family.dossier.history.first)
        #expect(Punctuality.turns(of: root).contains(Samples.moment("2026-03-12T00:00")))
        // Without a word of the part the page still does not say that somebody works on it.
        let silent = try asked { $0.sentence = nil }
        #expect(Self.page(silent).contains("<h1>Hồ sơ đang chờ bạn.</h1>"))
        // What was said of the waiting itself stands.
        #expect(try Self.sample("waiting").contains("<h1>Bạn cần bổ sung 1 giấy tờ.</h1>"))
    }

    @Test func `the JSON says the page's sentence and holder`() throws {
        let family = try asked {
            $0.action = Notice.RequiredAction(text: LocalText(vi: "Nộp giấy chứng sinh"))
        }
        let page = StatusPage(code: Samples.code, family: family, now: Samples.now)
        let json = try JSONValue.parse(ProgressJSON.bytes(page))
        #expect(json["sentence"]?["vi"]?.stringValue == "Bạn cần bổ sung để hồ sơ được giải quyết tiếp.")
        #expect(json["holder"]?["name"]?["vi"]?.stringValue == "UBND phường Hải Châu")
        let part = json["parts"]?.arrayValue?.first
        #expect(part?["sentence"]?["vi"]?.stringValue == "Đã quá thời hạn bổ sung.")
    }

    @Test func `a whole of which a part was refused was granted in part, and nobody holds what was returned`() throws {
        func family(_ result: String) throws -> DossierFamily {
            let root = Samples.notice(5) {
                ($0.at, $0.finished, $0.result) = (Samples.now, Samples.now, "issued")
                ($0.status, $0.stage, $0.sentence) = (.returned, .returned, LocalText(vi: "Đã trả kết quả."))
            }
            let part = Samples.part(1, LocalText(vi: "Thường trú"), LocalText(vi: "Công an phường Hải Châu")) {
                ($0.status, $0.stage, $0.finished, $0.result) = (.returned, .returned, Samples.now, result)
            }
            return try Samples.family(Samples.earlier + [root], parts: [[part]])
        }
        // JSON and the dossier's own feed tell what the page tells.
        for (part, whole, word) in [
            ("refused", "partial", "Đã giải quyết một phần: "), ("issued", "issued", "Đã giải quyết: "),
        ] {
            let told = try family(part)
            let json = try JSONValue.parse(
                ProgressJSON.bytes(StatusPage(code: Samples.code, family: told, now: Samples.now)))
            #expect(json["result"]?.stringValue == whole)
            #expect(json["parts"]?.arrayValue?.first?["result"]?.stringValue == part)
            let entries = FeedDocument(Samples.code, told, .vi).entries
            let end = try #require(entries.first { $0.title == "Đã trả kết quả." })
            #expect(end.lines.contains { $0.hasPrefix(word) }, "\(end.lines)")
        }
        let partial = Self.page(try family("refused"))
        #expect(partial.contains("<h2>Kết quả</h2><p><strong>Đã giải quyết một phần</strong>"))
        #expect(partial.contains("<h2>Liên hệ</h2>") && !partial.contains("Hồ sơ đang ở"))
        #expect(Self.page(try family("issued")).contains("<h2>Kết quả</h2><p><strong>Đã giải quyết</strong>"))
    }

    @Test(arguments: [
        ("submitted", false, false), ("processing", false, false), ("waiting", false, false), ("late", false, false),
        ("done", true, true), ("withdrawn", true, false), ("refused", true, true),
    ])
    func `what has ended can be rated, and what was decided can be complained of`(
        name: String, isRated: Bool, isComplained: Bool
    ) throws {
        for language in Language.allCases {
            let page = try Self.sample(name, language)
            let voice = try #require(page.split(separator: "<h2>").last { $0.contains("20/2008") })
            let link = "href=\"/ho-so/74MC-P2XQ-93HQ/danh-gia?lang=\(language.rawValue)\""
            #expect(voice.contains(link) == isRated)
            #expect(voice.contains("2011") == isComplained)
        }
    }

    @Test func `feedback goes to who held it last, and to the Internet where somebody said where`() throws {
        let done = try Self.sample("done").split(separator: "20/2008/NĐ-CP)")
        #expect(
            done.last?.hasPrefix(
                " với Bộ phận Một cửa, UBND phường Hải Châu<br>Điện thoại: <a class=\"tel\" href=\"tel:02363822333\">")
                == true
        )
        // Nobody holds what was withdrawn: then whoever held it before.
        #expect(
            try Self.sample("withdrawn").contains("với Bộ phận Tư pháp – Hộ tịch, UBND phường Hải Châu<br>Điện thoại"))
        let unheld = try Samples.family([Samples.notice { $0.holder = nil }])
        #expect(Self.page(unheld).contains("với Bộ phận Một cửa nơi bạn nộp hồ sơ."))
        #expect(!Self.page(unheld).contains("Hoặc trên mạng"))
        let told = StatusPage(
            code: Samples.code, family: unheld, now: Samples.now,
            feedback: PublicAddress("https://pakn.example.vn/gui"))
        #expect(
            String(decoding: told.page(PageShell(language: .vi, path: "/")), as: UTF8.self).contains(
                "Hoặc trên mạng: <a href=\"https://pakn.example.vn/gui\">https://pakn.example.vn/gui</a>"))
    }

    @Test(arguments: [
        (
            "submitted",
            ["Đã nộp, chờ tiếp nhận", "Bạn không phải làm gì.", "Bạn sẽ có ngày hẹn trả khi hồ sơ được tiếp nhận."]
        ),
        (
            "processing",
            [
                "Bạn không phải làm gì.", "href=\"tel:02363822334\"", "Thứ Ba, 10/03/2026, 17:00",
                "Đang ở bước: </span>Giải quyết",
            ]
        ),
        (
            "waiting",
            [
                "Chờ bạn bổ sung", "Nộp giấy chứng sinh", "Thứ Sáu, 13/03/2026, 24:00", "tính lại khi hồ sơ đủ",
                "Hẹn ban đầu: ", "Thời hạn đang tạm dừng", "tạm dừng đến nay: 1. Lý do: chờ bạn bổ sung hồ sơ",
            ]
        ),
        (
            "parts",
            ["Thẻ bảo hiểm y tế: <strong>Bổ sung ảnh", "Đã giải quyết: ", "tag late", "Ngày hẹn sẽ được tính lại"]
        ),
        (
            "late",
            [
                "Quá hạn", "Bạn không phải làm gì.", "Hồ sơ đã quá hạn trả kết quả.", "Xin lỗi bạn", "Mẫu số 04",
                "Hẹn ban đầu: ", "Lý do đổi: thời gian tạm dừng",
            ]
        ),
        (
            "done",
            [
                "Đã có kết quả", "Mang giấy hẹn", "Kết quả</h2><p><strong>Đã giải quyết",
                "Đang ở bước: </span>Trả kết quả",
            ]
        ),
        (
            "withdrawn",
            ["Đã rút", "Đã rút theo yêu cầu", "Kết thúc ở bước: </span>Giải quyết", "Không thực hiện: </span>Ký duyệt"]
        ),
        ("refused", ["Không tiếp nhận", "không thuộc thẩm quyền", "Luật Khiếu nại 2011"]),
    ])
    func `each state says what it is`(name: String, texts: [String]) throws {
        expectOrder(try Self.sample(name), texts)
    }

    @Test(arguments: [
        ("waiting", "17:00</time></strong>"), ("processing", "Quá hạn"), ("done", "chậm trễ"), ("withdrawn", "Hẹn trả"),
        ("withdrawn", "aria-current"), ("refused", "aria-current"),
    ])
    func `no state says what it is not`(name: String, text: String) throws {
        #expect(try !Self.sample(name).contains(text))
    }

    @Test func `a supplement that is open hides a date that was left in the notice`() throws {
        let family = try Samples.family([
            Samples.notice {
                ($0.status, $0.stage) = (.needsDocuments, .needsDocuments); $0.firstPromised = nil
            }
        ])
        let page = Self.page(family)
        #expect(!page.contains("10/03/2026"))
        #expect(page.contains("Hồ sơ đang chờ bạn.") && !page.contains("Bạn không phải làm gì"))
    }

    @Test(arguments: [
        ("2026-03-10T17:00", "", ""), ("2026-03-10T17:01", "Đã qua giờ hẹn hôm nay", "Quá hạn"),
        ("2026-03-11T00:00", "Hồ sơ đã quá hạn", "Đã qua giờ hẹn"),
    ])
    func `lateness is said from the day after the promise`(now: String, said: String, unsaid: String) throws {
        let page = Self.page(try Samples.family([Samples.notice()]), now: Samples.moment(now))
        #expect(said.isEmpty ? !page.contains("Đã qua giờ") && !page.contains("uá hạn") : page.contains(said))
        #expect(unsaid.isEmpty || !page.contains(unsaid))
    }

    @Test func `a paused clock is not late`() throws {
        let family = try Samples.family([Samples.notice { $0.paused = true }])
        #expect(!Self.page(family, now: Samples.moment("2026-04-01T09:00")).contains("uá hạn"))
    }

    @Test func `a result after the promised day is said to be late`() throws {
        let family = try Samples.family([
            Samples.notice {
                ($0.stage, $0.status, $0.finished, $0.result) = (
                    .decided, .decided, Samples.moment("2026-03-11T08:00"), "issued"
                )
            }
        ])
        #expect(Self.page(family).contains("Kết quả có sau ngày hẹn."))
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int { ranges(of: text).count }
}
