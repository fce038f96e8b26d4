/// What a process is and has loaded, as its agent read it.
package struct Inventory: Sendable, Hashable {
    package struct Module: Sendable, Hashable {
        package var name: String
        /// `__file__`, relative to the working directory for a script before 3.9.
        package var file: String
        package var cached: String?
        /// `co_filename` of the module's functions; nil if it has none.
        package var codeFile: String?
        /// Type name of `__loader__`.
        package var loader: String
        /// The code came from the plain file, not through an import hook that rewrites it.
        package var isPlain: Bool
        package var isMain: Bool
        /// Not loaded yet: a lazy loader's placeholder.
        package var isLazy: Bool
        /// An earlier name of the very same module, as `__main__` is of `__mp_main__`.
        package var otherName: String?
    }

    package var version: [Int]
    package var hexVersion: Int
    package var implementation: String
    package var optimize: Int
    package var executable: String?
    package var baseExecutable: String?
    package var prefix: String?
    package var basePrefix: String?
    package var arguments: [String]
    package var workingDirectory: String
    package var path: [String]
    package var hasDebugRanges: Bool
    package var isFreeThreaded: Bool
    /// Directory of the standard library, if `os` is loaded from source.
    package var standardLibrary: String?
    package var frozenObjects: Int
    package var hasAuditHook: Bool
    /// Everything in `sys.modules`, built-in and extension modules too.
    package var names: Set<String>
    package var modules: [Module]

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
        names = Set(facts["names"]?.items?.compactMap(\.text) ?? [])
        self.modules = modules.compactMap(Module.init)
    }
}

extension Inventory.Module {
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
    }
}
