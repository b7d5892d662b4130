import CLibcurl
import Glibc

/// One transfer in libcurl's hands.
///
/// Unchecked: after it was handed to the loop only the loop's thread touches it, and libcurl's callbacks come on it too.
final class CurlTransfer: @unchecked Sendable {
    let flag: CancelFlag
    private let call: OutgoingCall
    private let addresses: [InternetAddress]
    private let limit: Duration
    private var continuation: CheckedContinuation<Result<OutgoingAnswer, CallFailure>, Never>?
    private(set) var easy: UnsafeMutableRawPointer?
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var pins: UnsafeMutablePointer<curl_slist>?
    private let gate = UnsafeMutablePointer<motcua_curl_gate>.allocate(capacity: 1)
    private var body: [UInt8] = []
    private var isCut = false

    init(
        _ call: OutgoingCall, to addresses: [InternetAddress], within limit: Duration, flag: CancelFlag,
        _ continuation: CheckedContinuation<Result<OutgoingAnswer, CallFailure>, Never>
    ) {
        self.flag = flag
        self.call = call
        self.addresses = addresses
        self.limit = limit
        self.continuation = continuation
    }

    deinit {
        if let easy { curl_easy_cleanup(easy) }
        curl_slist_free_all(headers)
        curl_slist_free_all(pins)
        gate.deallocate()
    }

    /// Answers the caller, once.
    func finish(_ outcome: Result<OutgoingAnswer, CallFailure>) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// Makes libcurl's handle; nil when it refuses, and the caller is then answered.
    func open() -> UnsafeMutableRawPointer? {
        let isClean = call.headers.allSatisfy { header in
            (header.name + header.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
        }
        guard isClean, let easy = curl_easy_init() else {
            finish(.failure(CallFailure(.unusable, "the call cannot be made")))
            return nil
        }
        self.easy = easy
        // Without "Expect" libcurl would wait a second for a permission that few receivers give.
        for header in ["Expect:"] + call.headers.map({ "\($0.name): \($0.value)" }) {
            headers = curl_slist_append(headers, header) ?? headers
        }
        let codes = limits(easy) + content(easy) + guards(easy)
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            finish(.failure(CallFailure(.unusable, "libcurl refuses an option of the call")))
            return nil
        }
        return easy
    }

    private func limits(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        let parts = limit.components
        let milliseconds = Int(clamping: parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
        return [
            motcua_curl_set_number(easy, CURLOPT_TIMEOUT_MS, max(1, milliseconds)),
            motcua_curl_set_number(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, min(milliseconds, 5_000))),
            // Signals would interrupt other threads.
            motcua_curl_set_number(easy, CURLOPT_NOSIGNAL, 1),
        ]
    }

    private func content(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        [
            motcua_curl_set_text(easy, CURLOPT_URL, call.address.text),
            call.body.withUnsafeBytes { motcua_curl_set_body(easy, $0.baseAddress, $0.count) },
            motcua_curl_set_list(easy, CURLOPT_HTTPHEADER, headers),
            motcua_curl_set_number(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            motcua_curl_set_receiver(
                easy,
                { bytes, size, count, context in
                    guard let context, let bytes else { return 0 }
                    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                    return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
                }, Unmanaged.passUnretained(self).toOpaque()),
        ]
    }

    /// What keeps a call from going anywhere but to a checked address.
    private func guards(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        let schemes = call.address.reach == .internet ? "https" : "http,https"
        if call.address.literal == nil {
            let list = addresses.map { if case .v6 = $0 { "[\($0)]" } else { "\($0)" } }.joined(separator: ",")
            pins = curl_slist_append(nil, "\(call.address.host):\(call.address.port):\(list)")
        }
        gate.initialize(
            to: motcua_curl_gate(
                permit: { context, address in
                    guard let context, let address else { return 0 }
                    return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().permits(address) ? 1 : 0
                }, context: Unmanaged.passUnretained(self).toOpaque()))
        return [
            motcua_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, schemes),
            motcua_curl_set_number(easy, CURLOPT_FOLLOWLOCATION, 0),
            // Neither the environment's proxies nor a .netrc: both would lead or tell elsewhere.
            motcua_curl_set_text(easy, CURLOPT_PROXY, ""),
            motcua_curl_set_number(easy, CURLOPT_NETRC, 0),
            motcua_curl_set_list(easy, CURLOPT_RESOLVE, pins),
            motcua_curl_set_gate(easy, gate),
            motcua_curl_set_number(easy, CURLOPT_SSL_VERIFYPEER, 1),
            motcua_curl_set_number(easy, CURLOPT_SSL_VERIFYHOST, 2),
        ] + (call.trustFile.map { [motcua_curl_set_text(easy, CURLOPT_CAINFO, $0)] } ?? [])
    }

    private func permits(_ address: UnsafePointer<sockaddr>) -> Bool {
        InternetAddress(address).map(addresses.contains) ?? false
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = call.answerByteCountMax - body.count
        body += bytes.prefix(max(0, room))
        isCut = bytes.count > room
        // Less than was offered ends the transfer.
        return isCut ? 0 : bytes.count
    }

    /// Answers the caller by how libcurl ended.
    func complete(_ code: CURLcode) {
        var status = 0
        var pause: curl_off_t = 0
        guard let easy, code == CURLE_OK || (code == CURLE_WRITE_ERROR && isCut) else {
            return finish(.failure(CallFailure(kind(of: code), String(cString: curl_easy_strerror(code)))))
        }
        _ = motcua_curl_get_number(easy, CURLINFO_RESPONSE_CODE, &status)
        _ = motcua_curl_get_offset(easy, CURLINFO_RETRY_AFTER, &pause)
        finish(
            .success(
                OutgoingAnswer(
                    status: status, body: body, isCut: isCut,
                    retryAfter: pause > 0 ? .seconds(min(Int64(pause), 604_800)) : nil)))
    }

    private func kind(of code: CURLcode) -> CallFailure.Code {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_COULDNT_RESOLVE_HOST: .noHost
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            .untrusted
        default: .noConnection
        }
    }
}
