import CLinuxShims
import Glibc
import SystemPackage

/// A child process of ours on a socket that is its stdin and stdout; its stderr goes nowhere. It ends when we close,
/// or end.
///
/// A socket, not pipes: `send` can be told not to raise SIGPIPE, and it is made close-on-exec in one step.
struct ChildInterpreter: ~Copyable {
    /// Our child; it is reaped when the value ends.
    let pid: pid_t
    private let socket: FileDescriptor
    private let link: FrameLink

    /// Starts the interpreter. Does not wait until it answers.
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
            link = FrameLink(input: ours.rawValue, output: ours.rawValue, isSocket: true)
        } catch {
            throw .cannotStart(error)
        }
    }

    /// Bytes: the program compiled, and a request.
    private static let sendRoom: Int32 = 1 << 20

    private static func socketPair() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        // Our program has more bytes than the kernel keeps for a reader that is still starting up, and we have other
        // things to do than to wait for it. As many as socket(7) allows; with fewer it is only slower.
        var room = sendRoom
        _ = setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
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
        var pid = 0
        let status = BusyProgram.started {
            pid = midflight_spawn_like(
                model, launch.executable.string, isForeign, socket.rawValue, &arguments, &environment)
            return pid > 0 ? 0 : Int32(-pid)
        }
        guard status == 0 else { throw Errno(rawValue: status) }
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
        let status = BusyProgram.started {
            posix_spawn(&pid, program, &actions, &attributes, arguments, environment)
        }
        guard status == 0 else { throw Errno(rawValue: status) }
        return pid
    }

    /// One request, one answer. `timeout` in milliseconds.
    func ask(_ content: [UInt8], timeout: Int64) throws(TwinError) -> [UInt8] {
        let id = try send(content, timeout: timeout)
        return try receive(id, timeout: timeout)
    }

    /// A request without waiting for its answer; returns its number.
    func send(_ content: [UInt8], timeout: Int64) throws(TwinError) -> UInt32 {
        do throws(FrameLink.Failure) {
            let id = try link.post(content)
            try link.finishSending(by: Monotonic.now + timeout * 1_000_000)
            return id
        } catch {
            throw Self.meaning(of: error, timeout)
        }
    }

    /// The answer to a request that was sent.
    func receive(_ id: UInt32, timeout: Int64) throws(TwinError) -> [UInt8] {
        do throws(FrameLink.Failure) {
            let answer = try link.next(of: id, by: Monotonic.now + timeout * 1_000_000)
            link.forget(id)  // its end says nothing more
            return answer.content
        } catch {
            throw Self.meaning(of: error, timeout)
        }
    }

    /// What the interpreter runs, before the first frame: its length (u32, little-endian) and itself.
    func load(_ program: [UInt8], timeout: Int64) throws(TwinError) {
        let bytes = UInt32(program.count).littleEndianBytes + program
        let deadline = Monotonic.now + timeout * 1_000_000
        var sent = 0
        while sent < bytes.count {
            let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket.rawValue, $0.baseAddress, $0.count, flags)
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                let left = Monotonic.milliseconds(until: deadline, now: Monotonic.now)
                var polled = pollfd(fd: socket.rawValue, events: Int16(POLLOUT), revents: 0)
                if poll(&polled, 1, Int32(clamping: left)) == 0 { throw .tooSlow(milliseconds: timeout) }
            } else if errno != EINTR {
                throw .died
            }
        }
    }

    private static func meaning(of failure: FrameLink.Failure, _ timeout: Int64) -> TwinError {
        switch failure {
        case .closed, .malformed: .died
        case .tooSlow: .tooSlow(milliseconds: timeout)
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
