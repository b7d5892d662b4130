import Glibc

/// The folder of one embedded server: `data`, `log`, `socket`, `start.log`, and the lock of the engine that runs it.
struct ServerFolder: Sendable {
    let path: String
    /// Where the Unix socket lies: in the folder, or in /tmp when its path would be over 107 bytes.
    let socket: String
    /// The user that runs PostgreSQL; nil when it is ourselves.
    let runsAs: (name: String, uid: uid_t, gid: gid_t)?

    var data: String { "\(path)/data" }
    var startLog: String { "\(path)/start.log" }

    /// Makes the folder where it is missing, private, and owned by the user who will run PostgreSQL.
    init(_ path: String) throws {
        let isRoot = geteuid() == 0
        if isRoot {
            // PostgreSQL refuses to run as root.
            guard let user = getpwnam("postgres")?.pointee else {
                throw EmbeddedPostgresError("the user postgres is missing; run: apt-get install postgresql")
            }
            runsAs = ("postgres", user.pw_uid, user.pw_gid)
        } else {
            runsAs = nil
        }
        try ServerFolder.make(path, owner: nil, mode: 0o700)
        guard let resolved = realpath(path, nil) else { throw EmbeddedPostgresError("cannot open \(path)") }
        defer { free(resolved) }
        self.path = String(cString: resolved)
        let inside = "\(self.path)/socket"
        socket = "\(inside)/.s.PGSQL.5432".utf8.count <= 107 ? inside : "/tmp/motcua-\(ServerFolder.hash(self.path))"
        try checkAncestors()
        try own(self.path)
        try ServerFolder.make(socket, owner: runsAs.map { ($0.uid, $0.gid) }, mode: 0o700)
        try checkIsPrivate(socket)
        try ServerFolder.make("\(self.path)/log", owner: runsAs.map { ($0.uid, $0.gid) }, mode: 0o700)
    }

    /// The major version of the data; nil when there is none yet.
    func major() throws -> Int? {
        guard access(data, F_OK) == 0 else { return nil }
        guard let text = ServerFolder.read("\(data)/PG_VERSION"), let major = Int(text.prefix { $0.isNumber }) else {
            throw EmbeddedPostgresError("\(data) is not a PostgreSQL data folder: PG_VERSION is missing")
        }
        return major
    }

    /// Takes the lock of the engine that runs this server; nil while another process holds it. Closed, it is free.
    func lock() throws -> Int32? {
        let descriptor = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EmbeddedPostgresError("cannot open \(path)/lock: \(String(cString: strerror(errno)))")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// Makes the new data folder visible in one step that survives a power cut.
    func adoptNewData() throws {
        guard rename("\(data).new", data) == 0 else {
            throw EmbeddedPostgresError("cannot rename \(data).new: \(String(cString: strerror(errno)))")
        }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw EmbeddedPostgresError("cannot fsync \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// At most the first 64 kB of a small file; nil when it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count >= 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    private static func make(_ path: String, owner: (uid_t, gid_t)?, mode: mode_t) throws {
        if mkdir(path, mode) != 0 {
            guard errno == EEXIST else {
                throw EmbeddedPostgresError("cannot make the folder \(path): \(String(cString: strerror(errno)))")
            }
            return
        }
        if let owner, chown(path, owner.0, owner.1) != 0 {
            throw EmbeddedPostgresError("cannot give \(path) to the user postgres: \(String(cString: strerror(errno)))")
        }
    }

    private func own(_ path: String) throws {
        guard let runsAs else { return }
        guard chown(path, runsAs.uid, runsAs.gid) == 0 else {
            throw EmbeddedPostgresError(
                "cannot give \(path) to the user \(runsAs.name): \(String(cString: strerror(errno)))")
        }
    }

    /// PostgreSQL's user must be able to enter every folder above, which root's home forbids.
    private func checkAncestors() throws {
        guard let runsAs else { return }
        var folder = path
        while let slash = folder.lastIndex(of: "/"), folder != "/" {
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
            var status = stat()
            guard stat(folder, &status) == 0, status.st_mode & 0o001 != 0 || status.st_uid == runsAs.uid else {
                throw EmbeddedPostgresError(
                    "the user \(runsAs.name) cannot enter \(folder): choose another data folder, such as /var/lib/motcua"
                )
            }
        }
    }

    /// Nobody else may have made the socket's folder: who owns it decides which server we speak to.
    private func checkIsPrivate(_ folder: String) throws {
        var status = stat()
        let owner = runsAs?.uid ?? geteuid()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == owner,
            status.st_mode & 0o077 == 0
        else { throw EmbeddedPostgresError("\(folder) belongs to somebody else: remove it") }
    }

    /// FNV-1a in 64 bits: a short, stable name for a long path.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(value, radix: 16)
    }
}
