import Notices

/// What is shown of a dossier: its last hundred notices that can be read, in few bytes, as `feed.dossier.picture` keeps
/// them. The same notices always make the same bytes, in whatever order and batches they came. Pure.
///
/// Of a dossier whose salts were erased it says that alone: what nobody can prove any more is not shown either.
///
/// | bytes | what |
/// | --- | --- |
/// | 1 | the format |
/// | 8 | the leaf of the newest notice, most significant byte first, so that SQL can read it; −1: erased |
/// | varint | how many notices of the dossier had been taken: a row that says another number was written by somebody else |
/// | varint, … | the units of text, each with its length before it, in the order in which the notices first say them |
/// | varint, … | the notices in the order of their numbers: which columns differ from the notice before, and by how much |
struct DossierPicture: Sendable, Equatable {
    /// The format that this build writes and reads.
    static let format: UInt8 = 2
    /// So many numbers back from the highest are shown.
    static let depth: Int64 = 100

    /// How many notices of the dossier were taken, those that cannot be read too.
    private(set) var taken: Int32
    /// In the order of their numbers.
    private(set) var entries: [PictureEntry]
    /// Of the last entry.
    private(set) var leaf: Int64
    /// Stands in the place of ``leaf`` once the dossier's salts were erased.
    static let erasedLeaf: Int64 = -1

    /// The picture before the first notice.
    init() {
        taken = 0
        entries = []
        leaf = 0
    }

    /// The picture of a dossier whose salts were erased: it holds nothing of any notice.
    init(erasedAfter taken: Int32) {
        self.init()
        self.taken = taken
        leaf = Self.erasedLeaf
    }

    /// Whether the dossier's salts were erased.
    var isErased: Bool { leaf == Self.erasedLeaf && entries.isEmpty }

    /// Adds notices to it; one that was erased stays so.
    /// - Parameters:
    ///   - notices: each once, none that is here already; with their leaves.
    ///   - number: the highest number of the dossier then, notices that cannot be read included.
    ///   - taken: how many of its notices are here then.
    mutating func add(_ notices: [(n: Int64, notice: Notice)], number: Int32, taken: Int32) {
        self.taken = taken
        guard !isErased else { return }
        for (n, notice) in notices {
            let entry = PictureEntry(notice)
            let place = (entries.lastIndex { $0.number < entry.number } ?? -1) + 1
            if place == entries.count { leaf = n }
            entries.insert(entry, at: place)
        }
        let isShown = entries.firstIndex { $0.number > Int64(number) - Self.depth } ?? entries.count
        entries.removeFirst(isShown)
        if entries.isEmpty { leaf = 0 }
    }

    /// Reads a stored picture; nil for anything that ``encoded()`` of this build did not write.
    init?(decoding bytes: [UInt8]) {
        let read: DossierPicture? = bytes.withUnsafeBytes { bytes in
            guard var reader = PictureReader(bytes) else { return nil }
            var picture = DossierPicture()
            picture.taken = reader.taken
            picture.leaf = reader.leaf
            while reader.left > 0 {
                guard reader.advance() else { return nil }
                picture.entries.append(reader.entry)
            }
            return picture
        }
        guard let read else { return nil }
        self = read
    }

    /// The bytes of the picture.
    func encoded() -> [UInt8] {
        // A few, so that they are found sooner by looking at each than by their hashes.
        var known: [[UInt8]] = []
        var units: [UInt8] = []
        var rows: [UInt8] = []
        var before = [Int64](repeating: 0, count: PictureReader.columnCount)
        var unitsBefore: [[UInt8]?] = []
        for entry in entries {
            let references = entry.units.indices.map { column -> Int64 in
                guard let unit = entry.units[column] else { return 0 }
                // Most say what they said before.
                if !unitsBefore.isEmpty, unitsBefore[column] == unit {
                    return before[PictureEntry.Value.allCases.count + column]
                }
                if let place = known.firstIndex(of: unit) { return Int64(place + 1) }
                units.append(varint: UInt64(unit.count))
                units.append(contentsOf: unit)
                known.append(unit)
                return Int64(known.count)
            }
            unitsBefore = entry.units
            let columns = entry.values + references
            var changed: UInt64 = 0
            for place in columns.indices where columns[place] != before[place] { changed |= 1 << UInt64(place) }
            rows.append(varint: changed)
            for place in columns.indices where columns[place] != before[place] {
                rows.append(varint: Self.zigzag(columns[place] &- before[place]))
            }
            before = columns
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count + rows.count + 24)
        bytes.append(Self.format)
        withUnsafeBytes(of: leaf.bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(varint: UInt64(UInt32(bitPattern: taken)))
        bytes.append(varint: UInt64(known.count))
        bytes.append(contentsOf: units)
        bytes.append(varint: UInt64(entries.count))
        bytes.append(contentsOf: rows)
        return bytes
    }

    /// Small numbers of either sign in few bits.
    private static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number << 1) ^ (number >> 63)) }
}
