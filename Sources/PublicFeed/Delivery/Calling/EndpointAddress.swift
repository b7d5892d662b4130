import CLibcurl

/// Where a receiver listens: an address that libcurl itself has read, so that what was checked is what is called.
package struct EndpointAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as libcurl writes it, without a fragment.
    package let text: String
    /// The host: a name in ASCII, or an address (IPv6 in brackets).
    package let host: String
    /// The port, the scheme's own if none was given.
    package let port: Int
    /// What may be called.
    package let reach: Reach

    /// Why an address cannot be used, for the administrator.
    package struct Flaw: Error, Hashable, Sendable, CustomStringConvertible {
        /// One line.
        package let description: String
    }

    /// The host when it is an address itself; nil for a name.
    package var literal: InternetAddress? {
        InternetAddress(host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host)
    }

    /// `https://host:port/…`.
    package var description: String { text }

    /// Reads an address of at most 2000 bytes.
    ///
    /// A name is looked up when it is called, not here; an address that may never be called is refused at once.
    package init(_ text: String, reach: Reach) throws(Flaw) {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Flaw(description: "an address is at most 2000 characters of ASCII without spaces (names as xn--…)")
        }
        guard let handle = curl_url() else { throw Flaw(description: "out of memory") }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME), let host = Self.part(handle, CURLUPART_HOST),
            let port = Self.part(handle, CURLUPART_PORT).flatMap({ Int($0) }), (1...65_535).contains(port),
            let whole = Self.part(handle, CURLUPART_URL)
        else {
            throw Flaw(description: "“\(text)” is no address such as https://example.vn/motcua")
        }
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_ZONEID] where Self.part(handle, part) != nil {
            throw Flaw(description: "an address holds no user, password or zone")
        }
        guard scheme == "https" || (scheme == "http" && reach != .internet) else {
            throw Flaw(description: "a receiver is called by https alone; http is for tests and the network inside")
        }
        self.text = whole
        self.host = host
        self.port = port
        self.reach = reach
        if let literal, !reach.permits(literal) {
            throw Flaw(description: "\(literal) is not an address that may be called (\(reach.rawValue))")
        }
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        let flags = part == CURLUPART_PORT ? UInt32(CURLU_DEFAULT_PORT) : 0
        guard curl_url_get(handle, part, &value, flags) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }
}
