/// The lines of /proc/PID/maps (proc_pid_maps(5)); lines of another form are left out.
package struct MemoryMap: Sendable {
    /// One line of /proc/PID/maps.
    package struct Region: Sendable {
        /// Addresses of the process; the upper bound is the first one behind.
        package var range: Range<UInt64>
        /// Whether code can run there.
        package var isExecutable: Bool
        /// Whether it can be read there.
        package var isReadable: Bool
        /// Where in its file the region begins, in bytes; 0 without a file.
        package var fileOffset: UInt64
        /// Path, `[stack]` and the like, or empty; a deleted file ends in " (deleted)".
        package var name: String

        /// The last component of the path.
        package var baseName: Substring {
            let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
            return slash.map { name[name.utf8.index(after: $0)...] } ?? name[...]
        }
    }

    /// Ascending, without overlaps, as the kernel lists them.
    package let regions: [Region]

    /// Reads the text of /proc/PID/maps. Lines that are none are left out.
    package init(text: [UInt8]) {
        regions = text.split(separator: UInt8(ascii: "\n")).compactMap { Region(line: $0) }
    }

    /// The region that `address` lies in; nil if nothing is mapped there.
    package func region(containing address: UInt64) -> Region? {
        regions.first { $0.range.contains(address) }
    }
}

extension MemoryMap.Region {
    /// nil for a line without a range of addresses, permissions and an offset.
    init?(line: ArraySlice<UInt8>) {
        var rest = line
        guard let low = Self.hexadecimal(&rest), rest.popFirst() == UInt8(ascii: "-"),
            let high = Self.hexadecimal(&rest), low < high, rest.popFirst() == Self.blank
        else { return nil }
        let permissions = rest.prefix { $0 != Self.blank }
        rest = rest[permissions.endIndex...].drop { $0 == Self.blank }
        guard !permissions.isEmpty, let offset = Self.hexadecimal(&rest), rest.popFirst() == Self.blank,
            let inode = rest.firstIndex(of: Self.blank)
        else { return nil }
        range = low..<high
        isExecutable = permissions.contains(UInt8(ascii: "x"))
        isReadable = permissions.first == UInt8(ascii: "r")
        fileOffset = offset
        // Behind device and inode.
        rest = rest[inode...].drop { $0 == Self.blank }.drop { $0 != Self.blank }
        name = String(decoding: rest.drop { $0 == Self.blank }, as: UTF8.self)
    }

    private static let blank = UInt8(ascii: " ")

    /// Takes the digits at the beginning; nil if there are none, or more than an address has.
    private static func hexadecimal(_ text: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var digits = 0
        loop: while let byte = text.first {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(byte - 87)
            default: break loop
            }
            digits += 1
            text.removeFirst()
        }
        return 1...16 ~= digits ? value : nil
    }
}
