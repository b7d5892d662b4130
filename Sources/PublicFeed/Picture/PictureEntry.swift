import Notices
import WorkingTime

/// One notice as a picture keeps it: numbers, and units of text. Pure.
struct PictureEntry: Sendable, Equatable {
    /// The numbers of a notice, in the order of the format. New ones are added at the end, with a new format.
    enum Value: Int, CaseIterable {
        case number, province, at, submitted, accepted, promised, firstPromised, finished, actionUntil
        case status, stage, channel, paused, pausedDays
    }

    /// Its units of text, which follow the numbers. Each is kept once in a picture, however many notices say it.
    enum Unit: Int, CaseIterable {
        case procedure, milestone, sentence, holder, action, legalCode, promiseCause, result, parent, part
        /// Nil when the dossier is its own root.
        case root
    }

    /// The stages by the numbers that they have here: never in another order.
    static let stages: [PublicStage] = [
        .submitted, .accepted, .refused, .processing, .needsDocuments, .needsPayment, .withdrawing, .withdrawn,
        .suspended, .terminated, .decided, .returned,
    ]

    private(set) var values = [Int64](repeating: 0, count: Value.allCases.count)
    private(set) var units = [[UInt8]?](repeating: nil, count: Unit.allCases.count)

    /// The notice's number within its dossier.
    var number: Int64 { values[Value.number.rawValue] }

    /// An entry as it was read.
    init(values: [Int64], units: [[UInt8]?]) {
        self.values = values
        self.units = units
    }

    /// The entry of a notice.
    init(_ notice: Notice) {
        func put(_ value: Value, _ number: Int64) { values[value.rawValue] = number }
        func put(_ unit: Unit, _ bytes: [UInt8]?) { units[unit.rawValue] = bytes }
        put(.number, Int64(notice.number))
        put(.province, Int64(notice.province))
        put(.at, Self.time(notice.at))
        put(.submitted, Self.time(notice.submitted))
        put(.accepted, Self.time(notice.accepted))
        put(.promised, Self.time(notice.promised))
        put(.firstPromised, Self.time(notice.firstPromised))
        put(.finished, Self.time(notice.finished))
        put(.actionUntil, Self.time(notice.action?.until))
        put(.status, Int64(notice.status.rawValue))
        put(.stage, Int64(Self.stages.firstIndex(of: notice.stage) ?? Self.stages.count))
        put(.channel, Int64(notice.channel))
        put(.paused, notice.paused ? 1 : 0)
        put(.pausedDays, Int64(notice.pausedDays))
        put(.procedure, PictureUnits.bytes(procedureOf: notice))
        put(.milestone, notice.milestone.map { Array($0.utf8) })
        put(.sentence, notice.sentence.map(PictureUnits.bytes))
        put(.holder, notice.holder.map(PictureUnits.bytes))
        put(.action, notice.action.map { PictureUnits.bytes($0.text) })
        put(.legalCode, notice.legalCode.map { Array($0.utf8) })
        put(.promiseCause, notice.promiseCause.map { Array($0.utf8) })
        put(.result, notice.result.map { Array($0.utf8) })
        put(.parent, notice.parent.map { Array($0.utf8) })
        put(.part, notice.part.map(PictureUnits.bytes))
        put(.root, notice.root == notice.dossier ? nil : Array(notice.root.utf8))
    }

    /// A time as a number; 0 stands for none.
    private static func time(_ instant: Instant?) -> Int64 {
        guard let instant else { return 0 }
        return instant.microseconds >= 0 ? instant.microseconds + 1 : instant.microseconds
    }

    /// Reads what ``time(_:)`` wrote.
    static func instant(_ number: Int64) -> Instant? {
        if number == 0 { return nil }
        return Instant(microseconds: number > 0 ? number - 1 : number)
    }
}

/// The bytes of the units that are more than one text.
enum PictureUnits {
    /// Procedure, title and milestones: what all notices of a procedure's version have in common.
    static func bytes(procedureOf notice: Notice) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(text: notice.procedure)
        bytes.append(varint: UInt64(bitPattern: Int64(notice.procedureVersion)))
        bytes.append(text: notice.procedureCode)
        bytes.append(local: notice.procedureTitle)
        bytes.append(text: notice.field)
        bytes.append(varint: UInt64(notice.milestones.count))
        for milestone in notice.milestones {
            bytes.append(text: milestone.key)
            bytes.append(local: milestone.title)
        }
        return bytes
    }

    static func bytes(_ holder: Notice.Holder) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(text: holder.agency)
        bytes.append(local: holder.name)
        bytes.append(text: holder.phone)
        return bytes
    }

    static func bytes(_ text: LocalText) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(local: text)
        return bytes
    }
}

extension [UInt8] {
    /// A number in groups of seven bits, the lowest first.
    mutating func append(varint number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// A text with its length plus one; 0 for nil.
    fileprivate mutating func append(text: String?) {
        guard let text else { return append(0) }
        append(varint: UInt64(text.utf8.count) + 1)
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func append(local text: LocalText) {
        append(text: text.vi)
        append(text: text.en)
    }
}
