import JSONText
import Notices
import PublicSamples
import PublicWeb
import Testing

extension BrowserTests {
    @Test(arguments: Look.all)
    func `a rating without a choice is refused on a page like the others`(_ look: Look) async throws {
        let page = try #require(PublicPage.all.first { $0.name == "rating" })
        try await with(page, look) { tab in
            // Sent as by a browser that does not know `required`.
            _ = try await tab.evaluate(
                "document.querySelectorAll('[required]').forEach(e => { e.required = false; e.checked = false; })")
            _ = tab.record()
            _ = try await tab.evaluate("document.querySelector('form.rate').requestSubmit()")
            try await tab.loaded()
            #expect(tab.record().statuses == [400])
            #expect(try await tab.evaluate("document.getElementById('loi').getClientRects().length > 0") == true)
            let report = try await Axe.check(tab)
            #expect(report.violations.isEmpty && report.undecided.isEmpty)
            for check in [Checks.fit, Checks.targets, Checks.hidden, Checks.scripts] {
                #expect(try await tab.lines(check).isEmpty)
            }
            try await keep(tab, "rating-missing-\(look.width)-\(look.language.rawValue)")
        }
    }

    @Test(arguments: [320, 1280])
    func `whoever rates with the keyboard sees what was kept, without scripts`(width: Int)
        async throws
    {
        let site = try SampleSite.current
        // One dossier a width: each is rated once.
        let sample = width == 320 ? "done" : "refused"
        site.look(at: Samples.moment("2026-03-09T16:00"), isBehind: false)
        let path = "/ho-so/\(SampleSite.code(of: sample))"
        try await BrowserTab.with(width: width, scripts: false) { tab in
            try await tab.open(site.address.url("\(path)?lang=vi"))
            _ = try await tab.evaluate("document.querySelector('a[href$=\"/danh-gia?lang=vi\"]').focus()")
            _ = tab.record()
            try await tab.press("Enter", code: 13, text: "\r")
            try await tab.loaded()
            // The group is one stop, and the arrows choose in it.
            for _ in 0..<20 where try await tab.evaluate("document.activeElement.type") != "radio" {
                try await tab.press("Tab", code: 9)
            }
            try await tab.press("ArrowDown", code: 40)
            #expect(try await tab.evaluate("document.querySelector(':checked').value") == "3")
            let outline = "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"
            #expect(try await tab.evaluate(outline) == true)
            try await tab.press("Tab", code: 9)
            _ = tab.record()
            try await tab.press("Enter", code: 13, text: "\r")
            try await tab.loaded()
            #expect(try await tab.evaluate("location.pathname") == .string("\(path)/danh-gia"))
            let status = try await tab.evaluate("document.querySelector('[role=status]').innerText.trim()")
            #expect(
                status.stringValue?.hasPrefix("Bạn đã đánh giá: Hài lòng. Cảm ơn bạn. Bạn đổi được đến hết ") == true)
            try await keep(tab, "rating-kept-\(width)-vi")
        }
    }
}
