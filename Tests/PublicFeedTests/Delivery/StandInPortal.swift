import JSONText
import Synchronization
import Testing

@testable import PublicFeed

/// The national portal as far as its messages go: strict about sessions and about what is new and what is known, and
/// able to fail, to answer with errors inside 200, to lose its answers, and to forget.
final class StandInPortal: Sendable {
    struct State {
        /// The session that holds; every log-in ends the one before.
        var session: String?
        var logInCount = 0
        var dossiers: [String: JSONObject] = [:]
        var steps: [String: [JSONObject]] = [:]
        /// Service and dossier of every message under a session that holds, in order; `!` for one that was refused.
        var journal: [String] = []
        /// Dossiers that are refused, with the code.
        var refused: [String: String] = [:]
        /// How many answers are lost after their effect.
        var lostCount = 0
        /// Whether nothing is answered but HTTP 500.
        var isDown = false
        var bodies: [JSONValue] = []
    }

    private let state = Mutex(State())

    /// Looks at, or changes, what the portal holds.
    func with<Value: Sendable>(_ body: (inout State) throws -> sending Value) rethrows -> Value {
        try state.withLock { try body(&$0) }
    }

    /// The answer to one request.
    func answer(_ request: StandInServer.Received) -> StandInServer.Reply {
        state.withLock { state in
            if state.isDown { return .status(500) }
            guard let body = try? JSONValue.parse(request.body, limits: JSONLimits(byteCountMax: 1 << 20)) else {
                return .status(400)
            }
            if request.path.hasSuffix("/login") { return Self.logIn(body, &state) }
            state.bodies.append(body)
            guard let session = state.session, body["session"]?.stringValue == session else {
                return Self.refusal("401", "Phiên làm việc đã hết hạn")
            }
            let reply = Self.serve(body, &state)
            if state.lostCount > 0 {
                state.lostCount -= 1
                return .drop
            }
            return reply
        }
    }

    private static func logIn(_ body: JSONValue, _ state: inout State) -> StandInServer.Reply {
        guard body["username"] == "dn-sync", body["password"] == "mật khẩu" else {
            return refusal("99", "Sai tài khoản hoặc mật khẩu")
        }
        state.logInCount += 1
        let session = "session-\(state.logInCount)"
        state.session = session
        return done(["session": .string(session)])
    }

    private static func serve(_ body: JSONValue, _ state: inout State) -> StandInServer.Reply {
        guard body["madonvi"] == "000.00.00.H17", body["dstcode"] == "VN:GOV:DVCQG" else {
            return refusal("12", "Sai đơn vị")
        }
        let service = body["service"]?.stringValue ?? ""
        let code = body["data"]?.arrayValue?.first?["MaHoSo"]?.stringValue ?? body["mahoso"]?.stringValue ?? ""
        switch service {
        case "LayThuTuc":
            return done([
                "result": [["LINHVUCTHUCHIEN": [["MALINHVUC": "G15-HT02", "TENLINHVUC": "Hộ tịch"]]]]
            ])
        case "TraCuuHoSo":
            return done(["result": .array(state.dossiers[code].map { [.object($0)] } ?? [])])
        case "DongBoHoSoMC", "CapNhatTienDoHoSoMC":
            guard let data = body["data"]?.arrayValue?.first?.objectValue else { return refusal("2", "Thiếu data") }
            if let refusalCode = state.refused[code] {
                state.journal.append("!\(service) \(code)")
                return refusal(refusalCode, "Dữ liệu không hợp lệ")
            }
            return put(service, code, data, isUpdating: body["isUpdating"]?.stringValue == "True", &state)
        default: return refusal("1", "Không có dịch vụ")
        }
    }

    private static func put(
        _ service: String, _ code: String, _ data: JSONObject, isUpdating: Bool, _ state: inout State
    ) -> StandInServer.Reply {
        let isKnown = state.dossiers[code] != nil
        if service == "CapNhatTienDoHoSoMC" {
            guard isKnown else { return refusal("7", "Không có hồ sơ") }
            state.steps[code, default: []].append(data)
        } else {
            guard isKnown == isUpdating else {
                state.journal.append("!\(service) \(code)")
                return refusal(isKnown ? "5" : "6", isKnown ? "Hồ sơ đã tồn tại" : "Hồ sơ chưa có")
            }
            state.dossiers[code] = data
        }
        state.journal.append("\(service)\(service == "DongBoHoSoMC" ? isUpdating ? "+" : "*" : "") \(code)")
        return done([:])
    }

    private static func done(_ members: JSONObject) -> StandInServer.Reply {
        var body: JSONObject = ["error_code": "0"]
        for member in members.members { body[member.key] = member.value }
        return .status(200, body: JSONValue.object(body).bytes)
    }

    private static func refusal(_ code: String, _ message: String) -> StandInServer.Reply {
        .status(200, body: JSONValue.object(["error_code": .string(code), "message": .string(message)]).bytes)
    }
}

extension DeliveryWorld {
    /// Connects the stand-in.
    func connect(_ server: StandInServer, password: String = "mật khẩu") async throws {
        var settings = PortalSettings(unit: "000.00.00.H17", username: "dn-sync")
        settings.destination = "VN:GOV:DVCQG"
        try await desk.connectPortal(
            "national-portal", url: "http://127.0.0.1:\(server.port)/api", reach: .loopback, filter: .init(),
            settings: settings, password: password, fromStart: true)
    }

    /// How the portal follows.
    func portal() async throws -> PortalStandings { try #require(try await desk.portal("national-portal")) }
}
