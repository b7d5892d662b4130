/// Reads a picture's bytes from front to back, without a copy; stops at whatever does not fit.
///
/// Lives within the closure that lends it the bytes.
struct PictureReader {
    static let columnCount = PictureEntry.Value.allCases.count + PictureEntry.Unit.allCases.count
    private static let valueCount = PictureEntry.Value.allCases.count

    /// Of the last notice.
    let leaf: Int64
    /// How many notices had been taken.
    let taken: Int32
    /// Where the units lie.
    private let units: [Place]
    /// What a compact picture shares with others.
    private let shared: SharedUnitList
    /// Where the notices begin, with their number.
    let rows: Int
    /// Notices that were not read yet.
    private(set) var left: Int
    /// Of the notice that was read last.
    private var columns = [Int64](repeating: 0, count: columnCount)
    private let bytes: UnsafeRawBufferPointer
    private var place: Int

    private enum Place {
        case here(Range<Int>)
        case shared(Int)
    }

    /// Reads up to the first notice; nil for another format.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 9, bytes[0] == DossierPicture.format else { return nil }
        self.init(bytes, from: 1, shared: nil)
    }

    /// Reads a compact picture up to its first notice; nil for anything else.
    init?(_ bytes: UnsafeRawBufferPointer, sharing shared: SharedUnitList) {
        self.init(bytes, from: 0, shared: shared)
    }

    private init?(_ bytes: UnsafeRawBufferPointer, from start: Int, shared: SharedUnitList?) {
        guard bytes.count > start + 8 else { return nil }
        leaf = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int64.self))
        var cursor = PictureCursor(bytes, at: start + 8)
        guard let taken = cursor.varint(), let unitCount = cursor.count() else { return nil }
        self.taken = Int32(truncatingIfNeeded: taken)
        var units: [Place] = []
        units.reserveCapacity(unitCount)
        var sharedCount = 0
        for _ in 0..<unitCount {
            if shared == nil {
                guard let unit = cursor.run() else { return nil }
                units.append(.here(unit))
            } else if bytes.count > cursor.place, bytes[cursor.place] == 0 {
                cursor.skip()
                units.append(.shared(sharedCount))
                sharedCount += 1
            } else {
                guard let unit = cursor.run(moreBy: 1) else { return nil }
                units.append(.here(unit))
            }
        }
        rows = cursor.place
        guard sharedCount <= shared?.units.count ?? 0, let left = cursor.count() else { return nil }
        self.units = units
        self.shared = shared ?? .empty
        self.left = left
        self.bytes = bytes
        place = cursor.place
    }

    /// How many units there are.
    var unitCount: Int { units.count }

    /// Reads the next notice; false when it does not fit, or something follows the last one.
    mutating func advance() -> Bool {
        var cursor = PictureCursor(bytes, at: place)
        guard left > 0, var changed = cursor.varint(), changed >> UInt64(Self.columnCount) == 0 else { return false }
        while changed != 0 {
            let column = changed.trailingZeroBitCount
            changed &= changed - 1
            guard let step = cursor.varint() else { return false }
            columns[column] &+= Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1)
            if column >= Self.valueCount, !(0...Int64(units.count)).contains(columns[column]) { return false }
        }
        place = cursor.place
        left -= 1
        return left > 0 || place == bytes.count
    }

    /// A number of the notice that was read last.
    func value(_ value: PictureEntry.Value) -> Int64 { columns[value.rawValue] }

    /// The index of a unit of the notice that was read last; nil where it has none.
    func unit(_ unit: PictureEntry.Unit) -> Int? {
        let reference = Int(columns[Self.valueCount + unit.rawValue])
        return reference > 0 ? reference - 1 : nil
    }

    /// The bytes of a unit; nil for one that is shared.
    func bytes(ofUnit index: Int) -> UnsafeRawBufferPointer? {
        guard case .here(let range) = units[index] else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// A unit that is shared; nil for one whose bytes are here.
    func shared(unit index: Int) -> SharedUnit.Value? {
        guard case .shared(let place) = units[index] else { return nil }
        return shared.units[place].value
    }

    /// The notice that was read last, as it may be added to another picture; of a stored picture.
    var entry: PictureEntry {
        PictureEntry(
            values: Array(columns[..<Self.valueCount]),
            units: PictureEntry.Unit.allCases.map { unit in
                self.unit(unit).flatMap { bytes(ofUnit: $0) }.map { Array($0) }
            })
    }
}

/// A place in bytes that others wrote: every step is checked.
struct PictureCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var place: Int

    init(_ bytes: UnsafeRawBufferPointer, at place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    var isAtEnd: Bool { place == bytes.count }

    /// A number; nil at the end, and for one of more than 64 bits.
    mutating func varint() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        return nil
    }

    /// How many things of at least one byte follow; nil when there is no room for them.
    mutating func count() -> Int? {
        guard let count = varint(), count <= UInt64(bytes.count - place) else { return nil }
        return Int(count)
    }

    /// Where so many bytes lie that their length, or one that is more by so much, says before them.
    mutating func run(moreBy excess: UInt64 = 0) -> Range<Int>? {
        guard let said = varint(), said >= excess, said - excess <= UInt64(bytes.count - place) else { return nil }
        let length = Int(said - excess)
        defer { place += length }
        return place..<place + length
    }

    /// Goes over one byte that is known to be there.
    mutating func skip() { place += 1 }

    /// A text, or that there is none; nil when it does not fit.
    mutating func text() -> String?? {
        guard let length = varint() else { return nil }
        guard length > 0 else { return .some(nil) }
        guard length - 1 <= UInt64(bytes.count - place) else { return nil }
        let end = place + Int(length - 1)
        defer { place = end }
        return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[place..<end]), as: UTF8.self)
    }
}
