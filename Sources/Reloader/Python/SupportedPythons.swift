/// The CPython versions that can be patched; a new one is a new row, after the tests have run with it.
package enum SupportedPythons {
    /// What differs between versions and cannot be asked of them.
    private struct Row {
        var major: Int
        var minor: Int
        /// Where CPython's table of offsets for debuggers has that of `remote_debugging_enabled` in an interpreter's state:
        /// `_Py_DebugOffsets` in pycore_debug_offsets.h. Nil before 3.14, where operators cannot switch it off.
        var remoteDebugging: UInt64?
    }

    private static let rows = [
        Row(major: 3, minor: 8, remoteDebugging: nil),
        Row(major: 3, minor: 9, remoteDebugging: nil),
        Row(major: 3, minor: 10, remoteDebugging: nil),
        Row(major: 3, minor: 11, remoteDebugging: nil),
        Row(major: 3, minor: 12, remoteDebugging: nil),
        Row(major: 3, minor: 13, remoteDebugging: nil),
        Row(major: 3, minor: 14, remoteDebugging: 728),
        Row(major: 3, minor: 15, remoteDebugging: 856),
    ]

    private static func row(major: Int, minor: Int) -> Row? {
        rows.first { $0.major == major && $0.minor == minor }
    }

    /// Whether we know this version of CPython well enough to change its processes.
    package static func includes(major: Int, minor: Int) -> Bool { row(major: major, minor: minor) != nil }

    /// Where the operator's switch against remote debugging is told; nil where the version has none.
    static func remoteDebuggingOffset(major: Int, minor: Int) -> UInt64? {
        row(major: major, minor: minor)?.remoteDebugging
    }

    /// As in "3.8 to 3.15".
    package static var range: String {
        guard let first = rows.first, let last = rows.last else { return "none" }
        return "\(first.major).\(first.minor) to \(last.major).\(last.minor)"
    }
}
