import Glibc
import SystemPackage

@testable import Watcher

/// A directory of its own for one test, removed with it. Operations throw `Errno`.
final class TempTree: Sendable {
    let root: FilePath

    init() throws {
        var template = Array("/tmp/midflight-watch-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        root = FilePath(platformString: template)
    }

    deinit { TempTree.remove(root) }

    subscript(_ name: String) -> FilePath { root.pushing(FilePath(name)) }

    func makeDirectories(_ name: String) {
        var path = root
        for component in FilePath(name).components {
            path.append(component)
            mkdir(path.string, 0o755)
        }
    }

    /// In place: truncate, write, close.
    func write(_ name: String, _ text: String) throws {
        let file = try FileDescriptor.open(
            self[name], .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    /// Opened for writing and truncated; the caller closes it.
    func open(_ name: String, _ options: FileDescriptor.OpenOptions = [.create, .truncate]) throws
        -> FileDescriptor
    {
        try FileDescriptor.open(self[name], .writeOnly, options: options, permissions: .ownerReadWrite)
    }

    func rename(_ old: String, _ new: String) throws {
        try check(Glibc.rename(self[old].string, self[new].string))
    }

    /// RENAME_EXCHANGE. Looked up by name, because the function is not imported from Glibc.
    func exchange(_ one: String, _ other: String) throws {
        typealias RenameAt2 =
            @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        guard let symbol = dlsym(nil, "renameat2") else { throw Errno.noFunction }
        let renameat2 = unsafeBitCast(symbol, to: RenameAt2.self)
        try check(renameat2(AT_FDCWD, self[one].string, AT_FDCWD, self[other].string, 2))
    }

    func unlink(_ name: String) throws { try check(Glibc.unlink(self[name].string)) }

    func symlink(_ name: String, to target: String) throws {
        try check(Glibc.symlink(target, self[name].string))
    }

    func link(_ old: String, _ new: String) throws {
        try check(Glibc.link(self[old].string, self[new].string))
    }

    func remove(_ name: String) { TempTree.remove(self[name]) }

    func check(_ result: Int32) throws {
        if result != 0 { throw Errno(rawValue: errno) }
    }

    private static func remove(_ path: FilePath) {
        if let listing = try? DirectoryListing.read(BytePath(path)),
            (try? FileStatus.read(BytePath(path), followLinks: false))?.kind == .directory
        {
            for entry in listing.entries { remove(BytePath(path).appending(entry.name).filePath) }
        }
        // Not by `string`: a name need not be UTF-8.
        _ = path.withPlatformString { Glibc.remove($0) }
    }
}
