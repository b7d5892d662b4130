import JSONText
import Notices
import WorkingTime

/// How the API writes what every representation has.
extension JSONWriter {
    /// A member with both languages; `en` is absent where nobody translated it yet.
    mutating func member(_ name: String, _ text: LocalText) {
        object(name) { json in
            json.member("vi", text.vi)
            json.member("en", ifPresent: text.en)
        }
    }

    /// A member with an instant, as `2026-02-27T16:30:00+07:00`, or no member at all if it is nil.
    mutating func member(_ name: String, ifPresent instant: Instant?) {
        if let instant { member(name, instant.iso8601) }
    }
}
