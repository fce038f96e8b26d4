import SystemPackage
import Testing

@testable import Watcher

@Suite("Mounts")
struct MountTableTests {
    private func table(_ lines: String...) -> MountTable {
        MountTable(Array(lines.joined(separator: "\n").utf8))
    }

    private let local = "36 35 8:1 / / rw,noatime master:1 - ext4 /dev/root rw"
    private let share = #"37 36 0:52 /export /mnt/two\040words rw - nfs4 host:/export rw,vers=4.2"#
    private let fuse = "38 36 0:53 / /mnt/f rw,nosuid shared:5 master:2 - fuse.bindfs bindfs rw"

    @Test("mount points are unescaped, and optional fields of any number are skipped")
    func fields() {
        let points = Set(table(local, share, fuse, "nonsense").mounts.map(\.point))
        #expect(points == [BytePath("/"), BytePath("/mnt/two words"), BytePath("/mnt/f")])
    }

    @Test(
        "remote and FUSE file systems have to be polled, local ones not",
        arguments: [(52, "nfs4"), (53, "fuse.bindfs")])
    func remote(device: UInt64, type: String) {
        let table = table(local, share, fuse)
        #expect(table.remoteType(device: device) == type)
        #expect(table.remoteType(device: 8 << 8 | 1) == nil)
        #expect(table.remoteType(device: 99) == nil)
    }

    @Test("a change names the mount point, for a mount and for an unmount")
    func changes() {
        let before = table(local, fuse)
        let after = table(local, share)
        #expect(after.changes(since: before) == [BytePath("/mnt/two words"), BytePath("/mnt/f")])
        #expect(after.changes(since: after).isEmpty)
    }

    @Test("this machine's own table names a mounted top directory")
    func own() {
        #expect(MountTable(Proc.read(MountTable.file)).mounts.contains { $0.point == .root })
    }
}
