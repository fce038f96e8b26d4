import Reloader
package import SystemPackage

/// `module FILE`: which module a process made of a file. The process runs a small part of the agent for it, and compiles,
/// searches and changes nothing.
package struct ModuleSearch {
    /// Without symbolic links.
    package var path: FilePath
    /// As the user wrote it.
    package var spelling: String

    /// Asks nothing yet.
    package init(path: FilePath, spelling: String) {
        self.path = path
        self.spelling = spelling
    }

    /// The module's name; nil if none was made of the file. No other midflight may control the process.
    package func run(pid: Int32) throws(SessionError) -> String? {
        let target = try Connection.target(pid)
        let lock: ControlLock
        do throws(AttachError) { lock = try ControlLock(target: target) } catch { throw .attach(error) }
        return try run(in: target, holding: lock)
    }

    private func run(in target: Target, holding lock: borrowing ControlLock) throws(SessionError) -> String? {
        let paths = ProcessPaths(pid: target.pid)
        let loaded: LoadedModules
        if let answer = try known(target) { loaded = answer } else { loaded = try compiled(target) }
        return ModuleFile.module(of: path, spelling: spelling, in: loaded, paths: paths)
    }

    /// By the program that an earlier midflight has kept; nil if there is none, or if it is for another version.
    private func known(_ target: Target) throws(SessionError) -> LoadedModules? {
        guard let interpreter = InterpreterIdentity(target: target),
            let program = ProgramCache.standard?.lookup(for: interpreter)
        else { return nil }
        try Connection.check(program.facts, target)
        do throws(SessionError) { return try ask(DonorAttach(target: target), program) } catch {
            // The line in the target that compares versions has refused it.
            guard case .attach(.targetBusy(_, .left)) = error else { throw error }
            return nil
        }
    }

    private func compiled(_ target: Target) throws(SessionError) -> LoadedModules {
        let twin: SharedTwin
        do throws(TwinError) { twin = try SharedTwin(target: target) } catch {
            throw SessionError(error, of: target)
        }
        return try Connection.attach(target, twin) { (programs, entry) throws(SessionError) in
            try ask(entry, CompiledLookup(programs))
        }
    }

    private func ask(_ entry: DonorAttach, _ program: CompiledLookup) throws(SessionError) -> LoadedModules {
        let answer: [UInt8]
        do throws(AttachError) { answer = try LoadedModules.answer(of: entry, program) } catch {
            throw .attach(error)
        }
        do throws(ProtocolError) { return try LoadedModules(answer: answer) } catch {
            throw .wrongAnswer(error, pid: entry.target.pid)
        }
    }
}
