import Notices
import Synchronization

/// A text that many dossiers' pictures have in common, read and in memory once.
final class SharedUnit: Sendable {
    /// What it says.
    enum Value: Sendable {
        case subject(Notice.Subject)
        case holder(Notice.Holder)
        case local(LocalText)
        case text(String)
    }

    let value: Value

    init(_ value: Value) { self.value = value }

    /// Reads a unit of such a form; nil when it does not read.
    convenience init?(_ bytes: UnsafeRawBufferPointer, _ form: Form) {
        switch form {
        case .subject:
            guard let subject = PictureTexts.shared.subject(bytes) else { return nil }
            self.init(.subject(subject))
        case .holder:
            guard let holder = PictureTexts.shared.holder(bytes) else { return nil }
            self.init(.holder(holder))
        case .local:
            var cursor = PictureCursor(bytes)
            guard let text = cursor.local(), cursor.isAtEnd else { return nil }
            self.init(.local(text))
        case .text: self.init(.text(String(decoding: bytes, as: UTF8.self)))
        case .own: return nil
        }
    }

    /// How the bytes of a unit are read.
    enum Form: Sendable {
        case subject, holder, local, text
        /// A text that is no other dossier's.
        case own
    }
}

extension PictureEntry.Unit {
    /// How the column's units are read.
    var form: SharedUnit.Form {
        switch self {
        case .procedure: .subject
        case .holder: .holder
        case .sentence, .action, .part: .local
        case .milestone, .promiseCause, .result: .text
        case .legalCode, .parent, .root: .own
        }
    }
}

/// The shared texts of one picture, in the order in which it names them. Most pictures have theirs in common with others
/// that went the same way through the same agencies.
final class SharedUnitList: Sendable {
    static let empty = SharedUnitList([])
    let units: [SharedUnit]

    init(_ units: [SharedUnit]) { self.units = units }
}

/// Finds what pictures have in common: a text is kept once from the second time on that it comes.
///
/// What one dossier alone says comes once and is not kept here. Both tables are emptied when they hold too much, which no
/// province's files come to; what was given out stays with whoever has it.
final class SharedUnitTable: Sendable {
    private struct Key: Hashable {
        let form: SharedUnit.Form
        let bytes: [UInt8]
    }

    private struct State {
        var units: [Key: SharedUnit] = [:]
        var byteCount = 0
        var lists: [[ObjectIdentifier]: SharedUnitList] = [:]
        var seen = RecentKeys()
    }

    private static let byteCountMax = 16 << 20
    private static let listCountMax = 50_000
    private let state = Mutex(State())

    /// The unit of these bytes; nil when they came for the first time, or are nobody else's by their nature.
    func unit(_ bytes: UnsafeRawBufferPointer, _ form: SharedUnit.Form) -> SharedUnit? {
        guard form != .own else { return nil }
        let key = Key(form: form, bytes: Array(bytes))
        return state.withLock { state in
            if let unit = state.units[key] { return unit }
            guard state.seen.note(key.hashValue), let unit = SharedUnit(bytes, form) else { return nil }
            if state.byteCount > Self.byteCountMax {
                state.units = [:]
                state.byteCount = 0
            }
            state.byteCount += key.bytes.count + 200
            state.units[key] = unit
            return unit
        }
    }

    /// The list of these units.
    func list(_ units: [SharedUnit]) -> SharedUnitList {
        guard !units.isEmpty else { return .empty }
        let key = units.map(ObjectIdentifier.init)
        return state.withLock { state in
            if let list = state.lists[key] { return list }
            let list = SharedUnitList(units)
            // An identity may only stand for a unit that lives: the lists keep theirs.
            if state.lists.count >= Self.listCountMax { state.lists = [:] }
            state.lists[key] = list
            return list
        }
    }
}
