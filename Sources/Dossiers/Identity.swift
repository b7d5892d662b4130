package import WorkingTime

/// A dossier's identity: 48 bits of milliseconds since 1970, then 80 bits that nothing else has. Sorts by time.
package struct DossierID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The first eight bytes: the milliseconds in the upper 48 bits.
    package var high: UInt64
    /// The last eight bytes.
    package var low: UInt64

    /// Joins the halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identity; `random` are 80 random bits, of which the lower 16 of the first value are used.
    package init(milliseconds: Int64, random: (UInt64, UInt64)) {
        high = UInt64(truncatingIfNeeded: milliseconds) << 16 | random.0 & 0xFFFF
        low = random.1
    }

    /// The identity of the dossier that activation `activation` of `parent` links: always the same for the same two,
    /// so that a link that is started twice starts one dossier (engine rule R17).
    package init(linkedBy parent: DossierID, activation: Int, milliseconds: Int64) {
        let seed = parent.low ^ (parent.high &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(truncatingIfNeeded: activation)
        let first = DossierID.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        self.init(milliseconds: milliseconds, random: (first, DossierID.mix(first ^ parent.high ^ parent.low)))
    }

    /// Reads the 36-character form; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        for (index, byte) in text.utf8.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(byte - 55)
            default: return nil
            }
            if digits.count > 32 { return nil }
        }
        guard digits.count == 32 else { return nil }
        high = digits[..<16].reduce(0) { $0 << 4 | UInt64($1) }
        low = digits[16...].reduce(0) { $0 << 4 | UInt64($1) }
    }

    /// Orders by time, then by the rest.
    package static func < (left: DossierID, right: DossierID) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// Milliseconds since 1970 at which it was received.
    package var milliseconds: Int64 { Int64(high >> 16) }

    /// The 36-character form of a UUID, in lower case.
    package var description: String {
        let hexadecimal = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { bytes.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            bytes.append(hexadecimal[Int(half >> UInt64((15 - index % 16) * 4) & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The finalizer of SplitMix64: every input bit reaches every output bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A dossier, wherever it is kept.
package struct DossierRef: Hashable, Sendable {
    /// The province's number: the first column of every key.
    package var province: Int16
    /// The dossier.
    package var id: DossierID

    /// Joins both.
    package init(province: Int16, id: DossierID) {
        self.province = province
        self.id = id
    }
}

/// Who did something.
package enum Actor: Hashable, Sendable {
    /// An officer of an agency; `roles` are those held there, checked by the edge.
    case officer(id: String, agency: String, roles: [String])
    /// The applicant, through the client of an agency (a centre, or the portal).
    case applicant(through: String)
    /// The adapter of an outside system.
    case connector(String)
    /// The engine: timers, messages, joins.
    case engine
}

/// When something happened: law is computed from `arrived`, order comes from the sequence number (R7).
package struct Moment: Hashable, Sendable {
    /// When the command reached the edge, or was declared by a trusted channel.
    package var arrived: Instant
    /// The database's time of the batch, at least the dossier's last event.
    package var recorded: Instant

    /// Joins both.
    package init(arrived: Instant, recorded: Instant) {
        self.arrived = arrived
        self.recorded = recorded
    }
}
