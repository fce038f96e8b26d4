import Glibc
import SystemPackage
import Testing

@testable import Reloader

@Suite("What is mounted where")
struct MountInfoTests {
    private static let text = #"""
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
        40 22 254:0 /home/me/my\040shop /app rw - ext4 /dev/root rw
        41 40 254:0 /home/me/new/cart.py//deleted /app/cart.py rw - ext4 /dev/root rw
        42 22 0:50 / /tmp rw - tmpfs tmpfs rw
        43 42 0:51 / /tmp rw - tmpfs tmpfs rw
        a line that is none
        """#

    private let info = MountInfo(text: text)

    @Test(
        "decides where a file comes from",
        arguments: [
            ("/etc/hosts", "254:0", "/etc/hosts", false),
            ("/app/api/x.py", "254:0", "/home/me/my shop/api/x.py", false),
            ("/app", "254:0", "/home/me/my shop", false),
            ("/app/cart.py", "254:0", "/home/me/new/cart.py", true),
            ("/tmp/x", "0:51", "/x", false), ("/apple", "254:0", "/apple", false),
        ])
    func origin(path: String, device: String, place: String, isStale: Bool) throws {
        let origin = try #require(info.origin(of: FilePath(path)))
        #expect(origin.device == device && origin.path == FilePath(place) && origin.isStale == isStale)
    }

    @Test("tells every path that leads to a file")
    func paths() {
        #expect(
            info.paths(to: "/home/me/my shop/a.py", on: "254:0") == ["/home/me/my shop/a.py", "/app/a.py"])
        #expect(info.paths(to: "/a.py", on: "0:99").isEmpty)
    }

    @Test("of this process is read")
    func own() {
        let own = MountInfo(pid: getpid())
        #expect(own.origin(of: "/")?.path == "/" || own.origin(of: "/") != nil)
        #expect(!ProcessRoot(pid: getpid()).isForeign)
        #expect(ProcessRoot(pid: getpid()).here("/etc/hosts") == "/etc/hosts")
    }
}
