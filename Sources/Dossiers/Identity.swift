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
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        var place = 0
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "-") where place == 8 || place == 13 || place == 18 || place == 23:
                place += 1
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 55
            default: return nil
            }
            if place == 8 || place == 13 || place == 18 || place == 23 || place == 36 { return nil }
            if place < 18 {
                halves.high = halves.high << 4 | UInt64(digit)
            } else {
                halves.low = halves.low << 4 | UInt64(digit)
            }
            place += 1
        }
        guard place == 36 else { return nil }
        (high, low) = halves
    }

    /// Orders by time, then by the rest.
    package static func < (left: DossierID, right: DossierID) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// Milliseconds since 1970 at which it was received.
    package var milliseconds: Int64 { Int64(high >> 16) }

    /// The 36-character form of a UUID, in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { bytes in
            var place = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    bytes[place] = UInt8(ascii: "-")
                    place += 1
                }
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64((15 - index % 16) * 4) & 15)
                bytes[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                place += 1
            }
            return place
        }
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
