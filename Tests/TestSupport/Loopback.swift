import Glibc

/// Sockets of this machine alone. They live here, below everything that brings NIO along: NIO's own headers name the same C
/// types, and a target that sees both may not compile.
package enum Loopback {
    /// The descriptor of a stream that is connected to a port.
    package static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("no socket: errno \(errno)") }
        let isConnected = with(port: port) { Glibc.connect(descriptor, $0, $1.pointee) == 0 }
        guard isConnected else {
            let number = errno
            close(descriptor)
            throw Failure("no connection: errno \(number)")
        }
        return descriptor
    }

    /// A port that nobody has now: for whoever needs its number before anything listens.
    package static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var port: Int?
        let isBound = with(port: 0) { address, size in
            guard bind(descriptor, address, size.pointee) == 0, getsockname(descriptor, address, size) == 0 else {
                return false
            }
            port = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
            return true
        }
        guard isBound, let port else { throw Failure("no free port: errno \(errno)") }
        return port
    }

    private static func with<Value>(
        port: Int, _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &size) }
        }
    }
}
