import Notices
import PublicFeed

/// Two bars a period, drawn by the server; the table that says the same stands beside it.
struct TrendChart {
    /// One period.
    struct Bar {
        /// Below the bars: short.
        let label: String
        let received: Int64
        let finished: Int64
    }

    let bars: [Bar]
    /// What the picture is called, and what it says in a sentence.
    let title: LocalText
    let description: LocalText

    private static let height: Int64 = 120

    /// Appends the picture; nothing without bars.
    func write(_ html: inout HTMLWriter) {
        guard !bars.isEmpty else { return }
        let most = max(1, bars.map { max($0.received, $0.finished) }.max() ?? 1)
        let step = 300 / bars.count
        let bar = max(2, (step - 4) / 2)
        html.markup(
            "<figure class=\"chart\"><svg viewBox=\"0 0 340 165\" role=\"img\" aria-labelledby=\"bd-ten bd-mo\">")
        html.markup("<title id=\"bd-ten\">")
        html.local(plain(title, html.language))
        html.markup("</title><desc id=\"bd-mo\">")
        html.local(plain(description, html.language))
        html.markup("</desc><path class=\"axis\" d=\"M30 10V130H336\"/><text x=\"26\" y=\"18\" text-anchor=\"end\">")
        html.value(short(most, html.language))
        html.markup("</text><text x=\"26\" y=\"130\" text-anchor=\"end\">0</text>")
        for (place, period) in bars.enumerated() {
            let left = 34 + place * step
            rect(&html, left, bar, period.received, most, isReceived: true)
            rect(&html, left + bar, bar, period.finished, most, isReceived: false)
            guard bars.count <= 12 || place % 5 == 0 else { continue }
            html.markup("<text x=\"")
            html.number(left + bar)
            html.markup("\" y=\"145\" text-anchor=\"middle\">")
            html.value(period.label)
            html.markup("</text>")
        }
        html.markup("</svg><figcaption><span class=\"key a\"></span> ")
        html.say("Tiếp nhận", "Received")
        html.markup(" <span class=\"key b\"></span> ")
        html.say("Đã giải quyết", "Settled")
        html.markup("</figcaption></figure>")
    }

    private func rect(
        _ html: inout HTMLWriter, _ left: Int, _ width: Int, _ amount: Int64, _ most: Int64, isReceived: Bool
    ) {
        // In doubles only because counts may be of any size; the result is 0…height.
        let tall = Int((Double(max(0, amount)) / Double(most) * Double(TrendChart.height)).rounded())
        html.markup(isReceived ? "<rect class=\"a\" x=\"" : "<rect class=\"b\" x=\"")
        html.number(left)
        html.markup("\" y=\"")
        html.number(130 - tall)
        html.markup("\" width=\"")
        html.number(width)
        html.markup("\" height=\"")
        html.number(tall)
        html.markup("\"/>")
    }

    /// Inside a picture no element may mark the language: the text alone.
    private func plain(_ text: LocalText, _ language: Language) -> LocalText {
        LocalText(vi: text.text(in: language), en: text.text(in: language))
    }

    /// Four characters at most: `9.999`, `12k`, `3M`.
    private func short(_ number: Int64, _ language: Language) -> String {
        switch number {
        case ..<10_000: FigureText.whole(number, language)
        case ..<1_000_000: "\(number / 1_000)k"
        default: "\(number / 1_000_000)M"
        }
    }
}
