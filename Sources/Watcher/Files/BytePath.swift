import SystemPackage

/// The name of one directory entry: any bytes but NUL and `/`.
struct EntryName: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    static let current = EntryName(".")
    static let parent = EntryName("..")
}

/// A path as the kernel takes it, without the final NUL: any other bytes, in no particular encoding.
struct BytePath: Hashable, Sendable {
    var bytes: [UInt8]

    static let root = BytePath("/")

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }
    init(_ path: FilePath) {
        bytes = path.withPlatformString { text in
            UnsafeBufferPointer(start: text, count: path.length).map { UInt8(bitPattern: $0) }
        }
    }

    var filePath: FilePath {
        FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// The components between slashes; `.` is left out, `..` is kept.
    var components: [EntryName] {
        bytes.split(separator: UInt8(ascii: "/")).map { EntryName(Array($0)) }.filter { $0 != .current }
    }

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
