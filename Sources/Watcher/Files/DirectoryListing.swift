import Glibc
import SystemPackage

/// The entries of a directory at one moment, without `.` and `..`, in no order.
struct DirectoryListing {
    /// A name and the kind of the entry itself: a symbolic link is not followed.
    struct Entry: Hashable {
        /// Never `.` or `..`.
        let name: EntryName
        /// From readdir(3)'s d_type where the file system gives it, else from one fstatat(2).
        let kind: FileStatus.Kind
    }

    /// The directory that was really listed, by its open descriptor: the path may lead to another one by now.
    let key: InodeKey
    /// An entry made or deleted during the listing may be in it or not (readdir(3)).
    let entries: [Entry]

    /// Follows a symbolic link to a directory.
    static func read(_ path: BytePath) throws(Errno) -> DirectoryListing {
        let descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK) }
        if descriptor < 0 { throw Errno(rawValue: errno) }
        // On success the stream owns the descriptor.
        guard let stream = fdopendir(descriptor) else {
            let cause = Errno(rawValue: errno)
            close(descriptor)
            throw cause
        }
        defer { closedir(stream) }
        let key = try FileStatus.read(descriptor: descriptor).key
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            if let read = decode(entry, in: descriptor) { entries.append(read) }
        }
        return DirectoryListing(key: key, entries: entries)
    }

    /// nil for `.` and `..`, and for an entry of unknown kind that vanished before it could be looked at.
    private static func decode(_ entry: UnsafeMutablePointer<dirent>, in directory: Int32) -> Entry? {
        let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 19
        // d_name is declared as 256 bytes, but the record is only as long as its name needs: no copy of the struct.
        let text = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
        let name = EntryName(Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
        guard name != .current, name != .parent else { return nil }
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return Entry(name: name, kind: .regular)
        case Int(DT_DIR): return Entry(name: name, kind: .directory)
        case Int(DT_LNK): return Entry(name: name, kind: .symbolicLink)
        case Int(DT_UNKNOWN):
            // Some file systems do not say; an entry that vanished meanwhile is none.
            var status = stat()
            guard fstatat(directory, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
            return Entry(name: name, kind: FileStatus.Kind(mode: status.st_mode))
        default: return Entry(name: name, kind: .other)
        }
    }
}
