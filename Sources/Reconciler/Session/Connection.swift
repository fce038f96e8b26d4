package import Reloader

/// A process that we hold: its lock, its interpreter beside it, and its agent as long as it is needed.
package final class Connection {
    package let target: Target
    package let inventory: Inventory
    let agent: AgentSession
    private var twin: CompilerTwin
    private let lock: ControlLock

    /// Bytes: more than the agent's code ever had, as address space only.
    private static let firstPayload = 192 << 10

    /// Attaches; throws if that cannot be done, and nothing of us is in the process then.
    package init(pid: Int32) throws(SessionError) {
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
        // The twin's interpreter starts up while we attach: the agent's thread waits for its code.
        let process: TwinProcess
        do throws(TwinError) { process = try TwinProcess(TwinLaunch(pid: pid)) } catch {
            throw .twin(error, pid: pid)
        }
        let pending: PendingAgent
        do throws(AttachError) {
            pending = try DonorAttach(target: target).prepare(capacity: Self.firstPayload)
        } catch {
            throw .attach(error)
        }
        let first = try Self.makeTwin(for: target, inventory: nil, process: process)
        agent = AgentSession(
            target: target, agentCode: first.agent, hexVersion: first.facts.hexVersion, pending: pending)
        inventory = try agent.inventory()
        // How the target compiles is known only now: -O and -X no_debug_ranges change code objects.
        twin =
            inventory.optimize == 0 && inventory.hasDebugRanges
            ? first : try Self.makeTwin(for: target, inventory: inventory, process: nil)
        self.target = target
    }

    deinit { agent.letGo() }

    /// Starts the target's interpreter beside it; checks that it is one that can be patched.
    private static func makeTwin(
        for target: Target, inventory: Inventory?, process: consuming TwinProcess?
    ) throws(SessionError) -> CompilerTwin {
        let pid = target.pid
        let twin: CompilerTwin
        do throws(TwinError) {
            if let process = process.take() {
                twin = try CompilerTwin(process)
            } else {
                var launch = try TwinLaunch(pid: pid)
                launch.debugRanges = inventory?.hasDebugRanges ?? true
                twin = try CompilerTwin(launch, optimize: inventory?.optimize ?? 0)
            }
        } catch {
            throw .twin(error, pid: pid)
        }
        let version = twin.facts.version
        let text = version.map(String.init).joined(separator: ".")
        guard twin.facts.implementation == "cpython", version.count == 3,
            SupportedPythons.includes(major: version[0], minor: version[1])
        else { throw .attach(.unsupportedPython(pid: pid, version: text)) }
        if twin.facts.isFreeThreaded { throw .attach(.unsupportedBuild(pid: pid, .freeThreaded)) }
        return twin
    }

    /// Calls the twin; one that ended is started again, once.
    func askTwin<Value>(_ body: (borrowing CompilerTwin) throws(TwinError) -> Value) throws(SessionError)
        -> Value
    {
        do throws(TwinError) {
            return try body(twin)
        } catch {
            guard error == .died else { throw .twin(error, pid: target.pid) }
        }
        twin = try Self.makeTwin(for: target, inventory: inventory, process: nil)
        do throws(TwinError) { return try body(twin) } catch { throw .twin(error, pid: target.pid) }
    }
}
