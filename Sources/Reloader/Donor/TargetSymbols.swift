import CLinuxShims
import SystemPackage

/// The functions of a target that attaching calls, found in its memory.
package struct TargetSymbols: Sendable {
    /// In the order of FN_… of donor_page.h; `Py_IsFinalizing` is 0 where the version has none.
    let functions: [UInt64]
    /// What a borrowed thread needs of the target's code.
    let places: CodePlaces
    /// `_PyRuntime`, which begins with offsets for debuggers from 3.13 on; nil where it is not exported.
    let runtime: RemoteAddress?
    /// The code of the interpreter's evaluation loop.
    let evaluationLoop: Range<UInt64>

    private static let libcNames = ["pthread_create", "pthread_detach", "syscall"]
    private static let pythonNames = [
        "PyInterpreterState_Main", "PyThreadState_New", "PyEval_AcquireThread", "PyThreadState_Clear",
        "PyThreadState_DeleteCurrent", "PyDict_New", "PyEval_GetBuiltins", "PyDict_SetItemString",
        "Py_BuildValue",
        "PyBytes_FromStringAndSize", "PyRun_StringFlags", "Py_DecRef", "PyErr_Clear",
        "PySys_Audit",
    ]

    /// Finds all symbols at once. Throws `unsupportedBuild` with the names of those that are missing.
    package init(pid: Int32, map: MemoryMap, program: String) throws(AttachError) {
        let memory = PagedMemory(RemoteMemory(pid: pid))
        let modules = Self.modules(in: map, memory: memory, program: program)
        func find(_ name: String) -> ELFSymbol? {
            for module in modules { if let found = module.symbol(name, memory: memory) { return found } }
            return nil
        }
        guard let python = modules.first(where: { $0.symbol("Py_IsInitialized", memory: memory) != nil }),
            let isInitialized = python.symbol("Py_IsInitialized", memory: memory)
        else { throw .notPython(pid: pid, program: program) }
        let isFinalizing =
            python.symbol("Py_IsFinalizing", memory: memory)
            ?? python.symbol("_Py_IsFinalizing", memory: memory)
        let libc = Self.libcNames.map { find($0)?.address.value }
        let own = Self.pythonNames.map { python.symbol($0, memory: memory)?.address.value }
        let missing = zip(Self.libcNames + Self.pythonNames, libc + own).filter { $0.1 == nil }.map(\.0)
        guard missing.isEmpty, let loop = python.symbol("_PyEval_EvalFrameDefault", memory: memory) else {
            throw .unsupportedBuild(
                pid: pid, .symbolsMissing(missing.isEmpty ? ["_PyEval_EvalFrameDefault"] : missing))
        }
        functions =
            libc.compactMap { $0 } + [isInitialized.address.value, isFinalizing?.address.value ?? 0]
            + own.compactMap { $0 }
        runtime = python.symbol("_PyRuntime", memory: memory)?.address
        evaluationLoop = loop.address.value..<(loop.address.value &+ max(loop.size, 1))
        let systemCall = RemoteAddress(functions[Int(FN_SYSCALL)])
        guard
            let places = Host.codePlaces(
                systemCallFunction: systemCall, map: map, memory: RemoteMemory(pid: pid))
        else {
            throw .unsupportedBuild(pid: pid, .symbolsMissing(["the signal restorer of libc"]))
        }
        self.places = places
    }

    /// The program itself, libpython, libc and (before glibc 2.34) libpthread; nothing else can hold the names.
    static func modules(in map: MemoryMap, memory: some MemorySource, program: String) -> [ELFImage] {
        var seen: Set<String> = []
        return map.regions.compactMap { region in
            guard region.fileOffset == 0, region.name.utf8.first == UInt8(ascii: "/"),
                isCandidate(region.baseName, program: program),
                seen.insert(region.name).inserted
            else { return nil }
            return try? ELFImage(base: RemoteAddress(region.range.lowerBound), memory: memory)
        }
    }

    private static func isCandidate(_ name: Substring, program: String) -> Bool {
        let prefixes = ["libpython", "libc.so", "libc-", "libpthread", "ld-musl", "libc.musl"]
        let bare = name.hasSuffix(" (deleted)") ? name.dropLast(10) : name
        return bare == program || prefixes.contains { bare.hasPrefix($0) }
    }
}
