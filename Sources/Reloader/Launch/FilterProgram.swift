import CLinuxShims
import Glibc

/// Runs a program that reads all of its input, writes its output and ends.
package enum FilterProgram {
    /// What `command` (an absolute path and its arguments) wrote; nil unless it ended with 0. It has no standard error.
    /// Both streams are files in memory, so that neither side ever waits for the other.
    package static func output(of command: [String], input: [UInt8]) -> [UInt8]? {
        let (source, sink) = (Int32(midflight_memory_file()), Int32(midflight_memory_file()))
        defer { for file in [source, sink] where file >= 0 { close(file) } }
        guard source >= 0, sink >= 0, fill(source, with: input) else { return nil }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, source, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, sink, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var arguments = command.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C"), nil]
        defer { (arguments + environment).forEach { free($0) } }
        var pid: pid_t = 0
        guard posix_spawn(&pid, command[0], &actions, nil, &arguments, &environment) == 0, succeeded(pid)
        else { return nil }
        return contents(sink)
    }

    private static func fill(_ file: Int32, with bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return lseek(file, 0, SEEK_SET) == 0
    }

    private static func succeeded(_ pid: pid_t) -> Bool {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return false } }
        return status == 0
    }

    private static func contents(_ file: Int32) -> [UInt8]? {
        var status = stat()
        guard fstat(file, &status) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        return pread(file, &bytes, bytes.count, 0) == bytes.count ? bytes : nil
    }
}
