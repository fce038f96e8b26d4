/// What /proc/PID/status says that we use (proc_pid_status(5)).
package struct ProcessStatus: Sendable {
    private let fields: [String: String]

    /// Reads the text of /proc/PID/status.
    package init(text: String) {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[String(line[..<colon])] = String(value)
        }
        self.fields = fields
    }

    /// The field without its name and the blanks around it; nil if the kernel does not have it.
    package subscript(name: String) -> String? { fields[name] }

    /// 0 where nobody traces the process.
    package var tracerPID: Int32 { fields["TracerPid"].flatMap { Int32($0) } ?? 0 }

    /// Real, effective, saved and file-system user id.
    package var userIDs: [UInt32] { numbers("Uid") }

    /// Real, effective, saved and file-system group id.
    package var groupIDs: [UInt32] { numbers("Gid") }

    /// Groups of the process besides its own.
    package var supplementaryGroups: [UInt32] { numbers("Groups") }

    /// 2 where a seccomp filter is installed.
    package var seccompMode: Int { fields["Seccomp"].flatMap { Int($0) } ?? 0 }

    /// The pid in each nested pid namespace, outermost first.
    package var namespacePIDs: [UInt32] { numbers("NSpid") }

    /// A set of capabilities by its name there: `CapEff`, `CapPrm`; bit n for capability n.
    package func capabilities(_ name: String) -> UInt64? { fields[name].flatMap { UInt64($0, radix: 16) } }

    private func numbers(_ name: String) -> [UInt32] {
        (fields[name] ?? "").split { $0 == "\t" || $0 == " " }.compactMap { UInt32($0) }
    }
}
