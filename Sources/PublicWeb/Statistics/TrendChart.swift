import Notices
import PublicFeed

/// Two bars a period, drawn by the server; the table that says the same stands below it.
///
/// Only the bars are a picture, which is stretched to the width there is; all text is text of the page, as large on a phone
/// as the rest.
struct TrendChart {
    /// One period.
    struct Bar {
        /// Below the bars: short. Empty where the period before has it.
        let label: String
        let received: Int64
        let finished: Int64
    }

    let bars: [Bar]
    /// What the picture shows, from when to when.
    let title: LocalText
    /// How many periods share a label.
    var periodsALabel = 1

    /// Fewer bars would be as broad as the page.
    private static let slotCountMin = 6
    private static let height: Int64 = 100
    /// The width of a period; its bars are 36 each.
    private static let slot = 100

    /// Appends the picture; nothing without bars.
    func write(_ html: inout HTMLWriter) {
        guard !bars.isEmpty else { return }
        let most = max(1, bars.map { max($0.received, $0.finished) }.max() ?? 1)
        let slots = max(bars.count, TrendChart.slotCountMin)
        html.markup("<figure class=\"chart\"><figcaption><span id=\"ten-bieu-do\">")
        html.local(title)
        html.say(
            "</span><br><span class=\"key a\"></span> Tiếp nhận <span class=\"key b\"></span> Đã giải quyết",
            "</span><br><span class=\"key a\"></span> Received <span class=\"key b\"></span> Settled")
        html.say("</figcaption><p class=\"most\">Cao nhất: ", "</figcaption><p class=\"most\">Highest: ")
        html.figure(most)
        html.markup("</p><svg role=\"img\" aria-labelledby=\"ten-bieu-do\" preserveAspectRatio=\"none\" viewBox=\"0 0 ")
        html.number(slots * TrendChart.slot)
        html.markup(" 100\"><path class=\"axis\" d=\"M0 0H")
        html.number(slots * TrendChart.slot)
        html.markup("M0 100H")
        html.number(slots * TrendChart.slot)
        html.markup("\"/>")
        for (place, period) in bars.enumerated() {
            rect(&html, place * TrendChart.slot + 14, period.received, most, isReceived: true)
            rect(&html, place * TrendChart.slot + 50, period.finished, most, isReceived: false)
        }
        html.markup("</svg><p class=\"ticks\">")
        for place in stride(from: 0, to: slots, by: periodsALabel) {
            html.markup("<span>")
            html.value(place < bars.count ? bars[place].label : "")
            html.markup("</span>")
        }
        html.markup("</p></figure>")
    }

    private func rect(_ html: inout HTMLWriter, _ left: Int, _ amount: Int64, _ most: Int64, isReceived: Bool) {
        // In doubles only because counts may be of any size; the result is 0…height.
        let tall = Int((Double(max(0, amount)) / Double(most) * Double(TrendChart.height)).rounded())
        html.markup(isReceived ? "<rect class=\"a\" x=\"" : "<rect class=\"b\" x=\"")
        html.number(left)
        html.markup("\" y=\"")
        html.number(100 - tall)
        html.markup("\" width=\"36\" height=\"")
        html.number(tall)
        html.markup("\"/>")
    }
}
