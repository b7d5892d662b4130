import Engine
import Store

/// The place where a page ended, sealed so that it can only be used by the agency that got it, on the list it came from.
struct PageCursor: Sendable {
    private static let sealByteCount = 16
    private let engine: DossierEngine
    /// What the cursor is bound to: the list and the caller.
    private let binding: [UInt8]

    init(engine: DossierEngine, list: String, caller: Caller) {
        self.engine = engine
        binding = Array("cursor:\(list):\(caller.client):\(caller.agency ?? ""):".utf8)
    }

    /// The cursor's text of a page's place; nil where there is no such page.
    /// - Parameter key: writes an item's key.
    func text<Key>(_ place: PagePlace<Key>?, _ key: (Key) -> String) -> String? {
        let position: String
        switch place {
        case nil: return nil
        case .first: position = "^"
        case .after(let item): position = ">" + key(item)
        case .before(let item): position = "<" + (item.map(key) ?? "")
        }
        let bytes = Array(position.utf8)
        return Hexadecimal.text(seal(bytes) + bytes)
    }

    /// The place of a cursor's text, the first page without one; nil if it was not made here for this list and caller.
    /// - Parameter key: reads what the other one writes.
    func place<Key>(_ text: String?, _ key: (String) -> Key?) -> PagePlace<Key>? {
        guard let text else { return .first }
        guard let position = position(text) else { return nil }
        let rest = String(position.dropFirst())
        switch position.first {
        case "^" where rest.isEmpty: return .first
        case "<" where rest.isEmpty: return .before(nil)
        case "<": return key(rest).map { .before($0) }
        case ">": return key(rest).map { .after($0) }
        default: return nil
        }
    }

    private func position(_ text: String) -> String? {
        guard text.utf8.count <= 1024, let bytes = Hexadecimal.bytes(text), bytes.count > Self.sealByteCount else {
            return nil
        }
        let position = Array(bytes[Self.sealByteCount...])
        guard ClientSecret.isSame(Array(bytes[..<Self.sealByteCount]), seal(position)) else { return nil }
        return String(decoding: position, as: UTF8.self)
    }

    private func seal(_ position: [UInt8]) -> [UInt8] {
        Array(engine.fingerprint(binding + position).prefix(Self.sealByteCount))
    }
}
