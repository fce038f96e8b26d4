import SystemPackage

/// What is found of an interpreter in the memory of its process; nothing is stopped and nothing runs there.
package struct InterpreterImage: Sendable {
    /// `_PyRuntime`.
    let runtime: RemoteAddress
    /// `PyCode_Type` and `PyUnicode_Type`: by these an object is known for what it is.
    let codeType: UInt64
    /// The address of the type `str`.
    let textType: UInt64
    /// Where its version keeps what we read.
    var layout: FrameLayout
    /// As in "3.11".
    package let version: String

    /// Throws what attaching would throw.
    package init(pid: Int32, procFS: ProcFS = ProcFS()) throws(AttachError) {
        guard let map = try? procFS.memoryMap(pid),
            let program = procFS.link(pid, "exe")?.lastComponent?.string
        else { throw Self.reason(pid, procFS) }
        let memory = RemoteMemory(pid: pid)
        let modules = TargetSymbols.modules(in: map, memory: memory, program: program)
        guard !modules.isEmpty, memory.read(RemoteAddress(map.regions[0].range.lowerBound), count: 8) != nil
        else {
            throw Self.reason(pid, procFS)
        }
        func find(_ name: String) -> UInt64? {
            for module in modules {
                if let found = module.symbol(name, memory: memory) { return found.address.value }
            }
            return nil
        }
        guard find("Py_IsInitialized") != nil else { throw Self.reason(pid, procFS) }
        let names = ["_PyRuntime", "PyCode_Type", "PyUnicode_Type"]
        let found = names.map(find)
        guard let runtime = found[0], let codeType = found[1], let textType = found[2] else {
            let missing = zip(names, found).filter { $0.1 == nil }.map(\.0)
            throw .unsupportedBuild(pid: pid, .symbolsMissing(missing))
        }
        self.runtime = RemoteAddress(runtime)
        self.codeType = codeType
        self.textType = textType
        let table = DebugOffsets(at: self.runtime, memory: memory)
        if table?.isFreeThreaded == true { throw .unsupportedBuild(pid: pid, .freeThreaded) }
        let said: UInt64? = find("Py_Version").flatMap { memory.integer(RemoteAddress($0)) }
        guard let number = Self.version(hex: table?.version ?? said) ?? Self.hint(pid, program, map) else {
            throw .unsupportedPython(pid: pid, version: "unknown")
        }
        version = "\(number.major).\(number.minor)"
        guard let layout = table?.layout ?? FrameLayout.row(major: number.major, minor: number.minor) else {
            throw .unsupportedPython(pid: pid, version: version)
        }
        guard layout.isSound else { throw .unsupportedBuild(pid: pid, .layoutDiffers(version: version)) }
        self.layout = layout
    }

    private static func version(hex: UInt64?) -> (major: Int, minor: Int)? {
        hex.map { (Int($0 >> 24 & 0xff), Int($0 >> 16 & 0xff)) }
    }

    /// By the names of the program and its libraries.
    private static func hint(_ pid: Int32, _ program: String, _ map: MemoryMap) -> (major: Int, minor: Int)? {
        let text = EmbeddedPython(map: map)?.version ?? PythonProcess.version(in: program)
        let parts = (text ?? "").split(separator: ".").compactMap { Int($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// Why the process cannot be read: the same as why nobody can attach to it.
    private static func reason(_ pid: Int32, _ procFS: ProcFS) -> AttachError {
        do throws(AttachError) { _ = try Target(pid: pid, procFS: procFS) } catch { return error }
        return .notPython(pid: pid, program: procFS.link(pid, "exe")?.lastComponent?.string ?? "it")
    }
}
