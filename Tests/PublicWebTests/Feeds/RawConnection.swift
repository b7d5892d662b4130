import Glibc
import TestSupport

/// A client of one request that reads what comes, when it comes.
final class RawConnection {
    private let descriptor: Int32
    private(set) var text = ""
    /// The server has closed its side.
    private(set) var isOver = false

    init(port: Int, path: String, headers: [String] = []) throws {
        descriptor = try Loopback.connect(port: port)
        let lines = ["GET \(path) HTTP/1.1", "Host: localhost"] + headers + ["", ""]
        let request = Array(lines.joined(separator: "\r\n").utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Failure("not sent: errno \(errno)")
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Reads until what came satisfies the condition.
    func read(until holds: (RawConnection) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !holds(self) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                text += String(decoding: buffer.prefix(count), as: UTF8.self)
            } else if count == 0 {
                isOver = true
                guard holds(self) else { throw Failure("the server closed after: \(text.suffix(500))") }
            } else {
                guard ContinuousClock.now < deadline else { throw Failure("waited in vain after: \(text.suffix(500))") }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// The places of the events with data that have come.
    var places: [String] {
        var places: [String] = []
        var id: String?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
            if line.hasPrefix("data: "), let place = id { places.append(place) }
        }
        return places
    }
}
