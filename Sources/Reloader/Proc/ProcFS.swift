package import SystemPackage

/// The only knowledge of paths below /proc. `root` is another directory in tests.
package struct ProcFS: Sendable {
    /// Where /proc is mounted; a test has its own.
    package let root: FilePath

    /// Reads nothing yet.
    package init(root: FilePath = "/proc") { self.root = root }

    /// `name`: below /proc/PID, as "task/12/comm".
    package func path(_ pid: Int32, _ name: String) -> FilePath {
        root.appending(String(pid)).appending(name)
    }

    /// The whole content of a /proc file; these have no size, so it is read until the end.
    package func contents(_ path: FilePath) throws(Errno) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            defer { try? file.close() }  // read-only: nothing can be lost
            var all: [UInt8] = []
            // The kernel fills a page at a time; to clear more than is read would take as long as reading.
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 16)
            defer { chunk.deallocate() }
            while true {
                let count = try file.read(into: chunk)
                if count == 0 { return all }
                all.append(contentsOf: chunk[..<count])
            }
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError  // FileDescriptor throws nothing but Errno
        }
    }

    /// The file as UTF-8; bytes that are none are replaced. Throws ENOENT or ESRCH once the process has ended.
    package func text(_ pid: Int32, _ name: String) throws(Errno) -> String {
        String(decoding: try contents(path(pid, name)), as: UTF8.self)
    }

    /// /proc/PID/stat. Throws ENOENT or ESRCH once the process has ended.
    package func stat(_ pid: Int32) throws(Errno) -> ProcessStat {
        guard let stat = ProcessStat(line: try text(pid, "stat")) else { throw .noSuchProcess }
        return stat
    }

    /// /proc/PID/status. Throws as `stat` does.
    package func status(_ pid: Int32) throws(Errno) -> ProcessStatus {
        ProcessStatus(text: try text(pid, "status"))
    }

    /// /proc/PID/maps. Throws EACCES where the kernel would not let us ptrace(2) the process.
    package func memoryMap(_ pid: Int32) throws(Errno) -> MemoryMap {
        MemoryMap(text: try contents(path(pid, "maps")))
    }

    /// The target of a link, as bytes the kernel gives it (a deleted file ends in " (deleted)").
    package func link(_ pid: Int32, _ name: String) -> FilePath? { readLink(path(pid, name)) }

    /// Open descriptor numbers; empty without permission.
    package func descriptors(_ pid: Int32) -> [Int32] { numbers(in: path(pid, "fd")) }

    /// The threads of the process at this moment, ascending; none if it has ended.
    package func threadIDs(_ pid: Int32) -> [Int32] { numbers(in: path(pid, "task")) }

    /// Direct children of every thread of `pid`; needs CONFIG_PROC_CHILDREN, as distribution kernels have.
    package func children(_ pid: Int32) -> [Int32] {
        threadIDs(pid).flatMap { thread -> [Int32] in
            let text = (try? text(pid, "task/\(thread)/children")) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// All processes of our pid namespace at this moment, ascending.
    package func processIDs() -> [Int32] { numbers(in: root) }
}
