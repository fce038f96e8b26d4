/// What a process is and has loaded, as its agent read it.
package struct Inventory: Sendable, Hashable {
    /// An entry of `sys.modules` with a source file.
    package struct Module: Sendable, Hashable {
        /// The key in `sys.modules`.
        package var name: String
        /// `__file__`, relative to the working directory for a script before 3.9.
        package var file: String
        /// The .pyc file that was read instead of the source; nil if there was none.
        package var cached: String?
        /// `co_filename` of the module's functions; nil if it has none.
        package var codeFile: String?
        /// Type name of `__loader__`.
        package var loader: String
        /// The code came from the plain file, not through an import hook that rewrites it.
        package var isPlain: Bool
        /// Whether it is the program itself.
        package var isMain: Bool
        /// Not loaded yet: a lazy loader's placeholder.
        package var isLazy: Bool
        /// An earlier name of the very same module, as `__main__` is of `__mp_main__`.
        package var otherName: String?
        /// Its functions run in a namespace that no name of `sys.modules` leads to.
        package var isStray = false
        /// Its import has begun and has not ended: not all of it is there.
        package var isImporting = false
    }

    /// `sys.version_info`: major, minor, micro.
    package var version: [Int]
    /// `sys.hexversion`.
    package var hexVersion: Int
    /// `sys.implementation.name`; only `cpython` is patched.
    package var implementation: String
    /// `sys.flags.optimize`: 0, 1 for -O, 2 for -OO.
    package var optimize: Int
    /// `sys.executable`; nil where a program that embeds Python says nothing.
    package var executable: String?
    /// `sys._base_executable`: outside of a virtual environment the same.
    package var baseExecutable: String?
    /// `sys.prefix`.
    package var prefix: String?
    /// `sys.base_prefix`.
    package var basePrefix: String?
    /// `sys.argv`.
    package var arguments: [String]
    /// What getcwd(3) says in the process; empty if the directory was removed.
    package var workingDirectory: String
    /// `sys.path`.
    package var path: [String]
    /// False with `-X no_debug_ranges`: code has no columns then.
    package var hasDebugRanges: Bool
    /// Whether it runs without a GIL.
    package var isFreeThreaded: Bool
    /// Directory of the standard library, if `os` is loaded from source.
    package var standardLibrary: String?
    /// Objects that gc.freeze() has taken from the collector's lists: they cannot be searched.
    package var frozenObjects: Int
    /// Whether an audit hook of the program's sees what is compiled and executed.
    package var hasAuditHook: Bool
    /// What the process's next agent is to be given; empty for what the last one was.
    package var heap: [UInt8]
    /// Everything in `sys.modules`, built-in and extension modules too.
    package var names: Set<String>
    /// In the order of `sys.modules`.
    package var modules: [Module]
    /// Files of modules that are extensions, or lie in an archive.
    package var compiled: [String] = []

    /// The request that the agent answers with this; no twin is needed to make it.
    package static let request = MarshalValue.tuple(["inventory"]).marshalled
}

extension Inventory {
    /// From the agent's answer.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "inventory")
        guard let version = facts["version"]?.items?.compactMap(\.integer), version.count == 3,
            let hexVersion = facts["hexversion"]?.integer, let modules = facts["modules"]?.items
        else { throw .unexpected("inventory") }
        self.version = version
        self.hexVersion = hexVersion
        implementation = facts["implementation"]?.text ?? ""
        optimize = facts["flags"]?["optimize"]?.integer ?? 0
        executable = facts["executable"]?.text
        baseExecutable = facts["base_executable"]?.text
        prefix = facts["prefix"]?.text
        basePrefix = facts["base_prefix"]?.text
        arguments = facts["argv"]?.items?.compactMap(\.text) ?? []
        workingDirectory = facts["cwd"]?.text ?? ""
        path = facts["path"]?.items?.compactMap(\.text) ?? []
        hasDebugRanges = facts["debug_ranges"]?.flag ?? true
        isFreeThreaded = facts["free_threaded"]?.flag ?? false
        standardLibrary = facts["stdlib"]?.text
        frozenObjects = facts["frozen_objects"]?.integer ?? 0
        hasAuditHook = facts["audit_hook"]?.flag ?? false
        heap = facts["heap"]?.data ?? []
        names = Set(facts["names"]?.items?.compactMap(\.text) ?? [])
        self.modules = modules.compactMap(Module.init)
        compiled = facts["compiled"]?.items?.compactMap(\.text) ?? []
    }
}

extension Inventory.Module {
    /// Nil if something is missing in the agent's facts.
    init?(_ facts: MarshalValue) {
        guard let name = facts["name"]?.text, let file = facts["file"]?.text else { return nil }
        self.name = name
        self.file = file
        cached = facts["cached"]?.text
        codeFile = facts["code_file"]?.text
        loader = facts["loader"]?.text ?? ""
        isPlain = facts["plain_loader"]?.flag ?? true
        isMain = facts["is_main"]?.flag ?? false
        isLazy = facts["is_lazy"]?.flag ?? false
        otherName = facts["other_name"]?.text
        isStray = facts["is_stray"]?.flag ?? false
        isImporting = facts["is_importing"]?.flag ?? false
    }
}
