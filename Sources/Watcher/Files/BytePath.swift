import SystemPackage

/// The name of one directory entry: any bytes but NUL and `/`.
struct EntryName: Hashable, Sendable {
    /// Up to 255 on most file systems (NAME_MAX), in no particular encoding.
    let bytes: [UInt8]

    /// Not checked: the caller takes them from the kernel, or from between two slashes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    /// The UTF-8 of a name that the code itself knows.
    init(_ text: String) { bytes = Array(text.utf8) }

    /// The directory itself; stands for the name of a root that has none.
    static let current = EntryName(".")
    /// The directory above, also behind a symbolic link: what it means is asked of the disk, not of the text.
    static let parent = EntryName("..")
}

/// A path as the kernel takes it, without the final NUL: any other bytes, in no particular encoding.
struct BytePath: Hashable, Sendable {
    /// Never holds a NUL. It need not be normal: doubled slashes and `..` are kept.
    var bytes: [UInt8]

    /// Every absolute path lies within it.
    static let root = BytePath("/")

    /// Not checked; without a NUL at the end.
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    /// The UTF-8 of a path that the code itself knows.
    init(_ text: String) { bytes = Array(text.utf8) }
    /// Keeps every byte, also those that are no UTF-8.
    init(_ path: FilePath) {
        bytes = path.withPlatformString { text in
            UnsafeBufferPointer(start: text, count: path.length).map { UInt8(bitPattern: $0) }
        }
    }

    /// Keeps every byte; SystemPackage drops a slash at the end and doubled ones.
    var filePath: FilePath {
        FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// The components between slashes; `.` is left out, `..` is kept.
    var components: [EntryName] {
        bytes.split(separator: UInt8(ascii: "/")).map { EntryName(Array($0)) }.filter { $0 != .current }
    }

    /// The path of an entry of this directory; exactly one slash stands between the two.
    func appending(_ name: EntryName) -> BytePath {
        var longer: [UInt8] = []
        longer.reserveCapacity(bytes.count + name.bytes.count + 1)
        longer += bytes
        if longer.last != UInt8(ascii: "/") { longer.append(UInt8(ascii: "/")) }
        longer += name.bytes
        return BytePath(longer)
    }

    /// Whether this is `other` or lies below it.
    func isWithin(_ other: BytePath) -> Bool {
        guard bytes.starts(with: other.bytes) else { return false }
        return bytes.count == other.bytes.count || other == .root
            || bytes[other.bytes.count] == UInt8(ascii: "/")
    }

    /// The pointer is valid during the call of `body` only.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        var terminated = bytes
        terminated.append(0)
        return terminated.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { text in
                // Never nil: the array holds at least its NUL.
                text.baseAddress.map(body) ?? body("")
            }
        }
    }
}
