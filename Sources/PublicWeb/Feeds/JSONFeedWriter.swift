import JSONText
import Notices
import WorkingTime

/// Writes a feed as JSON Feed 1.1.
enum JSONFeedWriter {
    static func bytes(_ feed: FeedDocument, at address: PublicAddress) -> [UInt8] {
        let file = FeedFormat.json.rawValue
        func url(_ folder: String) -> String { address.url("\(folder)/\(file)\(feed.query)") }
        var json = JSONWriter(capacity: 1_024 + feed.entries.count * 700)
        json.object { json in
            json.member("version", "https://jsonfeed.org/version/1.1")
            json.member("title", feed.title.readable)
            json.member("description", feed.subtitle)
            json.member("home_page_url", address.url(feed.page + feed.query))
            json.member("feed_url", url(feed.folder))
            json.member("next_url", ifPresent: feed.older.map(url))
            json.member("language", feed.language.rawValue)
            json.array("authors") { json in json.object { $0.member("name", "Một cửa") } }
            json.array("items") { json in
                for entry in feed.entries { json.object { item(entry, of: feed, at: address, &$0) } }
            }
        }
        return json.bytes
    }

    private static func item(
        _ entry: FeedEntry, of feed: FeedDocument, at address: PublicAddress, _ json: inout JSONWriter
    ) {
        json.member("id", entry.id)
        json.member("url", address.url(entry.page + feed.query))
        json.member("title", entry.title.readable)
        json.member("content_text", entry.lines.joined(separator: "\n").readable)
        json.member("date_published", entry.published.iso8601)
        json.member("date_modified", entry.updated.iso8601)
        json.array("tags") { $0.string(entry.stage.tag.text(in: feed.language)) }
    }
}
