import Edge
import JSONText
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

/// What is told and how, whatever the dossier says.
extension PageTests {
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
}
