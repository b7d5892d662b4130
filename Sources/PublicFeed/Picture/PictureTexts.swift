import Notices
import Synchronization

/// Texts that thousands of dossiers have in common, each in memory once: a picture is then read without making them anew.
///
/// Only what a procedure or an agency says; sentences are mostly one dossier's own.
final class PictureTexts: Sendable {
    /// Of the whole process.
    static let shared = PictureTexts()

    private let subjects = Mutex(SharedUnits<Notice.Subject>())
    private let holders = Mutex(SharedUnits<Notice.Holder>())

    /// What a unit says of a procedure; nil when it does not read.
    func subject(_ bytes: UnsafeRawBufferPointer) -> Notice.Subject? {
        subjects.withLock { $0.value(bytes, PictureTexts.readSubject) }
    }

    /// What a unit says of an agency; nil when it does not read.
    func holder(_ bytes: UnsafeRawBufferPointer) -> Notice.Holder? {
        holders.withLock { $0.value(bytes, PictureTexts.readHolder) }
    }

    private static func readSubject(_ bytes: UnsafeRawBufferPointer) -> Notice.Subject? {
        var cursor = PictureCursor(bytes)
        guard let procedure = cursor.text() ?? nil, let version = cursor.varint(), let code = cursor.text(),
            let title = cursor.local(), let field = cursor.text() ?? nil, let count = cursor.count()
        else { return nil }
        var milestones: [Notice.PublicMilestone] = []
        for _ in 0..<count {
            guard let key = cursor.text() ?? nil, let title = cursor.local() else { return nil }
            milestones.append(Notice.PublicMilestone(key: key, title: title))
        }
        guard cursor.isAtEnd else { return nil }
        return Notice.Subject(
            procedure: procedure, version: Int(Int64(bitPattern: version)), code: code, title: title, field: field,
            milestones: milestones)
    }

    private static func readHolder(_ bytes: UnsafeRawBufferPointer) -> Notice.Holder? {
        var cursor = PictureCursor(bytes)
        guard let agency = cursor.text() ?? nil, let name = cursor.local(), let phone = cursor.text(), cursor.isAtEnd
        else { return nil }
        return Notice.Holder(agency: agency, name: name, phone: phone)
    }
}

extension PictureCursor {
    /// A text with its translation; nil when it does not fit.
    mutating func local() -> LocalText? {
        guard let vi = text() ?? nil, let en = text() else { return nil }
        return LocalText(vi: vi, en: en)
    }
}

/// Values by the bytes that they are read from; emptied when it holds too much, which no province's files come to.
private struct SharedUnits<Value: Sendable> {
    private struct Known {
        let bytes: [UInt8]
        let value: Value
    }

    private static var byteCountMax: Int { 8 << 20 }
    private var known: [UInt64: Known] = [:]
    private var byteCount = 0

    mutating func value(
        _ bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Value?
    ) -> Value? {
        let hash = SharedUnits.hash(bytes)
        if let known = known[hash] {
            let isSame = known.bytes.withUnsafeBytes { $0.elementsEqual(bytes) }
            return isSame ? known.value : read(bytes)
        }
        guard let value = read(bytes) else { return nil }
        if byteCount > SharedUnits.byteCountMax {
            known = [:]
            byteCount = 0
        }
        byteCount += bytes.count
        known[hash] = Known(bytes: Array(bytes), value: value)
        return value
    }

    /// Eight bytes at a step; whoever contrives two units of one hash only has them read anew each time.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count)
        let whole = bytes.count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        for place in whole..<bytes.count { hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
