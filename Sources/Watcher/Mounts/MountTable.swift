import SystemPackage

/// What is mounted where in our mount namespace: /proc/self/mountinfo (proc_pid_mountinfo(5)).
struct MountTable: Sendable, Hashable {
    /// One line of the table.
    struct Mount: Sendable, Hashable {
        /// As seen from our root directory. Several mounts may lie on one point; the last one hides the
        /// others.
        let point: BytePath
        /// `st_dev` of files on it.
        let device: UInt64
        /// As mount(8) names it: `ext4`, `nfs4`, `fuse.sshfs`.
        let type: String
    }

    /// poll(2) tells its changes by POLLPRI as long as it is open.
    static let file = BytePath("/proc/self/mountinfo")

    /// In no order, so that two tables are compared without one.
    let mounts: Set<Mount>

    /// Types whose files others change without an event here.
    private static let remoteTypes: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "vboxsf", "ceph", "afs", "glusterfs", "lustre",
    ]

    /// Lines that do not parse are left out.
    init(_ text: [UInt8]) {
        mounts = Set(text.split(separator: UInt8(ascii: "\n")).compactMap(MountTable.mount))
    }

    /// The type of the file system `device`, if it is one that has to be polled.
    func remoteType(device: UInt64) -> String? {
        guard let type = mounts.first(where: { $0.device == device })?.type else { return nil }
        let isFuse = type == "fuse" || type.hasPrefix("fuse.")
        return isFuse || MountTable.remoteTypes.contains(type) ? type : nil
    }

    /// Where something was mounted or unmounted since `earlier`.
    func changes(since earlier: MountTable) -> Set<BytePath> {
        Set(mounts.symmetricDifference(earlier.mounts).map(\.point))
    }

    /// `36 35 98:0 /mnt1 /mnt/parent rw,noatime master:1 - ext3 /dev/root rw`
    private static func mount(_ line: ArraySlice<UInt8>) -> Mount? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count > 5,
            let dash = fields.firstIndex(where: { $0.elementsEqual([UInt8(ascii: "-")]) }),
            dash + 1 < fields.count
        else { return nil }
        let numbers = fields[2].split(separator: UInt8(ascii: ":"))
            .compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 2 else { return nil }
        return Mount(
            point: BytePath(unescaped(fields[4])),
            device: device(major: numbers[0], minor: numbers[1]),
            type: String(decoding: fields[dash + 1], as: UTF8.self))
    }

    /// gnu_dev_makedev: the two halves are interleaved in `st_dev`.
    private static func device(major: UInt64, minor: UInt64) -> UInt64 {
        (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xff) << 12 | (major & ~0xfff) << 32
    }

    /// Blank, tab, newline and backslash are written as three octal digits.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(code)
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
