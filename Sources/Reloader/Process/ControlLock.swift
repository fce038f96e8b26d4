import Glibc

/// One midflight at a time controls a process: a lock on a file named by its pid and start time.
///
/// It lies in `/tmp/midflight-UID` of the process's owner, so that root and the owner meet at the same lock. flock(2) ends
/// with its holder, so a lock is never stale; the file is removed when the lock is given back.
package struct ControlLock: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Throws `.alreadyControlled` with the holder's pid, or `.lockDirectoryUnsafe` if somebody else owns the directory.
    package init(target: Target, directory parent: String = "/tmp") throws(AttachError) {
        let owner = (try? target.procFS.status(target.pid))?.userIDs.first ?? getuid()
        let directory = "\(parent)/midflight-\(owner)"
        guard Self.prepare(directory, owner: owner) else {
            throw .lockDirectoryUnsafe(pid: target.pid, directory: directory)
        }
        Self.sweep(directory, procFS: target.procFS)
        let file = "\(directory)/\(target.pid)-\(target.identity.startTime).lock"
        let locked = try Self.lock(file, directory: directory, pid: target.pid)
        fchown(locked, owner, .max)
        ftruncate(locked, 0)
        let text = Array("\(getpid())\n".utf8)
        pwrite(locked, text, text.count, 0)
        self.init(descriptor: locked, path: file)
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    private static func lock(_ file: String, directory: String, pid: Int32) throws(AttachError) -> Int32 {
        while true {
            let opened = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw .lockDirectoryUnsafe(pid: pid, directory: directory) }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                let holder = Self.holder(opened)
                close(opened)
                throw .alreadyControlled(pid: pid, holder: holder)
            }
            if isStillThere(opened, file) { return opened }
            close(opened)  // its holder removed it between our open and our lock
        }
    }

    /// Removes what killed midflights left of processes that are gone.
    private static func sweep(_ directory: String, procFS: ProcFS) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let parts = name.dropLast(5).split(separator: "-")
            guard name.hasSuffix(".lock"), parts.count == 2, let pid = Int32(parts[0]),
                let start = UInt64(parts[1])
            else { continue }
            if (try? procFS.stat(pid))?.startTime != start { unlink("\(directory)/\(name)") }
        }
    }

    private static func prepare(_ directory: String, owner: uid_t) -> Bool {
        if mkdir(directory, 0o700) == 0, geteuid() == 0 { lchown(directory, owner, .max) }
        var status = stat()
        return lstat(directory, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == owner
            && status.st_mode & 0o077 == 0
    }

    private static func isStillThere(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Int32(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self)) : nil
    }
}
