import CLinuxShims
import Glibc
import SystemPackage

/// A child process of ours on a socket that is its stdin and stdout; its stderr goes nowhere. It ends when we close, or end.
///
/// A socket, not pipes: `send` can be told not to raise SIGPIPE, and it is made close-on-exec in one step.
struct ChildInterpreter: ~Copyable {
    private let pid: pid_t
    private let socket: FileDescriptor

    init(_ launch: TwinLaunch) throws(TwinError) {
        do throws(Errno) {
            let (ours, childs) = try Self.socketPair()
            do throws(Errno) {
                pid = try Self.spawn(launch, socket: childs)
            } catch {
                Glibc.close(ours.rawValue)
                Glibc.close(childs.rawValue)
                throw error
            }
            Glibc.close(childs.rawValue)
            socket = ours
        } catch {
            throw .cannotStart(error)
        }
    }

    private static func socketPair() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    private static func spawn(_ launch: TwinLaunch, socket: FileDescriptor) throws(Errno) -> pid_t {
        var arguments = launch.arguments.map { strdup($0) } + [nil]
        var environment = launch.environment.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        guard let model = launch.model else {
            return try spawn(launch.executable.string, arguments, environment, socket)
        }
        let isForeign: Int32 = launch.isForeign ? 1 : 0
        let pid = midflight_spawn_like(
            model, launch.executable.string, isForeign, socket.rawValue, &arguments, &environment)
        guard pid > 0 else { throw Errno(rawValue: Int32(-pid)) }
        return pid_t(pid)
    }

    private static func spawn(
        _ program: String, _ arguments: [UnsafeMutablePointer<CChar>?],
        _ environment: [UnsafeMutablePointer<CChar>?], _ socket: FileDescriptor
    ) throws(Errno) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, socket.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, socket.rawValue, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Its own process group: Ctrl-C in the terminal is for midflight, which ends the twin itself.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, &attributes, arguments, environment)
        guard status == 0 else { throw Errno(rawValue: status) }
        return pid
    }

    /// One request, one answer. `timeout` in milliseconds.
    func ask(_ content: [UInt8], timeout: Int64) throws(TwinError) -> [UInt8] {
        try send(content, timeout: timeout)
        return try receive(timeout: timeout)
    }

    /// An answer that was asked for with `send`.
    func receive(timeout: Int64) throws(TwinError) -> [UInt8] {
        let deadline = Monotonic.now + timeout * 1_000_000
        let header = try read(count: 4, deadline: deadline, timeout: timeout)
        return try read(
            count: Int(UInt32(littleEndianBytes: header[...])), deadline: deadline, timeout: timeout)
    }

    /// A frame without an answer.
    func send(_ content: [UInt8], timeout: Int64) throws(TwinError) {
        let deadline = Monotonic.now + timeout * 1_000_000
        let frame = UInt32(content.count).littleEndianBytes + content
        var sent = 0
        while sent < frame.count {
            let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            let count = frame[sent...].withUnsafeBytes {
                Glibc.send(socket.rawValue, $0.baseAddress, $0.count, flags)
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(POLLOUT, deadline: deadline, timeout: timeout)
            } else if errno != EINTR {
                throw .died
            }
        }
    }

    private func read(count: Int, deadline: Int64, timeout: Int64) throws(TwinError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            try wait(POLLIN, deadline: deadline, timeout: timeout)
            var part = [UInt8](repeating: 0, count: min(count - bytes.count, 1 << 20))
            let got = part.withUnsafeMutableBytes { Glibc.read(socket.rawValue, $0.baseAddress, $0.count) }
            if got > 0 {
                bytes.append(contentsOf: part[..<got])
            } else if got == 0 || errno != EINTR {
                throw .died
            }
        }
        return bytes
    }

    private func wait(_ events: Int32, deadline: Int64, timeout: Int64) throws(TwinError) {
        while true {
            let left = max(0, (deadline - Monotonic.now + 999_999) / 1_000_000)
            var polled = pollfd(fd: socket.rawValue, events: Int16(events), revents: 0)
            let ready = poll(&polled, 1, Int32(clamping: left))
            if ready > 0 { return }
            if ready == 0 { throw .tooSlow(milliseconds: timeout) }
            guard errno == EINTR else { throw .died }
        }
    }

    /// It holds nothing that it would have to write, and finalising an interpreter takes milliseconds.
    deinit {
        kill(pid, SIGKILL)
        Glibc.close(socket.rawValue)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
