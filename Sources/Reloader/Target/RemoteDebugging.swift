/// Whether the operator of a process has forbidden that others run code in it (PEP 768, CPython 3.14 and later): by
/// the environment variable PYTHON_DISABLE_REMOTE_DEBUG or by `-X disable-remote-debug`. CPython's own way in is
/// closed then; ours would work, but the word of the operator counts for both.
struct RemoteDebugging {
    /// The memory of the process.
    let memory: any MemorySource
    /// The address of `_PyRuntime`, which begins with CPython's table of offsets for debuggers.
    let runtime: RemoteAddress

    /// In the table: `interpreters_head` (of `_PyRuntime`), the same in every version that has the table.
    private static let interpreters: UInt64 = 40
    private static let cookie = Array("xdebugpy".utf8)

    /// True only if the process itself says so, and its environment or command line shows that somebody wanted it: a
    /// build without remote debugging says so too.
    /// These are read only if it does.
    func isDisabled(
        environment: @autoclosure () -> [UInt8], commandLine: @autoclosure () -> [UInt8]
    ) -> Bool {
        isSwitchedOff && Self.isWished(environment: environment(), commandLine: commandLine())
    }

    /// Both as /proc gives them, separated by NUL.
    static func isWished(environment: [UInt8], commandLine: [UInt8]) -> Bool {
        let variable = Array("PYTHON_DISABLE_REMOTE_DEBUG=".utf8)
        return environment.split(separator: 0).contains {
            $0.starts(with: variable) && $0.count > variable.count
        }
            || commandLine.split(separator: 0).contains {
                String(decoding: $0, as: UTF8.self).hasSuffix("disable-remote-debug")
            }
    }

    private var isSwitchedOff: Bool {
        guard let start = memory.read(runtime, count: 16), Array(start.prefix(8)) == Self.cookie,
            let place = SupportedPythons.remoteDebuggingOffset(major: Int(start[11]), minor: Int(start[10])),
            let head = word(runtime + Self.interpreters),
            let interpreter = word(runtime + head), interpreter != 0,
            let offset = word(runtime + place),
            let flag = memory.read(RemoteAddress(interpreter) + offset, count: 4)
        else { return false }
        return flag == [0, 0, 0, 0]
    }

    private func word(_ address: RemoteAddress) -> UInt64? {
        memory.read(address, count: 8).map { bytes in
            bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
