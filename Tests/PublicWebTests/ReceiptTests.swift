import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct ReceiptTests {
    static func page(
        _ family: DossierFamily, now: Instant = Samples.now, _ language: Language = .vi, log: LogStanding? = nil
    ) -> String {
        let picture = StatusPage(
            code: Samples.code, family: family, now: now, address: PageTests.address, log: log)
        return String(decoding: ReceiptPage(picture).page(PageShell(language: language, path: "/")), as: UTF8.self)
    }

    static func sample(_ name: String, _ language: Language = .vi) throws -> String {
        let sample = try #require(try Samples.all().first { $0.name == name })
        return page(sample.family, now: sample.now, language)
    }

    @Test func `Form 01 has its lines in the order of the form`() throws {
        PageTests().expectOrder(
            try Self.sample("processing"),
            [
                "Bộ phận Một cửa, UBND phường Hải Châu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "<h1>Giấy tiếp nhận hồ sơ và hẹn trả kết quả</h1>", "Mẫu số 01", "000.00.41.H17-260303-0042",
                "74MC-P2XQ-93HQ", "https://hoso.example.vn", "<svg class=\"qr\"", "Phần này do Bộ phận Một cửa ghi",
                "Tiếp nhận hồ sơ của:<span class=\"fill\">", "Địa chỉ:<span", "Số điện thoại:<span", "Email:<span",
                "Nội dung yêu cầu giải quyết: <strong>Đăng ký khai sinh</strong> (1.001193)",
                "1. Thành phần hồ sơ nộp gồm:<span", "2. Số lượng hồ sơ (bộ):<span",
                "3. Thời gian giải quyết theo quy định",
                "08 giờ 05 phút, ngày 03/03/2026", "17 giờ 00 phút, ngày 10/03/2026",
                "6. Đăng ký nhận kết quả tại:<span", "Vào Sổ theo dõi hồ sơ", "Người nộp hồ sơ",
                "Người tiếp nhận hồ sơ",
            ])
    }

    @Test func `a promise that was moved stands beside the first`() throws {
        #expect(
            try Self.sample("late").contains(
                "<strong>17 giờ 00 phút, ngày 10/03/2026</strong>; nay hẹn: <strong>17 giờ 00 phút, ngày 13/03/2026</strong>"
            ))
        #expect(try Self.sample("waiting").contains("ngày 10/03/2026</strong> (sẽ được tính lại khi hồ sơ đủ)"))
        #expect(try !Self.sample("done").contains("nay hẹn"))
    }

    @Test func `midnight is the end of a day`() throws {
        let family = try Samples.family([Samples.notice { $0.firstPromised = Samples.moment("2026-03-11T00:00") }])
        #expect(Self.page(family).contains("24 giờ 00 phút, ngày 10/03/2026"))
        #expect(Self.page(family, .en).contains("24:00, 10 March 2026"))
    }

    @Test(arguments: [("submitted", "Chưa có giấy tiếp nhận"), ("refused", "Không có giấy tiếp nhận")])
    func `what was not accepted has no receipt`(name: String, text: String) throws {
        let page = try Self.sample(name)
        #expect(page.contains("<h1>\(text)</h1>") && !page.contains("Mẫu số 01"))
    }

    @Test func `the proof's place is told where there is a log, and not promised where there is none`() throws {
        let family = try Samples.family([Samples.notice()])
        #expect(
            Self.page(family, log: LogStanding(province: 48, n: 7, size: nil)).contains(
                "<a href=\"/v1/progress/74MC-P2XQ-93HQ/proof\">https://hoso.example.vn/v1/progress/74MC-P2XQ-93HQ/proof</a>"
            ))
        #expect(!Self.page(family).contains("sổ công khai"))
    }

    @Test func `when the desk is no longer in the notices, its line is general`() throws {
        #expect(Self.page(try Samples.family([Samples.notice()])).contains("<strong>Bộ phận Một cửa</strong>"))
    }
}

@Suite struct QRCodeTests {
    private func drawing(_ text: String) throws -> String {
        var html = HTMLWriter(language: .vi)
        try #require(QRCode(text)).write(label: QRCode.LocalLabel(vi: "Mã", en: "Code"), to: &html)
        return String(decoding: html.bytes, as: UTF8.self)
    }

    @Test func `a code has its three corners and its quiet edge`() throws {
        #expect(try #require(QRCode("A")).side == 21)
        let drawing = try drawing("A")
        // 21 modules and four of white on each side; the corners' first row: seven dark modules left and right.
        #expect(drawing.contains("viewBox=\"0 0 29 29\"") && drawing.contains("d=\"M4 4.5h7m"))
        #expect(drawing.firstMatch(of: #/M4 4\.5h7(?:m\d+ 0h\d+)*m\d+ 0h7M4 5\.5h1m5 0h1/#) != nil)
        #expect(drawing.contains("M4 10.5h7") && drawing.contains("M4 24.5h7"))
    }

    @Test func `a page's address makes a small drawing`() throws {
        let address = "https://dichvucong.danang.gov.vn/ho-so/74MC-P2XQ-93HQ"
        let small = try drawing(address)
        let other = try drawing(address + "x")
        #expect(small.utf8.count < 4_000 && small != other)
    }

    @Test func `the codes of a site's pages are those that the library makes, wherever it takes the same mask`() throws
    {
        let address = try #require(PublicAddress("https://dichvucong.danang.gov.vn"))
        let series = try #require(QRSeries.of(address))
        /// The three modules that name the mask.
        func mask(_ code: QRCode) -> [UInt64] { (3...5).map { code.rows[code.side - $0] >> 8 & 1 } }
        var source = SystemRandomNumberGenerator()
        var sameCount = 0
        for _ in 0..<400 {
            let code = LookUpCode.random(using: &source)
            let made = series.code(code)
            let whole = try #require(QRCode(address.url("/ho-so/\(code)")))
            #expect(made.side == whole.side)
            guard mask(made) == mask(whole) else { continue }
            sameCount += 1
            #expect(made == whole)
        }
        // One of eight masks, not all of which are taken equally often.
        #expect(sameCount > 0)
    }

    @Test(arguments: ["", String(repeating: "a", count: 201)])
    func `what cannot be read from paper is not drawn`(text: String) {
        #expect(QRCode(text) == nil)
    }
}

@Suite struct PublicAddressTests {
    @Test(arguments: [
        ("https://hoso.danang.gov.vn", "https://hoso.danang.gov.vn"), ("https://a.vn/tra-cuu/", "https://a.vn/tra-cuu"),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081"), ("http://[::1]:80//", "http://[::1]:80"),
    ])
    func `an address reads without its last slash`(typed: String, text: String) {
        #expect(PublicAddress(typed)?.text == text)
    }

    @Test(arguments: [
        "", "hoso.danang.gov.vn", "https://", "https:///x", "ftp://a.vn", "https://a.vn/?x", "https://a.vn#x",
        "https://user@a.vn", "https://a.vn/\"><script>", "https://" + String(repeating: "a", count: 101),
    ])
    func `anything else is none`(typed: String) { #expect(PublicAddress(typed) == nil) }
}
