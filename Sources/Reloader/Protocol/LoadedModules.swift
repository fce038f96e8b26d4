/// Which modules a process has made of which files, as the small program of `AgentProgram.lookup` read it.
package struct LoadedModules: Sendable, Hashable {
    /// What getcwd(3) says in the process; empty if the directory was removed.
    package var workingDirectory: String
    /// In the order of `sys.modules`.
    package var modules: [Inventory.Module]

    /// Those of a process that was asked for everything.
    package init(_ inventory: Inventory) {
        workingDirectory = inventory.workingDirectory
        modules = inventory.modules
    }

    /// From the program's answer.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "modules")
        guard let modules = facts["modules"]?.items else { throw .unexpected("modules") }
        workingDirectory = facts["cwd"]?.text ?? ""
        self.modules = modules.compactMap(Inventory.Module.init)
    }

    /// Has the process asked by a program that was compiled for it, and nothing left of it there.
    package static func answer(
        of entry: any AgentEntry, _ program: CompiledLookup
    ) throws(AttachError) -> [UInt8] {
        let session = AgentSession(entry: entry, code: program.code, hexVersion: program.facts.hexVersion)
        defer { session.letGo() }
        return try session.exchange(MarshalValue.tuple(["modules"]).marshalled)
    }
}
