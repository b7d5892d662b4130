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

    @Test func `the last sentence stands when only dates changed`() throws {
        let page = try Self.sample("late")
        expectOrder(
            page, ["<h1>Bộ phận Tư pháp", "Diễn biến", "Ngày hẹn trả: ", "Bộ phận Tư pháp – Hộ tịch đang giải quyết"])
    }

    @Test func `a notice that says nothing new is no event`() throws {
        let family = try Samples.family(Samples.earlier + [Samples.notice(), Samples.notice(4) { $0.sentence = nil }])
        #expect(PublicEvent.all(of: family).map(\.notice.number) == [3, 2, 1])
    }

    @Test func `a sentence that is told twice at one instant stands once, told again later it stands again`() throws {
        let decided = Samples.notice(3) { ($0.status, $0.stage) = (.decided, .decided) }
        let returned = Samples.notice(4) { ($0.status, $0.stage) = (.returned, .returned) }
        let reminder = Samples.notice(5) { $0.at = Samples.moment("2026-03-20T08:00") }
        let family = try Samples.family(Samples.earlier + [decided, returned, reminder])
        #expect(PublicEvent.told(of: family).map(\.notice.number) == [5, 4, 2, 1])
    }

    @Test(arguments: [("refused", "Từ chối giải quyết"), ("withdrawn", "Đã rút theo yêu cầu")])
    func `a part that was not granted wears no tick`(result: String, tag: String) throws {
        let part = Samples.notice(3) { notice in
            notice.dossier = "part"
            (notice.root, notice.parent) = (Samples.notice().dossier, Samples.notice().dossier)
            (notice.status, notice.stage, notice.result) = (.returned, .returned, result)
            notice.finished = notice.at
        }
        let page = Self.page(try Samples.family([Samples.notice()], parts: [[part]]))
        #expect(page.contains("<span class=\"tag halt\">\(tag)</span>"))
        #expect(!page.contains("tag done"))
    }

    @Test func `midnight is never shown as a time`() throws {
        let family = try Samples.family([Samples.notice { $0.at = Samples.moment("2026-03-04T00:00") }])
        let page = Self.page(family)
        #expect(page.contains(">Thứ Tư, 04/03/2026</time>") && !page.contains(", 00:00"))
    }

    @Test func `what is too old is said to be`() throws {
        let page = Self.page(try Samples.family([Samples.notice()]), staleSince: Samples.moment("2026-03-05T09:20"))
        #expect(page.contains("được cập nhật đến <time datetime=\"2026-03-05T09:20:00+07:00\">"))
    }

    @Test func `hostile text stays text`() throws {
        let attack = "<script>alert('x')</script>\" onclick=\"y&z\u{202E}\u{0000}\u{2067}ế"
        let text = LocalText(vi: attack, en: attack)
        let family = try Samples.family(
            [
                Samples.notice {
                    ($0.sentence, $0.procedureTitle, $0.legalCode, $0.procedureCode) = (text, text, attack, attack)
                    $0.holder = Notice.Holder(agency: attack, name: text, phone: attack)
                    $0.action = Notice.RequiredAction(text: text)
                    $0.milestones = [Notice.PublicMilestone(key: attack, title: text)]
                }
            ], parts: [[Samples.part(1, text, text)]])
        for language in Language.allCases {
            let page = Self.page(family, language)
            #expect(!page.contains("<script") && !page.contains("onclick=\"") && !page.contains("'x'"))
            #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onclick=&quot;y&amp;zế"))
            #expect(!page.unicodeScalars.contains { [0, 0x202E, 0x2067].contains($0.value) })
        }
    }

    @Test func `English is English, and what exists in Vietnamese only says so`() throws {
        let page = try Self.sample("parts", .en)
        #expect(page.hasPrefix("<!doctype html><html lang=\"en\">"))
        #expect(page.contains("<span lang=\"vi\">Khai sinh đã xong"))
        #expect(page.contains("Tuesday, 10 March 2026, 17:00"))
        for word in ["Bạn ", "Hồ sơ ", "Hẹn ", "Các "] { #expect(!page.contains(">\(word)")) }
        #expect(page.contains("?lang=vi\" hreflang=\"vi\" lang=\"vi\">Tiếng Việt"))
        #expect(try Self.sample("parts").contains("?lang=en\" hreflang=\"en\" lang=\"en\">English"))
    }

    @Test func `every element that is opened is closed, on every page`() throws {
        var pages = try Samples.all().flatMap { sample in
            Language.allCases.map { Self.page(sample.family, now: sample.now, $0, staleSince: sample.now) }
        }
        for language in Language.allCases {
            let shell = PageShell(language: language, path: "/")
            let small = [
                shell.entry(.none), shell.entry(.empty), shell.entry(.slip(typed: "<\"'>")), shell.entry(.notFound),
                shell.privacy(), shell.problem(.tooManyRequests(retryAfterSeconds: 3)),
            ]
            pages += small.map { String(decoding: $0, as: UTF8.self) }
            pages += try Samples.all().map { ReceiptTests.page($0.family, now: $0.now, language) }
        }
        for page in pages {
            #expect(Self.unbalanced(page) == nil)
            #expect(page.utf8.count < 30_000)
            #expect(page.components(of: "<h1>") == 1)
        }
    }

    @Test func `each part is one line with its own steps`() throws {
        let page = try Self.sample("parts")
        #expect(page.components(of: "<p class=\"line\" aria-hidden=\"true\">") == 3)
        expectOrder(
            page,
            [
                "<h3>Thường trú</h3>", "<i class=\"d\"></i><i class=\"d\"></i><i class=\"n\"></i><i></i><i></i></p>",
                "<p>Bước 3/5: Giải quyết</p>",
            ])
    }

    @Test func `a refused part is told before anything else, with its reason and the right to complain`() throws {
        let no = LocalText(vi: "Công an chưa đăng ký thường trú vì trẻ không cư trú ở đó.", en: nil)
        let refused = Samples.part(2, LocalText(vi: "Thường trú", en: "Residence"), LocalText(vi: "Công an phường")) {
            ($0.status, $0.stage, $0.finished, $0.result) = (.returned, .returned, Samples.now, "refused")
            $0.sentence = no
        }
        let whole = Samples.notice {
            ($0.status, $0.stage, $0.finished, $0.result) = (.returned, .returned, Samples.now, "issued")
        }
        let page = Self.page(try Samples.family(Samples.earlier + [whole], parts: [[refused]]))
        expectOrder(
            page,
            [
                "Đã trả kết quả", "Bạn không phải làm gì.", "Không được giải quyết: Thường trú", "href=\"#cac-phan\"",
                "<section id=\"cac-phan\">", "<h3>Thường trú</h3>",
                "<span class=\"tag halt\">Từ chối giải quyết</span>",
                "<p>\(no.vi)", "Luật Khiếu nại 2011", "Diễn biến",
            ])
    }

    @Test func `of one moment the end of a part comes first, then what the whole made of it, then what began`() throws {
        let moment = Samples.now
        func told(_ id: Int, _ text: String, _ change: (inout Notice) -> Void = { _ in }) -> Notice {
            Samples.part(id, LocalText(vi: "Phần \(id)"), LocalText(vi: "Cơ quan")) {
                ($0.at, $0.sentence) = (moment, LocalText(vi: text, en: nil))
                change(&$0)
            }
        }
        let ended = ["Giấy khai sinh đã có.", "Giấy khai sinh đã có."].enumerated().map { place, text in
            told(1, text) { ($0.number, $0.finished, $0.result) = (place + 1, moment, "issued") }
        }
        let whole = ["Giấy khai sinh đã có.", "Đã chuyển tới Công an."].enumerated().map { place, text in
            Samples.notice(place + 1) { ($0.at, $0.sentence) = (moment, LocalText(vi: text, en: nil)) }
        }
        let family = try Samples.family(whole, parts: [ended, [told(2, "Công an đang đăng ký.")]])
        let events = PublicEvent.told(of: family)
        #expect(
            events.map(\.notice.sentence?.vi) == [
                "Công an đang đăng ký.", "Đã chuyển tới Công an.", "Giấy khai sinh đã có.",
            ])
        #expect(events.last?.notice.number == 2 && events.last?.notice.part?.vi == "Phần 1")
    }

    @Test(arguments: [
        (PublicStage.suspended, "cơ quan tạm dừng giải quyết"), (.needsPayment, "chờ nộp phí"),
        (.withdrawing, "chờ xác nhận"),
    ])
    func `a pause has its reason`(stage: PublicStage, reason: String) throws {
        let paused = Samples.notice { ($0.stage, $0.paused) = (stage, true) }
        #expect(Self.page(try Samples.family(Samples.earlier + [paused])).contains("Lý do: \(reason)"))
        let resumed = Samples.notice(4) { $0.pausedDays = 2 }
        let page = Self.page(try Samples.family(Samples.earlier + [paused, resumed]))
        #expect(page.contains("Số ngày tạm dừng đến nay: 2. Lý do: \(reason)") && !page.contains("đang tạm dừng"))
    }

    @Test func `without an address there is no QR code`() throws {
        let family = try Samples.family([Samples.notice()])
        let bytes = StatusPage(code: Samples.code, family: family, now: Samples.now)
            .page(PageShell(language: .vi, path: "/"))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("<svg"))
    }

    @Test func `a long life still fits on a page`() throws {
        let long = LocalText(vi: String(repeating: "Hồ sơ đang được chuyển qua cơ quan khác. ", count: 8))
        let notices = (1...100).map { number in
            Samples.notice(number) {
                $0.at = $0.at.adding(seconds: Int64(number) * 60); $0.sentence = long
            }
        }
        let parts = (0...9).flatMap { _ in [Samples.part(1, long, long), Samples.part(2, long, long)] }
        let page = Self.page(try Samples.family(notices, parts: parts.map { [$0] }))
        #expect(page.utf8.count < 30_000)
        #expect(
            page.contains("Số diễn biến cũ hơn không hiện ở đây: ") && page.contains("Số phần khác không hiện ở đây: "))
        #expect(page.contains("<ol class=\"events\"><li>") && page.hasSuffix("</footer></body></html>"))
    }

    @Test func `contrast and line height are what the stylesheet promises`() {
        let sheet = String(decoding: Stylesheet.bytes, as: UTF8.self)
        #expect(sheet.contains("line-height:1.6") && !sheet.contains("line-height:1.2"))
        #expect(sheet.contains("@media print") && sheet.contains(":focus-visible"))
        let pairs = [
            ("1b2229", "ffffff"), ("3d4852", "ffffff"), ("0b3c73", "e7f0f9"), ("553a00", "fff3cf"),
            ("0d4a22", "e3f3e7"),
            ("2f3943", "eef1f4"), ("86120e", "fdeae8"), ("ffffff", "0b3c73"), ("0b4f9e", "ffffff"),
            ("0b4f9e", "fdf1f0"),
        ]
        for (text, ground) in pairs {
            #expect(
                sheet.contains(text == "ffffff" ? "#fff" : text) && sheet.contains(ground == "ffffff" ? "#fff" : ground)
            )
            #expect(Self.contrast(text, ground) >= 7, "#\(text) on #\(ground)")
        }
    }

    /// The first element that is closed wrongly; nil when all are right.
    static func unbalanced(_ page: String) -> String? {
        let void: Set<String> = ["meta", "link", "input", "br", "path", "!doctype"]
        var open: [String] = []
        for piece in page.split(separator: "<").dropFirst(0) {
            let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            guard !name.isEmpty, !void.contains(String(name)) else { continue }
            if !name.hasPrefix("/") {
                open.append(String(name))
            } else if open.popLast() != String(name.dropFirst()) {
                return String(name)
            }
        }
        return open.last
    }

    /// The contrast of two colours as WCAG 2.2 defines it.
    static func contrast(_ first: String, _ second: String) -> Double {
        let light = [first, second].map(luminance).sorted()
        return (light[1] + 0.05) / (light[0] + 0.05)
    }

    private static func luminance(_ colour: String) -> Double {
        let value = Int(colour, radix: 16) ?? 0
        let parts = [16, 8, 0].map { (shift: Int) -> Double in
            let part = Double((value >> shift) & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : power24((part + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// x to the 2.4, as x² times the fifth root of x², by Newton.
    private static func power24(_ x: Double) -> Double {
        let square = x * x
        var root = 1.0
        for _ in 0..<60 {
            let fourth = root * root * root * root
            root -= (fourth * root - square) / (5 * fourth)
        }
        return square * root
    }
}

extension String {
    /// How often a text occurs.
    func components(of text: String) -> Int { ranges(of: text).count }
}
