import Glibc
import SystemPackage

/// A descriptor of an agent's pipe in a process. A child that is forked while the agent is there has copies.
///
/// The pipes carry a mark, so that a later midflight that attaches to such a child knows them, also if the midflight
/// that made them was killed: pipe(2) makes them with mode 0600, and nothing else gives a pipe set-user-id and sticky
/// bits.
struct PipeEnd: Sendable, Hashable {
    /// The descriptor's number in its process.
    let number: Int32
    /// Of the pipe: tells it from what has the number later.
    let inode: UInt64

    private static let mark: mode_t = 0o5600

    /// Nothing is lost if it cannot be marked: then a child keeps it.
    static func mark(_ pipe: Int32) { fchmod(pipe, mark) }

    /// The inode of a pipe of ours; nil if the descriptor is no pipe.
    static func inode(_ pipe: Int32) -> UInt64? {
        var status = stat()
        return fstat(pipe, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    /// The marked ends that a process holds.
    static func marked(in target: Target) -> [PipeEnd] {
        target.procFS.descriptors(target.pid).compactMap { number in
            let name = "fd/\(number)"
            var status = stat()
            guard target.procFS.link(target.pid, name)?.string.hasPrefix("pipe:") == true,
                stat(target.procFS.path(target.pid, name).string, &status) == 0,
                status.st_mode & 0o7777 == mark
            else { return nil }
            return PipeEnd(number: number, inode: UInt64(status.st_ino))
        }
    }
}
