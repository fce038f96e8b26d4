/// What /proc/PID/limits says that we use (proc_pid_limits(5)): soft limits; nil where there is none.
package struct ProcessLimits: Sendable, Hashable {
    /// RLIMIT_NOFILE.
    package private(set) var descriptors: Int?

    /// Nil if the text has another form.
    package init?(text: String) {
        let lines = text.split(separator: "\n")
        guard lines.first?.hasPrefix("Limit") == true else { return nil }
        func soft(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name) }.flatMap {
                $0.dropFirst(name.count).split(separator: " ").first
            }
            .flatMap { Int($0) }
        }
        descriptors = soft("Max open files")
    }
}
