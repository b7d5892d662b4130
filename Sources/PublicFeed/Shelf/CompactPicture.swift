import Notices

/// A stored picture for memory: what it has in common with others is named instead of said. Pure but for the table of
/// what is common.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | the leaf of the newest notice, most significant byte first |
/// | varint | how many notices of the dossier had been taken |
/// | varint, … | the units: 0 for the next of ``shared``, or a length plus one and the unit |
/// | varint, … | the notices, as in ``DossierPicture`` |
struct CompactPicture: Sendable {
    let bytes: [UInt8]
    let shared: SharedUnitList
    /// How many notices of the dossier had been taken.
    let taken: Int32

    /// About how much memory it takes, without what it shares.
    var weight: Int { bytes.count + 32 }

    /// The same picture; nil for bytes that are none of this build.
    init?(_ picture: [UInt8], _ table: SharedUnitTable) {
        let made: (bytes: [UInt8], units: [SharedUnit], taken: Int32)? = picture.withUnsafeBytes { stored in
            guard var reader = PictureReader(stored) else { return nil }
            let rows = reader.rows
            var forms = [SharedUnit.Form?](repeating: nil, count: reader.unitCount)
            while reader.left > 0 {
                guard reader.advance() else { return nil }
                for column in PictureEntry.Unit.allCases {
                    guard let unit = reader.unit(column) else { continue }
                    // What is read in two ways is not shared in one of them.
                    forms[unit] = forms[unit].map { $0 == column.form ? $0 : .own } ?? column.form
                }
            }
            var bytes: [UInt8] = []
            var units: [SharedUnit] = []
            withUnsafeBytes(of: reader.leaf.bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(varint: UInt64(UInt32(bitPattern: reader.taken)))
            bytes.append(varint: UInt64(reader.unitCount))
            for (unit, form) in forms.enumerated() {
                guard let stored = reader.bytes(ofUnit: unit) else { return nil }
                if let form, let common = table.unit(stored, form) {
                    units.append(common)
                    bytes.append(0)
                } else {
                    bytes.append(varint: UInt64(stored.count) + 1)
                    bytes.append(contentsOf: stored)
                }
            }
            bytes.append(contentsOf: stored[rows...])
            return (bytes, units, reader.taken)
        }
        guard let made else { return nil }
        // Without the room that growing left.
        bytes = Array(unsafeUninitializedCapacity: made.bytes.count) { buffer, count in
            count = buffer.initialize(fromContentsOf: made.bytes)
        }
        shared = table.list(made.units)
        taken = made.taken
    }
}
