import CLinuxShims
import Glibc
import Synchronization
import SystemPackage

/// A child of ours; reaped by `wait` and `status` alone.
package final class LaunchedProgram: Sendable {
    /// The child's own number; until it is reaped, no other process gets it.
    package let pid: Int32
    private let isReaped = Mutex(false)

    /// Why it could not be started: the errno of execve(2), or of what comes before.
    package struct Failure: Error, Sendable {
        /// An errno.
        package var number: Int32
    }

    /// What the program shares with us.
    package enum Surroundings: Sendable, Hashable {
        /// Our streams and our process group: what the terminal sends goes to both.
        case foreground
        /// A group of its own in `directory` (absolute), no input, and our standard error for all of its output.
        /// `user`: whom it runs as; nil: as we do.
        case service(directory: String, user: UserIdentity? = nil)
    }

    /// `command`: looked for in PATH; at least one word.
    package init(_ command: [String], _ surroundings: Surroundings = .foreground) throws(Failure) {
        var arguments = command.map { strdup($0) } + [nil]
        var environment = surroundings.environment.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        if case .service(let directory, let user?) = surroundings {
            pid = try Self.launch(as: user, in: directory, &arguments, &environment)
        } else {
            pid = try Self.spawn(command, arguments, environment, surroundings)
        }
    }

    private static func launch(
        as user: UserIdentity, in directory: String, _ arguments: inout [UnsafeMutablePointer<CChar>?],
        _ environment: inout [UnsafeMutablePointer<CChar>?]
    ) throws(Failure) -> pid_t {
        var pid = 0
        let status = BusyProgram.started {
            pid = midflight_launch_as(
                user.userID, user.groupID, user.groups, user.groups.count, directory, &arguments, &environment
            )
            return pid > 0 ? 0 : Int32(-pid)
        }
        guard status == 0 else { throw Failure(number: status) }
        return pid_t(pid)
    }

    private static func spawn(
        _ command: [String], _ arguments: [UnsafeMutablePointer<CChar>?],
        _ environment: [UnsafeMutablePointer<CChar>?],
        _ surroundings: Surroundings
    ) throws(Failure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if case .service(let directory, _) = surroundings {
            flags |= POSIX_SPAWN_SETPGROUP
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
            midflight_spawn_in_directory(&actions, directory)
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGIO] { sigaddset(&signals, number) }  // those that we ignore
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var pid: pid_t = 0
        let status = BusyProgram.started {
            posix_spawnp(&pid, command[0], &actions, &attributes, arguments, environment)
        }
        guard status == 0 else { throw Failure(number: status) }
        return pid
    }

    /// True once there is a status to be had; leaves it there.
    package var hasEnded: Bool {
        var info = siginfo_t()
        let status = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
        return status == 0 ? info.si_signo != 0 : errno == ECHILD
    }

    /// The exit status, or 128 + the signal's number; nil if another thread took it. Not while a thread of the
    /// program is traced: wait4(2) would take its stops.
    package func wait() -> Int32? {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            defer { isReaped = true }
            guard waitpid(pid, &status, 0) == pid else { return nil }
            return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        }
    }

    /// Never to a pid that may be another process's by now.
    package func send(_ number: Int32) {
        isReaped.withLock { if !$0 { _ = kill(pid, number) } }
    }

    /// To it and to what it has started in its process group, which must be its own.
    package func sendToGroup(_ number: Int32) {
        isReaped.withLock { if !$0 { _ = kill(-pid, number) } }
    }
}

extension LaunchedProgram.Surroundings {
    /// `NAME=value`, in our own order.
    fileprivate var environment: [String] {
        let own = ((try? ProcFS().contents("/proc/self/environ")) ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
        guard case .service(_, let user?) = self else { return own }
        return own.filter { entry in !user.variables.keys.contains { entry.hasPrefix($0 + "=") } }
            + user.variables.map { $0 + "=" + $1 }.sorted()
    }
}
