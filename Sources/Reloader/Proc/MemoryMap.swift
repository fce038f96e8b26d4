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
        package var baseName: Substring { name.split(separator: "/").last ?? "" }
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
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count >= 5, let dash = fields[0].firstIndex(of: UInt8(ascii: "-")),
            let low = UInt64(String(decoding: fields[0][..<dash], as: UTF8.self), radix: 16),
            let high = UInt64(String(decoding: fields[0][(dash + 1)...], as: UTF8.self), radix: 16),
            low < high,
            let offset = UInt64(String(decoding: fields[2], as: UTF8.self), radix: 16)
        else { return nil }
        range = low..<high
        isExecutable = fields[1].contains(UInt8(ascii: "x"))
        isReadable = fields[1].first == UInt8(ascii: "r")
        fileOffset = offset
        name =
            fields.count == 6
            ? String(decoding: fields[5].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self) : ""
    }
}
