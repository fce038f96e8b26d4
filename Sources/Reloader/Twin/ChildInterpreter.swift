import Glibc
import SystemPackage

/// A child process of ours with two pipes; its stderr goes nowhere. It ends when its stdin does.
struct ChildInterpreter: ~Copyable {
    private let pid: pid_t
    private let input: FileDescriptor
    private let output: FileDescriptor

    init(_ launch: TwinLaunch) throws(TwinError) {
        do {
            let (childInput, ourInput) = try Self.pipe()
            let (ourOutput, childOutput) = try Self.pipe()
            defer {
                try? childInput.close()  // the child has its own copies; nothing was written through ours
                try? childOutput.close()
            }
            do {
                pid = try Self.spawn(launch, input: childInput, output: childOutput)
            } catch {
                try? ourInput.close()
                try? ourOutput.close()
                throw error
            }
            input = ourInput
            output = ourOutput
            _ = fcntl(input.rawValue, F_SETFL, O_NONBLOCK)
        } catch let error as Errno {
            throw .cannotStart(error)
        } catch {
            throw .cannotStart(.ioError)  // neither pipes nor spawn throw anything but Errno
        }
    }

    private static func pipe() throws(Errno) -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        // Glibc's module has no pipe2. A child started between these calls would keep an end; deinit then kills.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    private static func spawn(_ launch: TwinLaunch, input: FileDescriptor, output: FileDescriptor)
        throws(Errno) -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
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
        let arguments = launch.arguments.map { strdup($0) } + [nil]
        let environment = launch.environment.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        let status = posix_spawn(
            &pid, launch.executable.string, &actions, &attributes, arguments, environment)
        guard status == 0 else { throw Errno(rawValue: status) }
        return pid
    }

    /// One request, one answer. `timeout` in milliseconds.
    func ask(_ content: [UInt8], timeout: Int64) throws(TwinError) -> [UInt8] {
        try send(content, timeout: timeout)
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
            let count = frame[sent...].withUnsafeBytes { write(input.rawValue, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(input, POLLOUT, deadline: deadline, timeout: timeout)
            } else if errno != EINTR {
                throw .died
            }
        }
    }

    private func read(count: Int, deadline: Int64, timeout: Int64) throws(TwinError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            try wait(output, POLLIN, deadline: deadline, timeout: timeout)
            var part = [UInt8](repeating: 0, count: min(count - bytes.count, 1 << 20))
            let got = part.withUnsafeMutableBytes { Glibc.read(output.rawValue, $0.baseAddress, $0.count) }
            if got > 0 {
                bytes.append(contentsOf: part[..<got])
            } else if got == 0 || errno != EINTR {
                throw .died
            }
        }
        return bytes
    }

    private func wait(
        _ descriptor: FileDescriptor, _ events: Int32, deadline: Int64, timeout: Int64
    ) throws(TwinError) {
        while true {
            let left = max(0, (deadline - Monotonic.now + 999_999) / 1_000_000)
            var polled = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
            let ready = poll(&polled, 1, Int32(clamping: left))
            if ready > 0 { return }
            if ready == 0 { throw .tooSlow(milliseconds: timeout) }
            guard errno == EINTR else { throw .died }
        }
    }

    deinit {
        try? input.close()  // the child reads its end here and leaves; a closed pipe has nothing to lose
        try? output.close()
        var status: Int32 = 0
        let left = Monotonic.wait(milliseconds: 500, every: 1000) { waitpid(pid, &status, WNOHANG) != 0 }
        if !left {
            kill(pid, SIGKILL)
            waitpid(pid, &status, 0)
        }
    }
}
