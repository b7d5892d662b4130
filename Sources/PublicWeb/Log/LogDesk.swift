import Edge
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notices
import PublicFeed

/// Adds the transparency log: C2SP's tlog-tiles below `/log/{province}/`, the proofs of a look-up code, and the page that
/// explains them. docs/log.md has all of it.
func logRoutes<Context: EdgeRequestContext>(on router: some RouterMethods<Context>, _ site: PublicSite) {
    let desk = LogDesk(site)
    let codes = LookUpDesk(site)
    router.get("/so-cong-khai") { _, context in
        LookUpDesk.listed(PageShell(language: context.language, path: "/so-cong-khai").publicLog())
    }
    router.get("/log/{province}/checkpoint") { request, context in
        try await desk.answer(context) { log, province in
            LogDesk.note(try await log.checkpoint(province)?.note, request)
        }
    }
    router.get("/log/{province}/checkpoint/cosigned") { request, context in
        try await desk.answer(context) { log, province in
            LogDesk.note(try await log.cosignedCheckpoint(province)?.note, request)
        }
    }
    router.post("/log/{province}/checkpoint/{size}/cosignatures") { request, context in
        try await desk.answer(context) { log, province in try await desk.cosign(request, context, log, province) }
    }
    router.get("/log/{province}/consistency/{old}") { _, context in
        try await desk.answer(context) { log, province in
            guard let old = LogDesk.size(try context.parameters.require("old")) else { return nil }
            let statement = try await log.consistency(province, from: old)
            return statement.map { LogDesk.text($0.description, .shared(seconds: 2)) }
        }
    }
    router.get("/log/{province}/key") { _, context in
        try await desk.answer(context) { log, province in
            guard try await log.checkpoint(province) != nil, let key = log.key(province) else { return nil }
            return LogDesk.text(key.description + "\n", .shared(seconds: 3_600))
        }
    }
    router.get("/log/{province}/tile/**") { _, context in
        try await desk.answer(context) { log, province in try await LogDesk.tile(context, log, province) }
    }
    router.get("/v1/progress/{code}/proof") { request, context in
        try await codes.proof(request, context, code: TypedText.decode(try context.parameters.require("code")))
    }
}

/// Serves the log. Nothing of it depends on who asks.
struct LogDesk: Sendable {
    private let site: PublicSite

    init(_ site: PublicSite) { self.site = site }

    /// Runs a handler for the province in the path; nil is 404, like a province that has no log.
    func answer(
        _ context: some EdgeRequestContext, _ handler: (LogReader, Int16) async throws -> Response?
    ) async throws -> Response {
        _ = try site.throttle.admit(context.edge)
        let typed = try context.parameters.require("province")
        guard let log = site.log, let province = Int16(typed), province > 0, String(province) == typed else {
            throw Problem.notFound
        }
        let response: Response?
        do {
            response = try await handler(log, province)
        } catch let fault as LogFault {
            context.tracedLogger.critical("\(fault)")
            throw Problem.logUnsound
        } catch {
            throw LookUpDesk.problem(error)
        }
        guard let response else { throw Problem.notFound }
        return response
    }

    /// A size as C2SP writes it: decimal, no sign, no leading zero.
    static func size(_ text: String) -> Int64? {
        guard let size = Int64(text), size >= 0, String(size) == text else { return nil }
        return size
    }

    static func note(_ note: SignedNote?, _ request: Request) -> Response? {
        guard let note else { return nil }
        var response = text(note.description, .shared(seconds: 2))
        let tag = ETag(hash: ContentHash.number(of: Array(note.description.utf8)))
        response.headers[.eTag] = tag.description
        return request.has(tag) ? Response(status: .notModified, headers: response.headers) : response
    }

    static func text(_ text: String, _ cache: Edge.CacheControl) -> Response {
        bytes(Array(text.utf8), "text/plain; charset=utf-8", cache)
    }

    /// Monitors may read the log from anywhere, pages of other hosts included.
    private static func bytes(_ bytes: [UInt8], _ type: String, _ cache: Edge.CacheControl) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: cache.value]
        headers[.accessControlAllowOrigin] = "*"
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { headers[name] = "cross-origin" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func tile(
        _ context: some EdgeRequestContext, _ log: LogReader, _ province: Int16
    ) async throws -> Response? {
        let parts = context.parameters.getCatchAll()
        if parts.first == "entries" { throw Problem.entriesArePrivate }
        guard let asked = LogTile.parse(Array(parts)),
            let hashes = try await log.tile(province, asked.tile, width: asked.width)
        else { return nil }
        return bytes(hashes, "application/octet-stream", .immutable)
    }

    /// Takes signature lines of witnesses for a checkpoint; whoever brings them, they speak for themselves.
    func cosign(
        _ request: Request, _ context: some EdgeRequestContext, _ log: LogReader, _ province: Int16
    ) async throws -> Response? {
        guard let size = LogDesk.size(try context.parameters.require("size")) else { return nil }
        let lines = String(decoding: try await request.body(upTo: 16_384), as: UTF8.self)
        switch try await log.cosign(province, size: size, lines: lines) {
        case .kept(let count): return LogDesk.text("\(count)\n", .noStore)
        case .unknownCheckpoint: return nil
        case .unknownWitness: throw Problem.unknownWitness
        }
    }
}

extension LookUpDesk {
    /// The proofs of all that a look-up code shows, as a file to keep. A legal code opens none of it.
    func proof(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        let began = ContinuousClock.now
        let quota = try site.throttle.admit(context.edge)
        switch TypedCode(typed) {
        case .lookUp(let code):
            do {
                if let receipt = try await receipt(code) {
                    var response = LookUpDesk.tagged(receipt.json, to: request, "application/json; charset=utf-8")
                    if response.status == .ok {
                        response.headers[.contentDisposition] = "attachment; filename=\"bang-chung-so-cong-khai.json\""
                    }
                    return response.counted(quota)
                }
            } catch let fault as LogFault {
                context.tracedLogger.critical("\(fault)")
                throw Problem.logUnsound
            } catch {
                throw LookUpDesk.problem(error)
            }
        case .slip: throw Problem.mistypedCode.counted(quota)
        case .legal, .empty, .unknown: break
        }
        throw Problem.notFound.counted(try await missed(context, since: began))
    }

    /// The leaves of all that a look-up code shows, or showed before it was erased; nil where there are none.
    private func receipt(_ code: LookUpCode) async throws -> LogReceipt? {
        guard let log = site.log else { return nil }
        if let family = try await site.reader.family(of: code) { return try await log.receipt(of: family) }
        guard let erased = try await site.reader.erased(code) else { return nil }
        return try await log.receipt(of: erased)
    }
}

extension Problem {
    /// 404: C2SP's entry bundles would publish the salts, by which a leaf could be guessed back to its notice.
    static let entriesArePrivate = Problem(
        "entries-private", status: .notFound, vi: "Nội dung các mục không được công bố",
        en: "The entries of this log are not published"
    ).detailed(
        vi: "Ô ở mức 0 chứa cam kết của từng mục; người giữ mã tra cứu nhận nội dung ở /v1/progress/{code}/proof.",
        en: "The tiles of level 0 hold each entry's commitment; who holds a look-up code gets the content at "
            + "/v1/progress/{code}/proof.")

    /// 403: none of the lines is a true signature of a witness that is configured here.
    static let unknownWitness = Problem(
        "unknown-witness", status: .forbidden, vi: "Không có chữ ký đúng của nhân chứng đã biết",
        en: "No true signature of a known witness")

    /// 503: the stored tree is not what was signed, so there is no proof to give.
    static let logUnsound = Problem(
        "log-unsound", status: .serviceUnavailable, vi: "Sổ công khai đang được kiểm tra, chưa thể cấp bằng chứng",
        en: "The public log is being checked; no proof can be given now"
    ).retry(afterSeconds: 300)
}
