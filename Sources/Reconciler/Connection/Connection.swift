package import Reloader

/// A process that we hold: its lock, its interpreter beside it, and its agent as long as it is needed.
package final class Connection {
    /// The process.
    package let target: Target
    /// What its agent said when it came.
    package let inventory: Inventory
    /// How its paths and ours lead to each other.
    package let paths: ProcessPaths
    /// Our conversation with it. There is an agent only while something is asked of it.
    let agent: AgentSession
    /// May serve several processes whose interpreters compile alike.
    package let twin: SharedTwin
    /// Held as long as the connection: no other midflight may patch the process meanwhile.
    private let lock: ControlLock
    /// See `observer()`.
    var observerProgram: [UInt8]?

    /// Attaches; throws if that cannot be done, and nothing of us is in the process then. `twins`: it shares one
    /// of them if their interpreters are equal. `kin`: a process of the same service; if both see the same
    /// files they have the same paths for us. `mappings`: for the others.
    package init(
        pid: Int32, sharing twins: [SharedTwin] = [], kin: Connection? = nil, mappings: [PathMapping] = []
    ) throws(SessionError) {
        let target = try Self.target(pid)
        do throws(AttachError) { lock = try ControlLock(target: target) } catch { throw .attach(error) }
        let paths = ProcessPaths(pid: pid, mappings: mappings)
        self.paths = kin.flatMap { $0.paths.root.isLike(paths.root) ? $0.paths : nil } ?? paths
        let shared = try Self.twin(for: target, sharing: twins)
        (agent, inventory) = try Self.attach(target, shared) { (programs, entry) throws(SessionError) in
            let agent = AgentSession(entry: entry, programs: programs)
            return (agent, try agent.inventory())
        }
        agent.removeInherited()
        // How the target compiles is known only now: -O and -X no_debug_ranges change code objects.
        twin = shared.with(
            SharedTwin.Settings(optimize: inventory.optimize, hasDebugRanges: inventory.hasDebugRanges))
        self.target = target
    }

    deinit { agent.letGo() }

    /// A process of a version that we know, as far as can be told from outside.
    static func target(_ pid: Int32) throws(SessionError) -> Target {
        let target: Target
        do throws(AttachError) { target = try Target(pid: pid) } catch { throw .attach(error) }
        if let hint = PythonProcess.versionHint(target),
            !SupportedPythons.includes(major: hint.major, minor: hint.minor)
        {
            throw .attach(.unsupportedPython(pid: pid, version: "\(hint.major).\(hint.minor)"))
        }
        return target
    }

    /// That of another process with an equal interpreter, else a new one.
    private static func twin(for target: Target, sharing twins: [SharedTwin]) throws(SessionError)
        -> SharedTwin
    {
        if !twins.isEmpty, let interpreter = InterpreterIdentity(target: target),
            let equal = twins.first(where: { $0.interpreter == interpreter })
        {
            return equal
        }
        // It starts up while we attach.
        do throws(TwinError) { return try SharedTwin(target: target, starts: true) } catch {
            throw SessionError(error, of: target)
        }
    }

    /// Has `ask` attach with our programs as the target's interpreter compiled them, and ask the first question.
    ///
    /// They are there before the agent's thread is: until that has run its first lines, a target that forks is told by
    /// CPython 3.12+ that it has threads.
    static func attach<Answer>(
        _ target: Target, _ twin: SharedTwin,
        _ ask: (CompiledPrograms, DonorAttach) throws(SessionError) -> Answer
    ) throws(SessionError) -> Answer {
        let wasKnown = twin.known != nil
        let programs: CompiledPrograms
        do throws(TwinError) { programs = try twin.programs(for: target) } catch {
            throw SessionError(error, of: target)
        }
        try check(programs.facts, target)
        do throws(SessionError) { return try ask(programs, DonorAttach(target: target)) } catch {
            // The line in the target that compares versions has refused code that was compiled earlier.
            guard wasKnown, case .attach(.targetBusy(_, .left)) = error else { throw error }
        }
        twin.forget()
        return try attach(target, twin, ask)
    }

    /// Whether it is an interpreter that can be patched.
    static func check(_ facts: CompilerTwin.Facts, _ target: Target) throws(SessionError) {
        let version = facts.version
        guard facts.implementation == "cpython", version.count == 3,
            SupportedPythons.includes(major: version[0], minor: version[1])
        else {
            let text = version.map(String.init).joined(separator: ".")
            throw .attach(.unsupportedPython(pid: target.pid, version: text))
        }
        if facts.isFreeThreaded { throw .attach(.unsupportedBuild(pid: target.pid, .freeThreaded)) }
    }

    /// Whether one compilation serves both processes.
    func compilesLike(_ other: Connection) -> Bool { twin.compilesLike(other.twin) }

    /// Asks the compiler twin that this process shares with others like it.
    func askTwin<Value>(_ body: (borrowing CompilerTwin) throws(TwinError) -> Value) throws(SessionError)
        -> Value
    {
        do throws(TwinError) { return try twin.ask(for: target, body) } catch {
            throw SessionError(error, of: target)
        }
    }
}
