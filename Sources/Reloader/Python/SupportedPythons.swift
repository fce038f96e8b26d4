/// The CPython versions that can be patched; a new one is a new row, after the tests have run with it.
package enum SupportedPythons {
    /// (major, minor)
    private static let versions: [(Int, Int)] = [
        (3, 8), (3, 9), (3, 10), (3, 11), (3, 12), (3, 13), (3, 14), (3, 15),
    ]

    /// Whether we know this version of CPython well enough to change its processes.
    package static func includes(major: Int, minor: Int) -> Bool {
        versions.contains { $0 == (major, minor) }
    }

    /// Where CPython's table of offsets for debuggers has that of `remote_debugging_enabled` in an interpreter's
    /// state; nil where the version has none.
    static func remoteDebuggingOffset(major: Int, minor: Int) -> UInt64? {
        switch (major, minor) {
        case (3, 14): 728
        case (3, 15): 856
        default: nil
        }
    }

    /// As in "3.8 to 3.15".
    package static var range: String {
        guard let first = versions.first, let last = versions.last else { return "none" }
        return "\(first.0).\(first.1) to \(last.0).\(last.1)"
    }
}
