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
    private let twin: SharedTwin
    /// Held as long as the connection: no other midflight may patch the process meanwhile.
    private let lock: ControlLock
    /// See `observer()`.
    var observerProgram: [UInt8]?

    /// Bytes: more than the agent's code ever had, as address space only.
    private static let firstPayload = 192 << 10

    /// Attaches; throws if that cannot be done, and nothing of us is in the process then. `others`: with one of them
    /// it shares the twin if their interpreters are equal. `kin`: a process of the same service; if both see the same
    /// files they have the same paths for us. `mappings`: for the others. `compiles`: whether its twin will be asked
    /// soon, so that it is started meanwhile; asked without, it is started then.
    package init(
        pid: Int32, beside others: [Connection] = [], kin: Connection? = nil, mappings: [PathMapping] = [],
        compiles: Bool = true
    ) throws(SessionError) {
        let target: Target
        do throws(AttachError) {
            target = try Target(pid: pid)
            lock = try ControlLock(target: target)
        } catch {
            throw .attach(error)
        }
        if let hint = PythonProcess.versionHint(target),
            !SupportedPythons.includes(major: hint.major, minor: hint.minor)
        {
            throw .attach(.unsupportedPython(pid: pid, version: "\(hint.major).\(hint.minor)"))
        }
        let paths = ProcessPaths(pid: pid, mappings: mappings)
        self.paths = kin.flatMap { $0.paths.root.isLike(paths.root) ? $0.paths : nil } ?? paths
        let shared = try Self.twin(for: target, beside: others)
        (agent, inventory) = try Self.attach(target, shared, compiles: compiles)
        agent.removeInherited()
        // How the target compiles is known only now: -O and -X no_debug_ranges change code objects.
        twin = shared.with(
            SharedTwin.Settings(optimize: inventory.optimize, hasDebugRanges: inventory.hasDebugRanges))
        self.target = target
    }

    deinit { agent.letGo() }

    /// That of another process with an equal interpreter, else a new one.
    private static func twin(for target: Target, beside others: [Connection]) throws(SessionError)
        -> SharedTwin
    {
        if !others.isEmpty, let interpreter = InterpreterIdentity(target: target),
            let equal = others.first(where: { $0.twin.interpreter == interpreter })
        {
            return equal.twin
        }
        do throws(TwinError) { return try SharedTwin(target: target) } catch {
            throw SessionError(error, of: target)
        }
    }

    /// Our code for its interpreter is there before the agent's thread is: until that has run its first lines, a target
    /// that forks is told by CPython 3.12+ that it has threads.
    private static func attach(
        _ target: Target, _ twin: SharedTwin, compiles: Bool
    ) throws(SessionError) -> (AgentSession, Inventory) {
        let wasKnown = twin.known != nil
        let programs: CompiledPrograms
        do throws(TwinError) { programs = try twin.programs(for: target) } catch {
            throw SessionError(error, of: target)
        }
        try check(programs.facts, target)
        let entry = DonorAttach(target: target)
        let pending: PendingAgent
        do throws(AttachError) {
            pending = try entry.prepare(capacity: firstPayload)
        } catch {
            throw .attach(error)
        }
        do throws(TwinError) { if compiles { try twin.begin(for: target) } } catch {
            throw SessionError(error, of: target)
        }
        let agent = AgentSession(entry: entry, programs: programs, pending: pending)
        do throws(SessionError) { return (agent, try agent.inventory()) } catch {
            // The line in the target that compares versions has refused code that was compiled earlier.
            guard wasKnown, case .attach(.targetBusy(_, .left)) = error else { throw error }
        }
        twin.forget()
        return try attach(target, twin, compiles: compiles)
    }

    /// Whether it is an interpreter that can be patched.
    private static func check(_ facts: CompilerTwin.Facts, _ target: Target) throws(SessionError) {
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
