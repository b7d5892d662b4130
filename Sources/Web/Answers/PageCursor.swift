import Engine

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

    /// The cursor's text of a position.
    func text(_ position: String) -> String {
        let bytes = Array(position.utf8)
        return Hexadecimal.text(seal(bytes) + bytes)
    }

    /// The position of a cursor's text; nil if it was not made here for this list and caller.
    func position(_ text: String) -> String? {
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
