/// Reads fixed-width digits and separators from short ASCII text; the base of every parser in this room.
struct TextCursor {
    private let bytes: [UInt8]
    private var position = 0

    /// Nil when the text is longer than `limit` bytes: no date or limit of the law is that long.
    init?(_ text: String, limit: Int = 64) {
        guard text.utf8.count <= limit else { return nil }
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Exactly `count` digits as a number, or nil with the position unchanged.
    mutating func digits(_ count: Int) -> Int? {
        guard bytes.count - position >= count else { return nil }
        var value = 0
        for byte in bytes[position..<(position + count)] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += count
        return value
    }

    /// How many digits follow, at most `limit`.
    func digitRun(limit: Int) -> Int {
        var run = 0
        while run < limit, position + run < bytes.count, (0x30...0x39).contains(bytes[position + run]) { run += 1 }
        return run
    }

    /// Steps over one ASCII character when it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = next, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }
}

/// `value` with leading zeros up to `width`; longer numbers stay whole.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

/// Writes numbers of a fixed width into the room of a text.
struct DigitCursor {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

    /// Writes `value`, not negative, with leading zeros, its last `width` digits, and a sign behind it.
    mutating func put(_ value: Int, _ width: Int, then sign: Unicode.Scalar? = nil) {
        guard count + width + 1 <= room.count else { return }
        var rest = value
        for place in (count..<count + width).reversed() {
            room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += width
        guard let sign else { return }
        room[count] = UInt8(ascii: sign)
        count += 1
    }

    /// Writes a text; nothing of one that has no room.
    mutating func put(_ text: String) {
        guard count + text.utf8.count <= room.count else { return }
        for byte in text.utf8 {
            room[count] = byte
            count += 1
        }
    }
}

extension String {
    /// A text of at most so many bytes.
    init(capacity: Int, _ write: (inout DigitCursor) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { room in
            var cursor = DigitCursor(room)
            write(&cursor)
            return cursor.count
        }
    }
}

extension [UInt8] {
    /// Appends a text of at most so many bytes.
    mutating func append(capacity: Int, _ write: (inout DigitCursor) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { room in
            var cursor = DigitCursor(room)
            write(&cursor)
            append(contentsOf: UnsafeBufferPointer(rebasing: room[..<cursor.count]))
        }
    }
}
