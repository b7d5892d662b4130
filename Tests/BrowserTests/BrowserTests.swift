import Foundation
import Glibc
import JSONText
import Notices
import PublicSamples
import PublicWeb
import TestSupport
import Testing

/// Every public page in a real browser.
@Suite(.sampleSite, .serialized, .timeLimit(.minutes(15)))
struct BrowserTests {
    /// Opens a page as it is to be looked at.
    func with(
        _ page: PublicPage, _ look: Look, scripts: Bool = true, _ body: (BrowserTab) async throws -> Void
    ) async throws {
        let site = try SampleSite.current
        site.look(at: page.at, isBehind: page.isBehind)
        try await BrowserTab.with(width: look.width, scripts: scripts) { tab in
            try await tab.open(site.address.url(page.path(look.language)))
            try await body(tab)
        }
    }

    @Test(arguments: PublicPage.all, Look.all)
    func `axe finds nothing against WCAG 2.2 AA`(_ page: PublicPage, _ look: Look) async throws {
        try await with(page, look) { tab in
            let report = try await Axe.check(tab)
            #expect(report.violations.isEmpty)
            #expect(report.undecided.isEmpty)
            #expect(report.passed.isSuperset(of: ["color-contrast", "html-has-lang", "document-title", "target-size"]))
        }
    }

    @Test(arguments: PublicPage.all, Look.all)
    func `the page fits its window, asks nobody else, and nothing on it is hidden`(
        _ page: PublicPage, _ look: Look
    ) async throws {
        try await with(page, look) { tab in
            let (requests, statuses, complaints) = tab.record()
            #expect(statuses == [Int64(page.status)])
            let site = try SampleSite.current.address.text
            #expect(requests.allSatisfy { $0.hasPrefix(site + "/") || $0.hasPrefix("data:image/svg+xml,") })
            // The browser says that an answer is an error, which some pages are on purpose.
            #expect(complaints.filter { !$0.contains("the server responded with a status of 4") }.isEmpty)
            #expect(try await tab.lines(Checks.fit).isEmpty)
            #expect(try await tab.lines(Checks.targets).isEmpty)
            #expect(try await tab.lines(Checks.hidden).isEmpty)
            try await keep(tab, "\(page.name)-\(look.width)-\(look.language.rawValue)")
        }
    }

    @Test(arguments: PublicPage.all, Look.all)
    func `without scripts the page is the same`(_ page: PublicPage, _ look: Look) async throws {
        var texts: [JSONValue] = []
        for scripts in [true, false] {
            try await with(page, look, scripts: scripts) { tab in
                texts.append(try await tab.evaluate("document.body.innerText"))
                #expect(try await tab.lines(Checks.scripts).isEmpty)
            }
        }
        #expect(texts.count == 2 && texts.first == texts.last && (texts.first?.stringValue?.count ?? 0) > 100)
    }

    @Test(arguments: [320, 1280])
    func `whoever types a code with the keyboard comes to the page, without scripts`(width: Int) async throws {
        let site = try SampleSite.current
        site.look(at: Samples.now, isBehind: false)
        try await BrowserTab.with(width: width, scripts: false) { tab in
            try await tab.open(site.address.url("/?lang=vi"))
            // The first stop is the way past the header, and it shows.
            try await tab.press("Tab", code: 9)
            #expect(try await tab.evaluate("document.activeElement.className") == "skip")
            #expect(try await tab.evaluate("document.activeElement.getBoundingClientRect().left >= 0") == true)
            for _ in 0..<6 where try await tab.evaluate("document.activeElement.id") != "ma" {
                try await tab.press("Tab", code: 9)
            }
            #expect(try await tab.evaluate("document.activeElement.id") == "ma")
            let code = SampleSite.code(of: "waiting").description
            try await tab.type(code.lowercased().replacing("-", with: " "))
            _ = tab.record()
            try await tab.press("Enter", code: 13, text: "\r")
            try await tab.loaded()
            #expect(try await tab.evaluate("location.pathname") == .string("/ho-so/\(code)"))
            #expect(try await tab.evaluate("document.querySelector('h1').innerText") == "Bạn cần bổ sung 1 giấy tờ.")
        }
    }

    @Test(arguments: ["statistics-province", "wall"])
    func `the widest figure stays in its card on the narrowest telephone`(name: String) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 320, language: .vi)) { tab in
            let spilt = try await tab.evaluate(
                """
                [...document.querySelectorAll('.cards dd')].filter(e => {
                    e.textContent = e.textContent.includes('%') ? '100,00%' : '12.345';
                    return e.scrollWidth > e.clientWidth;
                }).map(e => e.textContent)
                """)
            #expect(spilt == [])
        }
    }

    @Test(arguments: ["statistics-agencies", "statistics-months", "form"])
    func `a wide table scrolls inside its own region by the keyboard, the page does not`(name: String) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 320, language: .vi), scripts: false) { tab in
            for _ in 0..<40 where try await tab.evaluate("document.activeElement.className") != "scroll" {
                try await tab.press("Tab", code: 9)
            }
            let names =
                "document.getElementById(document.activeElement.getAttribute('aria-labelledby')).innerText.length > 5"
            #expect(try await tab.evaluate("document.activeElement.getAttribute('role')") == "region")
            #expect(try await tab.evaluate(names) == true)
            let outline = "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"
            #expect(try await tab.evaluate(outline) == true)
            // To the end of the table, whose last column then shows. The browser scrolls by and by.
            for _ in 0..<60 { try await tab.press("ArrowRight", code: 39) }
            var end: JSONValue = .null
            for _ in 0..<2_000 where end != [0, true] {
                end = try await tab.evaluate(
                    """
                    (() => { const r = document.activeElement;
                    return [scrollX, r.scrollLeft > 0 && r.scrollLeft + r.clientWidth >= r.scrollWidth - 1]; })()
                    """)
            }
            #expect(end == [0, true])
        }
    }

    @Test(arguments: ["receipt", "receipt-moved", "receipt-parts"], Language.allCases)
    func `a receipt is one page of A5`(name: String, language: Language) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 1280, language: language)) { tab in
            let pdf = try await tab.pdf()
            try keep(pdf, "\(name)-\(language.rawValue).pdf")
            // 148 × 210 mm in points, as the browser rounds them.
            #expect(Self.paper(pdf) == ["420x595"])
            try await tab.call("Emulation.setEmulatedMedia", ["media": "print"])
            #expect(
                try await tab.evaluate(
                    "getComputedStyle(document.querySelector('header')).display + getComputedStyle(document.querySelector('.guide')).display"
                ) == "nonenone")
        }
    }

    @Test(arguments: ["receipt", "receipt-moved", "receipt-parts"], Language.allCases)
    func `the State's name and its motto stand on one line each where there is room`(
        name: String, language: Language
    ) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 1280, language: language)) { tab in
            #expect(try await tab.lines(Checks.brokenState).isEmpty)
            // As on paper: what is left of A5 between its margins, in CSS pixels.
            try await tab.call("Emulation.setEmulatedMedia", ["media": "print"])
            try await tab.call(
                "Emulation.setDeviceMetricsOverride",
                ["width": 484, "height": 720, "deviceScaleFactor": 1, "mobile": false])
            #expect(try await tab.lines(Checks.brokenState).isEmpty)
            #expect(try await tab.lines(Checks.fit).isEmpty)
        }
    }

    @Test(arguments: [
        "status-parts", "status-late", "status-done", "legal-code", "statistics-province", "statistics-agencies",
        "form", "wall",
    ])
    func `a page prints without what only a screen needs`(name: String) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 1280, language: .vi)) { tab in
            let pdf = try await tab.pdf()
            try keep(pdf, "\(name).pdf")
            #expect((1...3).contains(Self.paper(pdf).count))
            // A broad table lies on its side, whole.
            let isBroad = try await tab.evaluate("document.querySelector('main').classList.contains('broad')")
            #expect(Set(Self.paper(pdf)) == [isBroad == true ? "842x595" : "595x842"])
            try await tab.call("Emulation.setEmulatedMedia", ["media": "print"])
            let shown = try await tab.evaluate(
                "[...document.querySelectorAll('header, footer, form, .follow ul')].filter(e => e.checkVisibility()).length"
            )
            #expect(shown == 0)
            #expect(try await tab.evaluate("document.querySelector('h1').checkVisibility()") == true)
        }
    }

    @Test(arguments: [("status-parts", ".follow .qr"), ("receipt", ".codes .qr")])
    func `a telephone reads the QR code`(name: String, selector: String) async throws {
        let page = try #require(PublicPage.all.first { $0.name == name })
        try await with(page, Look(width: 320, language: .vi)) { tab in
            let picture = "/tmp/motcua-qr-\(getpid()).png"
            let answer = "/tmp/motcua-qr-\(getpid()).txt"
            defer { [picture, answer].forEach { try? FileManager.default.removeItem(atPath: $0) } }
            try await tab.screenshot(scale: 2, of: selector).write(to: URL(filePath: picture))
            // Appends: what it writes is all that is there.
            try? FileManager.default.removeItem(atPath: answer)
            do { try ChildProcess.run(["zbarimg", "--quiet", "--nodbus", "--raw", picture], log: answer) } catch {
                throw Failure("zbarimg reads nothing, or is missing (scripts/install-browser.sh): \(error)")
            }
            let read = String(decoding: FileManager.default.contents(atPath: answer) ?? Data(), as: UTF8.self)
            let path = page.path.replacing("/giay-tiep-nhan", with: "")
            #expect(read == "\(try SampleSite.current.address.url(path))\n")
        }
    }

    @Test func `a page with faults is found out`() async throws {
        try await BrowserTab.with(width: 1280) { tab in
            try await tab.open("about:blank")
            _ = try await tab.evaluate(
                """
                document.body.innerHTML = '<img src="x"><p style="color:#999;width:1400px">mờ</p><p style="display:none">kín</p>'
                    + '<a href="/">a</a> <a href="/b" style="display:block;width:9px;height:9px;overflow:hidden">b</a>'
                    + '<button onclick="x()">c</button><div role="region" style="overflow-x:auto;width:300px" tabindex="0">'
                    + '<table><tr><td style="min-width:2000px">bảng</td></tr></table></div>'
                """)
            let found = Set(
                try await Axe.check(tab).violations.compactMap { $0.split(separator: ":").first.map(String.init) })
            #expect(found.isSuperset(of: ["image-alt", "color-contrast", "html-has-lang", "document-title"]))
            let fit = try await tab.lines(Checks.fit)
            #expect(fit.contains { $0.hasPrefix("scrolls sideways") } && fit.contains { $0.hasPrefix("P.") })
            // A region without a name is no place for a wide table.
            #expect(fit.contains { $0.hasPrefix("TABLE.") })
            #expect(try await !tab.lines(Checks.targets).isEmpty)
            #expect(try await !tab.lines(Checks.hidden).isEmpty)
            #expect(try await !tab.lines(Checks.scripts).isEmpty)
        }
    }

    /// The papers of a PDF, in points, one a page.
    private static func paper(_ pdf: Data) -> [String] {
        let text = String(decoding: pdf.map { $0 < 0x80 ? $0 : 0x20 }, as: UTF8.self)
        return text.matches(of: #/\/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]/#).compactMap { match in
            guard let width = Double(match.1), let height = Double(match.2) else { return nil }
            return "\(String(format: "%.0f", width))x\(String(format: "%.0f", height))"
        }
    }

    // MARK: - Pictures for people

    /// Writes a picture into MOTCUA_SCREENSHOTS, when that names a folder.
    func keep(_ tab: BrowserTab, _ name: String) async throws {
        guard getenv("MOTCUA_SCREENSHOTS") != nil else { return }
        try keep(try await tab.screenshot(), "\(name).png")
    }

    private func keep(_ data: Data, _ name: String) throws {
        guard let folder = getenv("MOTCUA_SCREENSHOTS") else { return }
        try data.write(to: URL(filePath: String(cString: folder)).appending(path: name))
    }
}
