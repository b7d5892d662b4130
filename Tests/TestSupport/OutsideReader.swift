import Glibc

/// Other people's programs, which read what we wrote.
package enum OutsideReader {
    /// Runs a script of Tests/Readers on some bytes.
    /// - Returns: what it printed.
    /// - Throws: when it found a fault, or is not installed.
    package static func read(_ bytes: [UInt8], script: String, _ before: [String] = [], _ after: [String] = []) throws
        -> String
    {
        var pattern = Array("/tmp/motcua-reader-XXXXXX".utf8CString)
        guard mkdtemp(&pattern) != nil else { throw Failure("no folder in /tmp: errno \(errno)") }
        let folder = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { for file in ["input", "log"] { unlink("\(folder)/\(file)") }; rmdir(folder) }
        let file = open("\(folder)/input", O_WRONLY | O_CREAT | O_EXCL, 0o644)
        let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
        guard written == bytes.count else { throw Failure("\(folder)/input: not written") }
        let path = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let log = "\(folder)/log"
        let pid = try ChildProcess.start(
            ["/usr/bin/python3", "/\(path)/Readers/\(script)"] + before + ["\(folder)/input"] + after, log: log)
        let status = ChildProcess.wait(pid)
        let printed = try text(of: log)
        guard !printed.contains("ModuleNotFoundError") else {
            throw Failure("a reader is not installed: run scripts/install-readers.sh")
        }
        guard status == 0 else { throw Failure("\(script): \(printed.suffix(2_000))") }
        return printed
    }

    private static func text(of path: String) throws -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure("\(path): errno \(errno)") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }
}
