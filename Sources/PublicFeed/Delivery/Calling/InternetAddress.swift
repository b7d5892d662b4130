import CLibcurl
import Glibc

/// An IP address, as a connection would be made to it.
package enum InternetAddress: Hashable, Sendable, CustomStringConvertible {
    /// IPv4, the first number highest.
    case v4(UInt32)
    /// IPv6, as two halves.
    case v6(high: UInt64, low: UInt64)

    /// What kind of place an address is.
    package enum Place: Hashable, Sendable {
        /// Anybody's, on the internet.
        case `public`
        /// This machine (127.0.0.0/8, ::1).
        case loopback
        /// A network of its owner's (RFC 1918, and RFC 4193's fc00::/7).
        case inside
        /// Link-local, shared by a carrier, multicast, translated or mapped, documentation, reserved: never called.
        case never
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else, also for names.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self = InternetAddress(six)
        } else {
            return nil
        }
    }

    /// The address of a socket; nil for another family.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                InternetAddress($0.pointee.sin6_addr)
            }
        default: return nil
        }
    }

    private init(_ six: in6_addr) {
        let (high, low) = withUnsafeBytes(of: six) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .v6(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// What kind of place it is, by IANA's registers of special-purpose addresses.
    ///
    /// Of IPv6 only 2000::/3 is public, less the blocks in it that lead elsewhere: so ::ffff:0:0/96 (IPv4 in disguise),
    /// 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), fe80::/10 and ff00::/8 are never called, without being listed.
    package var place: Place {
        switch self {
        case .v4(let number):
            let block = Self.fourBlocks.first { (number ^ $0.start) >> (32 - UInt32($0.prefix)) == 0 }
            return block?.place ?? .public
        case .v6(let high, let low):
            if high == 0, low == 1 { return .loopback }
            if high >> 57 == 0xfc >> 1 { return .inside }
            guard high >> 61 == 1 else { return .never }
            let isElsewhere = Self.sixBlocks.contains { (high ^ $0.start) >> (64 - UInt64($0.prefix)) == 0 }
            return isElsewhere ? .never : .public
        }
    }

    private static let fourBlocks: [(start: UInt32, prefix: Int, place: Place)] = [
        (0x7f00_0000, 8, .loopback),
        (0x0a00_0000, 8, .inside), (0xac10_0000, 12, .inside), (0xc0a8_0000, 16, .inside),
        (0x0000_0000, 8, .never),  // this network (RFC 791)
        (0x6440_0000, 10, .never),  // shared by a carrier's customers (RFC 6598)
        (0xa9fe_0000, 16, .never),  // link-local, where clouds keep their metadata (RFC 3927)
        (0xc000_0000, 24, .never),  // protocol assignments (RFC 6890)
        (0xc000_0200, 24, .never), (0xc633_6400, 24, .never), (0xcb00_7100, 24, .never),  // documentation (RFC 5737)
        (0xc058_6300, 24, .never),  // 6to4 relays (RFC 7526)
        (0xc612_0000, 15, .never),  // benchmarks (RFC 2544)
        (0xe000_0000, 4, .never), (0xf000_0000, 4, .never),  // multicast, reserved, broadcast
    ]

    private static let sixBlocks: [(start: UInt64, prefix: Int)] = [
        (0x2001_0000_0000_0000, 23),  // protocol assignments, Teredo, ORCHID (RFC 2928)
        (0x2001_0db8_0000_0000, 32), (0x3fff_0000_0000_0000, 20),  // documentation (RFC 3849, RFC 9637)
        (0x2002_0000_0000_0000, 16),  // 6to4, which carries an IPv4 address (RFC 3056)
    ]

    /// As libcurl and people read it.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch self {
        case .v4(let number):
            var four = in_addr(s_addr: number.bigEndian)
            inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
        case .v6(let high, let low):
            var halves = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &halves, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// How far a receiver may be: what an administrator allowed for it.
package enum Reach: String, Sendable, CaseIterable {
    /// Public addresses, by https alone: what a stranger may name.
    case internet
    /// This machine alone, also by http: for tests.
    case loopback
    /// The network inside too, also by http: for the portal's adapter, which an administrator names.
    case inside

    /// Whether a connection to the address may be made.
    package func permits(_ address: InternetAddress) -> Bool {
        switch (self, address.place) {
        case (_, .never): false
        case (.internet, let place): place == .public
        case (.loopback, let place): place == .loopback
        case (.inside, _): true
        }
    }
}
