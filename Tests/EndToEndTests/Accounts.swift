import Foundation
import Glibc

/// A second person, for tests that run as root.
enum Accounts {
    /// Put before a command, it runs as uid 65534 without groups and capabilities.
    static let nobody = [
        "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all",
    ]

    /// A copy of the binary where everybody may start it: the checkout may lie in a private home.
    static func asNobody(_ binary: URL) throws -> URL {
        let copy = FileManager.default.temporaryDirectory.appending(path: "midflight-nobody-\(getpid())")
        if !FileManager.default.fileExists(atPath: copy.path) {
            try FileManager.default.copyItem(at: binary, to: copy)
            chmod(copy.path, 0o755)
        }
        return copy
    }
}
