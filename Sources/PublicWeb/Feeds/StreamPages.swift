import Notices
import PublicFeed

extension PageShell {
    /// So many streams of a kind are listed: the page must stay small. The others are found by their address.
    static let streamCountMax = 50

    /// What can be followed, by province.
    func streams(of provinces: [Int16]) -> [UInt8] {
        page(title: LocalText(vi: "Theo dõi", en: "Follow")) { html in
            html.say("<h1>Theo dõi tiến độ hồ sơ</h1>", "<h1>Follow the progress of dossiers</h1>")
            html.say(
                """
                <p>Các nguồn tin dưới đây chỉ có số hồ sơ và mức độ hoàn thành (điểm d khoản 2 Điều 16 Thông tư \
                01/2018/TT-VPCP). Muốn theo dõi hồ sơ của bạn, hãy mở trang tra cứu bằng mã 12 ký tự: trang đó có nguồn tin \
                riêng.</p>
                """,
                """
                <p>These streams hold dossier numbers and degree of completion only (article 16.2.d of Circular \
                01/2018/TT-VPCP). To follow your own dossier, open its page with the 12-character code: it has a feed of its \
                own.</p>
                """)
            guard !provinces.isEmpty else {
                html.say("<p>Chưa có hồ sơ nào được công bố.</p>", "<p>No dossier has been published yet.</p>")
                return
            }
            html.markup("<ul>")
            for province in provinces {
                let link = FeedLink(province: province)
                html.markup("<li>")
                html.streamLinks(link.title, folder: link.folder, page: link.folder)
                html.markup("</li>")
            }
            html.markup("</ul>")
            liveEvents(&html)
        }
    }

    /// The streams of one province.
    func streams(_ channels: [ChannelStanding]) -> [UInt8] {
        page(title: LocalText(vi: "Theo dõi", en: "Follow")) { html in
            for channel in channels where channel.channel.kind == .province {
                html.markup("<h1>")
                html.local(channel.title)
                html.markup("</h1><p>")
                html.streamLinks(channel.title, folder: channel.channel.folder, page: nil)
                html.markup("</p>")
            }
            html.say("<h2>Theo cơ quan</h2>", "<h2>By agency</h2>")
            list(channels.filter { if case .agency = $0.channel.kind { true } else { false } }, &html)
            html.say("<h2>Theo thủ tục</h2>", "<h2>By procedure</h2>")
            list(channels.filter { if case .procedure = $0.channel.kind { true } else { false } }, &html)
            liveEvents(&html)
        }
    }

    private func list(_ channels: [ChannelStanding], _ html: inout HTMLWriter) {
        html.markup("<ul>")
        for channel in channels.prefix(PageShell.streamCountMax) {
            html.markup("<li>")
            html.streamLinks(channel.title, folder: channel.channel.folder, page: nil)
            html.markup("</li>")
        }
        html.markup("</ul>")
        let more = channels.count - PageShell.streamCountMax
        guard more > 0 else { return }
        html.say("<p>Số nguồn tin khác không hiện ở đây: ", "<p>Streams not shown here: ")
        html.number(more)
        html.markup("</p>")
    }

    private func liveEvents(_ html: inout HTMLWriter) {
        html.say(
            """
            <h2>Cho chương trình máy tính</h2><p>Mỗi nguồn tin có dạng Atom (<code>atom.xml</code>, RFC 4287, trang lưu theo \
            RFC 5005) và JSON Feed 1.1 (<code>feed.json</code>). Tin trực tiếp: <code>/events?province=…</code> (thêm \
            <code>&amp;agency=…</code> hoặc <code>&amp;procedure=…</code>, hay <code>?code=…</code>), server-sent events với dữ \
            liệu CloudEvents 1.0; mã sự kiện gồm số của tỉnh và số thứ tự, như <code>48-1234</code>; nối lại bằng <code>Last-Event-ID</code>.</p>
            """,
            """
            <h2>For programs</h2><p>Each stream is served as Atom (<code>atom.xml</code>, RFC 4287, archived pages by RFC 5005) \
            and as JSON Feed 1.1 (<code>feed.json</code>). Live: <code>/events?province=…</code> (with \
            <code>&amp;agency=…</code> or <code>&amp;procedure=…</code>, or <code>?code=…</code>), server-sent events whose data \
            are CloudEvents 1.0; ids are the province's number and the place in its sequence, such as <code>48-1234</code>; resume with <code>Last-Event-ID</code>.</p>
            """)
    }
}

extension HTMLWriter {
    /// A stream's name with its two formats; `page`, if given, is where its name leads.
    fileprivate mutating func streamLinks(_ title: LocalText, folder: String, page: String?) {
        if let page {
            markup("<a href=\"")
            value(page)
            say("?lang=vi\">", "?lang=en\">")
            local(title)
            markup("</a>")
        } else {
            local(title)
        }
        markup("<br><a href=\"")
        value("\(folder)/\(FeedFormat.atom.rawValue)?lang=\(language.rawValue)")
        markup("\">Atom</a> · <a href=\"")
        value("\(folder)/\(FeedFormat.json.rawValue)?lang=\(language.rawValue)")
        markup("\">JSON Feed</a>")
    }
}
