import Notices
import WorkingTime

/// Writes a feed as Atom (RFC 4287) with the links of RFC 5005.
enum AtomWriter {
    static func bytes(_ feed: FeedDocument, at address: PublicAddress) -> [UInt8] {
        // What escapes HTML escapes XML: the five characters, no controls.
        var xml = HTMLWriter(language: feed.language, capacity: 2_048 + feed.entries.count * 900)
        xml.markup("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
        xml.markup("<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:fh=\"http://purl.org/syndication/history/1.0\"")
        xml.attribute(" xml:lang=\"", feed.language.rawValue)
        xml.markup(">\n")
        xml.element("<id>", feed.id, "</id>\n")
        xml.element("<title>", feed.title, "</title>\n")
        xml.element("<subtitle>", feed.subtitle, "</subtitle>\n")
        xml.element("<updated>", feed.updated.iso8601, "</updated>\n")
        xml.markup("<author><name>Một cửa</name></author>\n")
        xml.markup("<generator uri=\"https://motcua.vn/\">MotCua</generator>\n")
        if feed.isArchive { xml.markup("<fh:archive/>\n") }
        if feed.isComplete { xml.markup("<fh:complete/>\n") }
        links(of: feed, at: address, &xml)
        for entry in feed.entries { self.entry(entry, of: feed, at: address, &xml) }
        xml.markup("</feed>\n")
        return xml.bytes
    }

    private static func links(of feed: FeedDocument, at address: PublicAddress, _ xml: inout HTMLWriter) {
        let atom = FeedFormat.atom.rawValue
        func url(_ folder: String, _ file: String = atom) -> String { address.url("\(folder)/\(file)\(feed.query)") }
        xml.link("<link rel=\"self\" type=\"application/atom+xml\" href=\"", url(feed.folder))
        xml.link("<link rel=\"alternate\" type=\"text/html\" href=\"", address.url(feed.page + feed.query))
        xml.link(
            "<link rel=\"alternate\" type=\"application/feed+json\" href=\"",
            url(feed.folder, FeedFormat.json.rawValue))
        if feed.isArchive { xml.link("<link rel=\"current\" type=\"application/atom+xml\" href=\"", url(feed.current)) }
        if let older = feed.older {
            xml.link("<link rel=\"prev-archive\" type=\"application/atom+xml\" href=\"", url(older))
        }
        if let newer = feed.newer {
            xml.link("<link rel=\"next-archive\" type=\"application/atom+xml\" href=\"", url(newer))
        }
    }

    private static func entry(
        _ entry: FeedEntry, of feed: FeedDocument, at address: PublicAddress, _ xml: inout HTMLWriter
    ) {
        xml.markup("<entry>\n")
        xml.element("<id>", entry.id, "</id>\n")
        xml.element("<title>", entry.title, "</title>\n")
        xml.element("<published>", entry.published.iso8601, "</published>\n")
        xml.element("<updated>", entry.updated.iso8601, "</updated>\n")
        xml.link("<link rel=\"alternate\" type=\"text/html\" href=\"", address.url(entry.page + feed.query))
        xml.attribute("<category term=\"", entry.stage.rawValue)
        xml.attribute(" label=\"", entry.stage.tag.text(in: feed.language))
        xml.markup("/>\n")
        xml.element("<content type=\"text\">", entry.lines.joined(separator: "\n"), "</content>\n")
        xml.markup("</entry>\n")
    }
}

extension HTMLWriter {
    /// A value within an element of our own.
    fileprivate mutating func element(_ open: StaticString, _ text: String, _ close: StaticString) {
        markup(open)
        characters(text)
        markup(close)
    }

    /// A value of an attribute whose name and opening quote are `open`.
    fileprivate mutating func attribute(_ open: StaticString, _ text: String) {
        markup(open)
        characters(text)
        markup("\"")
    }

    fileprivate mutating func link(_ open: StaticString, _ address: String) {
        attribute(open, address)
        markup("/>\n")
    }

    private mutating func characters(_ text: String) { value(text.readable) }
}
