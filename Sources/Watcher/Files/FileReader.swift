package import SystemPackage

/// A file's content, and the state of the file that it is the content of.
package struct StableFile: Sendable, Hashable {
    /// All that the file holds.
    package let bytes: [UInt8]
    /// Which file it is, and the times of its last changes: equal before and after the read.
    package let identity: FileIdentity
}

/// Why a file was not read.
package enum FileReadError: Error, Sendable, Hashable {
    /// ENOENT or ENOTDIR: the path leads nowhere. An editor may be about to rename its new file here.
    case missing
    /// A directory, FIFO, socket or device.
    case notRegular
    /// Bytes, as fstat(2) gave them; nothing of the file was read.
    case tooBig(size: Int)
    /// The kernel refused to open or to read it, for example EACCES or EIO.
    case unreadable(Errno)
    /// Changed during every attempt to read it; an event will follow.
    case unstable
}

/// Reads a file that an editor may be writing at this moment.
package enum FileReader {
    /// A torn read is noticed by status before and after it; this many are tried in a row.
    private static let attempts = 4

    /// The content of one state of the file. Never blocks on a FIFO. `limit`: bytes.
    package static func read(_ path: FilePath, limit: Int) throws(FileReadError) -> StableFile {
        try read(BytePath(path), limit: limit)
    }

    /// As above, for a path in no particular encoding. `limit`: bytes.
    static func read(_ path: BytePath, limit: Int) throws(FileReadError) -> StableFile {
        for _ in 0..<attempts {
            if let file = try readOnce(path, limit: limit) { return file }
        }
        throw .unstable
    }

    /// nil if the file changed meanwhile.
    private static func readOnce(_ path: BytePath, limit: Int) throws(FileReadError) -> StableFile? {
        let before: FileStatus
        let after: FileStatus
        let bytes: [UInt8]
        do throws(Errno) {
            let file = try OpenFile(path)
            before = try file.status()
            let size = Int(before.identity.size)
            bytes =
                before.kind == .regular && size <= limit ? try file.bytes(expecting: size, limit: limit) : []
            after = try file.status()
        } catch {
            throw FileReadError(error)
        }
        guard before.kind == .regular else { throw .notRegular }
        guard before.identity.size <= limit else { throw .tooBig(size: Int(before.identity.size)) }
        guard before == after, bytes.count == Int(after.identity.size) else { return nil }
        return StableFile(bytes: bytes, identity: after.identity)
    }
}

extension FileReadError {
    /// What a failed open(2), fstat(2) or pread(2) means for the file.
    init(_ cause: Errno) {
        switch cause {
        case .noSuchFileOrDirectory, .notDirectory: self = .missing
        // A socket, or a device without a driver.
        case .noSuchAddressOrDevice: self = .notRegular
        default: self = .unreadable(cause)
        }
    }
}
