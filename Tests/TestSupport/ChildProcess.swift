package import Glibc

/// What a test environment could not do; one line.
package struct Failure: Error, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String

    /// A failure with its line.
    package init(_ description: String) { self.description = description }
}

/// Children of the test process, started without a shell.
package enum ChildProcess {
    /// Starts a program found on PATH, its output appended to `log`.
    package static func start(_ arguments: [String], log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Whatever the tests hold open beside: a child that kept a socket would keep its peer waiting.
        for descriptor in 3..<max(min(getdtablesize(), 4_096), 3) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // A group of its own: Ctrl-C is for the tests, which then end their children.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        // Our threads hold signals back, and a child that inherited that could not be ended in order.
        var held = sigset_t()
        sigemptyset(&held)
        posix_spawnattr_setsigmask(&attributes, &held)
        // PostgreSQL cannot work in a folder that only root may enter.
        let copies = (["env", "--chdir=/"] + arguments).map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, "env", &actions, &attributes, copies + [nil], environ)
        guard status == 0 else { throw Failure("cannot start \(arguments[0]): errno \(status)") }
        return pid
    }

    /// Waits for the end of a child; its exit status, or 128 + signal.
    @discardableResult
    package static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// Runs a program to its end; throws with the log's place when it fails.
    package static func run(_ arguments: [String], log: String) throws {
        let status = wait(try start(arguments, log: log))
        guard status == 0 else { throw Failure("\(arguments.joined(separator: " ")): status \(status), see \(log)") }
    }

    /// The words before a command that must not run as root; empty when we are not.
    package static var stepDown: [String] {
        geteuid() == 0 ? ["--reuid", "postgres", "--regid", "postgres", "--init-groups"] : []
    }
}
