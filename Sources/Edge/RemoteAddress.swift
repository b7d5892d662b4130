package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IP address; an IPv4 address mapped into IPv6 is the IPv4 address.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes in network order; of IPv4 all four, in the lower half.
    private let high: UInt64
    /// The last eight bytes of IPv6.
    private let low: UInt64
    private let isFour: Bool

    /// The address of a text such as `203.0.113.9` or `2001:db8::1`; nil for anything else, a port included.
    package init?(_ text: some StringProtocol) {
        // The longest legal text has 45 characters.
        guard text.utf8.count <= 45 else { return nil }
        if let four = Self.dotted(text.utf8) {
            self.init(four: four)
            return
        }
        var sixteen = in6_addr()
        guard inet_pton(AF_INET6, String(text), &sixteen) == 1 else { return nil }
        let (high, low) = withUnsafeBytes(of: &sixteen) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        if high == 0, low >> 32 == 0xFFFF {
            self.init(four: UInt32(truncatingIfNeeded: low))
        } else {
            self.init(high: high, low: low, isFour: false)
        }
    }

    private init(high: UInt64, low: UInt64, isFour: Bool) {
        self.high = high
        self.low = low
        self.isFour = isFour
    }

    private init(four: UInt32) {
        self.init(high: UInt64(four), low: 0, isFour: true)
    }

    /// Four decimal numbers without needless zeros, as `inet_pton` reads them.
    private static func dotted(_ text: some Collection<UInt8>) -> UInt32? {
        var address: UInt32 = 0
        var number: UInt32?
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard let part = number, dots < 3 else { return nil }
                address = address << 8 | part
                number = nil
                dots += 1
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), number != 0 else { return nil }
                let next = (number ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard next <= 255 else { return nil }
                number = next
            }
        }
        guard let last = number, dots == 3 else { return nil }
        return address << 8 | last
    }

    /// 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        func bytes(_ word: UInt64) -> [UInt8] { withUnsafeBytes(of: word.bigEndian) { Array($0) } }
        return isFour ? Array(bytes(high).suffix(4)) : bytes(high) + bytes(low)
    }

    /// Whether the first bits are those of another address of the same kind.
    fileprivate func begins(like other: RemoteAddress, bitCount: Int) -> Bool {
        guard isFour == other.isFour else { return false }
        if isFour { return bitCount <= 0 || (high ^ other.high) >> UInt64(32 - bitCount) == 0 }
        if bitCount <= 64 { return bitCount <= 0 || (high ^ other.high) >> UInt64(64 - bitCount) == 0 }
        return high == other.high && (low ^ other.low) >> UInt64(128 - bitCount) == 0
    }

    /// How many bits an address of this kind has.
    fileprivate var bitCount: Int { isFour ? 32 : 128 }

    /// The address of a socket's end; nil for Unix sockets and none at all.
    package init?(_ socket: SocketAddress?) {
        guard let text = socket?.ipAddress else { return nil }
        self.init(text)
    }

    /// The address as text.
    package var description: String {
        if isFour { return bytes.map(String.init).joined(separator: ".") }
        let bytes = bytes
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// The block that one subscriber holds, /24 or /56: what limits count by.
    package var block: AddressBlock {
        // The highest byte tells the two kinds apart.
        AddressBlock(prefix: isFour ? high >> 8 | 1 << 56 : high >> 8)
    }
}

/// A /24 of IPv4 or a /56 of IPv6.
package struct AddressBlock: Hashable, Sendable {
    /// 3 bytes under a mark, or 7.
    fileprivate let prefix: UInt64
}

/// The proxies whose `X-Forwarded-For` is believed.
package struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: RemoteAddress
        let bitCount: Int

        func contains(_ other: RemoteAddress) -> Bool { other.begins(like: address, bitCount: bitCount) }
    }

    private let networks: [Network]

    /// No proxy: the header is never read.
    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// Proxies as addresses or networks (`10.0.0.0/8`); nil if one does not read as either.
    package init?(_ texts: [String]) {
        var networks: [Network] = []
        for text in texts {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let address = RemoteAddress(parts[0]) else { return nil }
            let width = address.bitCount
            guard let bitCount = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(bitCount) else {
                return nil
            }
            networks.append(Network(address: address, bitCount: bitCount))
        }
        self.init(networks: networks)
    }

    /// Whether the address is one of them.
    package func contains(_ address: RemoteAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// The caller: the nearest hop, read from the right, that is no listed proxy.
    ///
    /// A hop that is no address ends the walk, for whatever stands left of it is the caller's own invention.
    package func client(peer: RemoteAddress, forwardedFor: [String]) -> RemoteAddress {
        guard !forwardedFor.isEmpty, contains(peer) else { return peer }
        // One proxy that names one address, which is what most installations have.
        if forwardedFor.count == 1, let only = forwardedFor.first, let address = RemoteAddress(only), !contains(address)
        {
            return address
        }
        var client = peer
        let hops = forwardedFor.joined(separator: ",").split(separator: ",").suffix(20)
        for hop in hops.reversed() {
            guard contains(client) else { break }
            guard let address = RemoteAddress(hop.trimming(while: { $0 == " " || $0 == "\t" })) else { break }
            client = address
        }
        return client
    }
}
