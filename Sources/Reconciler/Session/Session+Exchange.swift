import Reloader

/// Typed conversations with agent and twin.
extension AgentSession {
    func inventory() throws(SessionError) -> Inventory {
        try parsed(try ask(Inventory.request), Inventory.init(answer:))
    }

    func compare(_ request: [UInt8]) throws(SessionError) -> [LiveComparison] {
        try parsed(try ask(request), LiveComparison.list(answer:))
    }

    func patch(_ request: [UInt8]) throws(SessionError) -> PatchReply {
        try parsed(try ask(request), PatchReply.init(answer:))
    }

    /// The frame after a patch's answer: how many functions only moved.
    func moved() throws(SessionError) -> Int {
        let frame: [UInt8]
        do throws(AttachError) { frame = try receive() } catch { throw .attach(error) }
        return try parsed(frame, PatchReply.moved(answer:))
    }

    private func ask(_ request: [UInt8]) throws(SessionError) -> [UInt8] {
        do throws(AttachError) { return try exchange(request) } catch { throw .attach(error) }
    }

    private func parsed<Value>(
        _ answer: [UInt8], _ parse: ([UInt8]) throws(ProtocolError) -> Value
    ) throws(SessionError) -> Value {
        do throws(ProtocolError) { return try parse(answer) } catch { throw .wrongAnswer(error, pid: target.pid) }
    }
}

extension Session {
    /// Starts the target's interpreter beside it; checks that it is one that can be patched.
    static func makeTwin(for target: Target, inventory: Inventory?) throws(SessionError) -> CompilerTwin {
        let pid = target.pid
        let twin: CompilerTwin
        do throws(TwinError) {
            var launch = try TwinLaunch(pid: pid)
            launch.debugRanges = inventory?.hasDebugRanges ?? true
            twin = try CompilerTwin(launch, optimize: inventory?.optimize ?? 0)
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
    func askTwin<Value>(_ body: (borrowing CompilerTwin) throws(TwinError) -> Value) throws(SessionError) -> Value {
        do throws(TwinError) {
            return try body(twin)
        } catch {
            guard error == .died else { throw .twin(error, pid: target.pid) }
        }
        twin = try Self.makeTwin(for: target, inventory: inventory)
        do throws(TwinError) { return try body(twin) } catch { throw .twin(error, pid: target.pid) }
    }
}
