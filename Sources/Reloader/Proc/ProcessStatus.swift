/// What /proc/PID/status says that we use (proc_pid_status(5)).
package struct ProcessStatus: Sendable {
    private let text: [UInt8]

    /// Takes the text of /proc/PID/status; a field is looked for when it is asked for.
    package init(text: String) { self.text = Array(text.utf8) }

    /// The field without its name and the blanks around it; nil if the kernel does not have it.
    package subscript(name: String) -> String? {
        let wanted = Array(name.utf8) + [UInt8(ascii: ":")]
        var start = text.startIndex
        while start < text.endIndex {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
            if text[start..<end].starts(with: wanted) {
                let value = text[(start + wanted.count)..<end].drop { $0 == 32 || $0 == 9 }
                return String(decoding: value, as: UTF8.self)
            }
            start = end + 1
        }
        return nil
    }

    /// 0 where nobody traces the process.
    package var tracerPID: Int32 { self["TracerPid"].flatMap { Int32($0) } ?? 0 }

    /// Real, effective, saved and file-system user id.
    package var userIDs: [UInt32] { numbers("Uid") }

    /// Real, effective, saved and file-system group id.
    package var groupIDs: [UInt32] { numbers("Gid") }

    /// Groups of the process besides its own.
    package var supplementaryGroups: [UInt32] { numbers("Groups") }

    /// 2 where a seccomp filter is installed.
    package var seccompMode: Int { self["Seccomp"].flatMap { Int($0) } ?? 0 }

    /// The pid in each nested pid namespace, outermost first.
    package var namespacePIDs: [UInt32] { numbers("NSpid") }

    /// A set of capabilities by its name there: `CapEff`, `CapPrm`; bit n for capability n.
    package func capabilities(_ name: String) -> UInt64? { self[name].flatMap { UInt64($0, radix: 16) } }

    private func numbers(_ name: String) -> [UInt32] {
        (self[name] ?? "").split { $0 == "\t" || $0 == " " }.compactMap { UInt32($0) }
    }
}
