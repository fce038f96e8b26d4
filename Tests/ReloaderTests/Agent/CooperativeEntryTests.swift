import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Reloader

/// A way into a process that runs our agent on a thread of its own, when a file with the payload appears.
///
/// Nothing of it is traced, stopped or written to: what the conversation needs to know of an agent is no fact of ptrace(2).
private struct CooperativeEntry: UntracedEntry {
    let target: Target
    let folder: URL
    /// The four pipe ends in the process, as it says itself.
    let pipeEnds: [Int32]

    var progress: AgentProgress? {
        FileManager.default.fileExists(atPath: folder.appending(path: "left").path) ? nil : .running
    }

    func start(_ payload: AgentPayload, over pipes: [Int32]) -> Bool {
        do {
            try Data(payload.request).write(to: folder.appending(path: "request"))
            try Data(payload.agentCode).write(to: folder.appending(path: "agent"), options: .atomic)
            return true
        } catch {
            return false
        }
    }
}

@Suite("A process that lets the agent in itself")
struct CooperativeEntryTests {
    private static let source = """
        import _thread, builtins, marshal, os, time
        requests, answers = os.pipe(), os.pipe()
        def wait():
            while not os.path.exists("agent"):
                time.sleep(0.01)
            for end in (requests[1], answers[0]):
                os.close(end)
            own = {"__builtins__": builtins.__dict__, "F": (requests[0], answers[1]), "H": 0}
            own["Q"] = open("request", "rb").read()
            exec(marshal.loads(open("agent", "rb").read()), own)
            open("left", "w").close()
        _thread.start_new_thread(wait, ())
        print(*requests, *answers, flush=True)
        time.sleep(600)
        """

    @Test("is asked by the same conversation, and the agent leaves at its end", arguments: Interpreter.ends)
    func conversation(interpreter: Interpreter) async throws {
        let tree = try TemporaryTree()
        try tree.write(Self.source, to: "app.py")
        let program = try Program([interpreter.path, "app.py"], in: tree.root)
        let line = try await program.output.line("its pipes") { $0.split(separator: " ").count == 4 }
        let entry = CooperativeEntry(
            target: try Target(pid: program.pid), folder: tree.root,
            pipeEnds: line.split(separator: " ").compactMap { Int32($0) })
        let twin = try CompilerTwin(
            TwinLaunch(executable: FilePath(interpreter.path), name: interpreter.path))
        let session = AgentSession(entry: entry, programs: twin.programs)

        try session.begin(MarshalValue.tuple(["inventory"]).marshalled)
        let answer = try MarshalValue(marshalled: session.finish())
        #expect(answer.items?.first?.text == "inventory")
        // A second one goes through the same conversation.
        let again = try session.exchange(MarshalValue.tuple(["tidy", .list([])]).marshalled)
        #expect(try MarshalValue(marshalled: again).items?.first?.text == "tidy")
        #expect(session.isAttached)
        session.letGo()
        try await eventually("the end of the agent", within: .seconds(60)) { entry.progress == nil }
        #expect(program.isRunning)
    }
}
