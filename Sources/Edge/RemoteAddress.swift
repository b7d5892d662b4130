package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IP address; an IPv4 address mapped into IPv6 is the IPv4 address.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// The address of a text such as `203.0.113.9` or `2001:db8::1`; nil for anything else, a port included.
    package init?(_ text: some StringProtocol) {
        // The longest legal text has 45 characters.
        guard text.utf8.count <= 45 else { return nil }
        let text = String(text)
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            let all = withUnsafeBytes(of: &sixteen) { Array($0) }
            let mapped = all.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
            bytes = mapped ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// The address of a socket's end; nil for Unix sockets and none at all.
    package init?(_ socket: SocketAddress?) {
        guard let text = socket?.ipAddress else { return nil }
        self.init(text)
    }

    /// The address as text.
    package var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }

    /// The block that one subscriber holds, /24 or /56: what limits count by.
    package var block: AddressBlock {
        AddressBlock(prefix: Array(bytes.prefix(bytes.count == 4 ? 3 : 7)))
    }
}

/// A /24 of IPv4 or a /56 of IPv6.
package struct AddressBlock: Hashable, Sendable {
    /// 3 or 7 bytes.
    let prefix: [UInt8]
}

/// The proxies whose `X-Forwarded-For` is believed.
package struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let bytes: [UInt8]
        let bitCount: Int

        func contains(_ address: RemoteAddress) -> Bool {
            guard address.bytes.count == bytes.count else { return false }
            let whole = bitCount / 8
            guard address.bytes.prefix(whole).elementsEqual(bytes.prefix(whole)) else { return false }
            let rest = bitCount % 8
            return rest == 0 || (address.bytes[whole] ^ bytes[whole]) >> UInt8(8 - rest) == 0
        }
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
            let width = address.bytes.count * 8
            guard let bitCount = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(bitCount) else {
                return nil
            }
            networks.append(Network(bytes: address.bytes, bitCount: bitCount))
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
