import Glibc

/// One midflight at a time controls a process: a lock on a file named by its pid and start time.
///
/// It lies in `/tmp/midflight-UID` of the process's owner, so that root and the owner meet at the same lock. flock(2)
/// ends with its holder, so a lock is never stale; the file is removed when the lock is given back.
package struct ControlLock: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Throws `.alreadyControlled` with the holder's pid, or `.lockDirectoryUnsafe` if somebody else owns the
    /// directory.
    package init(target: Target, directory parent: String = "/tmp") throws(AttachError) {
        let owner = (try? target.procFS.status(target.pid))?.userIDs.first ?? getuid()
        let directory = ControlDirectory(owner: owner, parent: parent)
        guard directory.prepare() else {
            throw .lockDirectoryUnsafe(pid: target.pid, directory: directory.path)
        }
        directory.sweep(procFS: target.procFS)
        let file = directory.file(pid: target.pid, startTime: target.identity.startTime, .lock)
        let locked = try Self.lock(file, directory: directory.path, pid: target.pid)
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
            let opened = open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw .lockDirectoryUnsafe(pid: pid, directory: directory) }
            guard isPlain(opened) else {
                close(opened)
                throw .lockDirectoryUnsafe(pid: pid, directory: directory)
            }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                let holder = Self.holder(opened)
                close(opened)
                throw .alreadyControlled(pid: pid, holder: holder)
            }
            if isStillThere(opened, file) { return opened }
            close(opened)  // its holder removed it between our open and our lock
        }
    }

    /// The pid of the midflight that controls a process; nil if none does.
    package static func holder(of pid: Int32, procFS: ProcFS = ProcFS(), directory parent: String = "/tmp")
        -> Int32?
    {
        guard let stat = try? procFS.stat(pid), let owner = (try? procFS.status(pid))?.userIDs.first else {
            return nil
        }
        let directory = ControlDirectory(owner: owner, parent: parent)
        guard directory.isSafe else { return nil }
        let file = directory.file(pid: pid, startTime: stat.startTime, .lock)
        // The directory's owner may have put a pipe there, and nobody writes to it.
        let opened = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        defer { close(opened) }  // with it a lock that was free a moment ago
        return flock(opened, LOCK_SH | LOCK_NB) == 0 ? nil : holder(opened)
    }

    /// No pipe, and no other name of a file that is not ours to write to.
    private static func isPlain(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink <= 1
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
