import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Reloader

/// A way to two agents that are no agents: the first one answers one request, and leaves during the second one or is
/// late with it.
private struct LeavingEntry: UntracedEntry {
    let target: Target
    let folder: URL
    /// Four pipe ends in the process for each agent.
    let numbers: [Int32]
    var progress: AgentProgress? = .running
    var limits = AttachLimits()

    /// Agents that have begun.
    var begun: Int {
        (0..<2).count { FileManager.default.fileExists(atPath: folder.appending(path: "go\($0)").path) }
    }

    var pipeEnds: [Int32] { Array(numbers[(begun * 4)..<(begun * 4 + 4)]) }

    func start(_ payload: AgentPayload, over pipes: [Int32]) -> Bool {
        FileManager.default.createFile(atPath: folder.appending(path: "go\(begun)").path, contents: nil)
    }
}

@Suite("A request whose agent leaves")
struct OneRunTests {
    private static let source = """
        import os, sys, time
        def frame(number, kind, content=b"N"):
            return len(content).to_bytes(4, "little") + number.to_bytes(4, "little") + bytes((kind,)) + content
        agents = [(os.pipe(), os.pipe()) for _ in range(2)]
        print(*[end for pipes in agents for pipe in pipes for end in pipe], flush=True)
        for index, (requests, answers) in enumerate(agents):
            while not os.path.exists("go%d" % index):
                time.sleep(0.01)
            os.close(requests[1])
            os.close(answers[0])
            os.write(answers[1], frame(1, 2) + frame(1, 3, b"agent %d" % index) + frame(1, 5))
            header = os.read(requests[0], 9)
            if header:
                os.read(requests[0], int.from_bytes(header[:4], "little"))
            if sys.argv[1] == "taken":
                os.write(answers[1], frame(2, 2))
            if sys.argv[3:]:
                with open("/proc/self/comm", "w") as name:
                    name.write("midflight")
                end = time.monotonic() + float(sys.argv[2])
                while time.monotonic() < end:
                    pass
                os.write(answers[1], frame(2, 3, b"after work") + frame(2, 5))
            elif len(sys.argv) > 2:
                time.sleep(float(sys.argv[2]))
            os.close(answers[1])
            os.close(requests[0])
        time.sleep(60)
        """

    @Test("may have been done if it was acknowledged and is answered late", arguments: [true, false])
    func late(isTaken: Bool) async throws {
        let tree = try TemporaryTree()
        try tree.write(Self.source, to: "app.py")
        let python = try Interpreter.usual
        let program = try Program(
            [python.path, "app.py", isTaken ? "taken" : "silent", "30"], in: tree.root)
        let line = try await program.output.line("its pipes") { $0.split(separator: " ").count == 8 }
        var limits = AttachLimits()
        limits.answer = 1000
        limits.leave = 0
        let entry = LeavingEntry(
            target: try Target(pid: program.pid), folder: tree.root,
            numbers: line.split(separator: " ").compactMap { Int32($0) }, limits: limits)
        let session = AgentSession(entry: entry, code: [], hexVersion: 0)

        #expect(String(decoding: try session.exchange([1]), as: UTF8.self) == "agent 0")
        let error = #expect(throws: AttachError.self) { try session.exchange([2]) }
        guard case .targetBusy(_, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason == (isTaken ? .answerLate : .noAnswer))
        #expect(entry.begun == 1)
    }

    @Test("may take longer while the agent works, but not for ever", arguments: [60_000, 1000] as [Int64])
    func working(limit: Int64) async throws {
        let tree = try TemporaryTree()
        try tree.write(Self.source, to: "app.py")
        let python = try Interpreter.usual
        let program = try Program([python.path, "app.py", "taken", "1.5", "busy"], in: tree.root)
        let line = try await program.output.line("its pipes") { $0.split(separator: " ").count == 8 }
        var limits = AttachLimits()
        limits.answer = 500
        limits.work = limit
        limits.leave = 0
        let entry = LeavingEntry(
            target: try Target(pid: program.pid), folder: tree.root,
            numbers: line.split(separator: " ").compactMap { Int32($0) }, limits: limits)
        let session = AgentSession(entry: entry, code: [], hexVersion: 0)

        #expect(String(decoding: try session.exchange([1]), as: UTF8.self) == "agent 0")
        guard limit < 60_000 else {
            #expect(String(decoding: try session.exchange([2]), as: UTF8.self) == "after work")
            return
        }
        let error = #expect(throws: AttachError.self) { try session.exchange([2]) }
        guard case .targetBusy(_, .answerLate) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("tells of a process that ends only if CPython let the agent do nothing", arguments: [true, false])
    func unfit(isUnfit: Bool) async throws {
        let tree = try TemporaryTree()
        try tree.write(Self.source, to: "app.py")
        let python = try Interpreter.usual
        let program = try Program([python.path, "app.py", "taken"], in: tree.root)
        let line = try await program.output.line("its pipes") { $0.split(separator: " ").count == 8 }
        let entry = LeavingEntry(
            target: try Target(pid: program.pid), folder: tree.root,
            numbers: line.split(separator: " ").compactMap { Int32($0) },
            progress: isUnfit ? .unfit : .beforeGIL)
        let session = AgentSession(entry: entry, code: [], hexVersion: 0)

        _ = try session.exchange([1])
        let error = #expect(throws: AttachError.self) { try session.exchange([2]) }
        #expect(error?.id == (isUnfit ? "target-exiting" : "target-busy"))
    }

    @Test("is given to another one only if the first one had not acknowledged it", arguments: [true, false])
    func leaving(isTaken: Bool) async throws {
        let tree = try TemporaryTree()
        try tree.write(Self.source, to: "app.py")
        let python = try Interpreter.usual
        let program = try Program([python.path, "app.py", isTaken ? "taken" : "silent"], in: tree.root)
        let line = try await program.output.line("its pipes") { $0.split(separator: " ").count == 8 }
        let entry = LeavingEntry(
            target: try Target(pid: program.pid), folder: tree.root,
            numbers: line.split(separator: " ").compactMap { Int32($0) })
        let twin = try CompilerTwin(TwinLaunch(executable: FilePath(python.path), name: python.path))
        let session = AgentSession(entry: entry, programs: twin.programs)

        #expect(String(decoding: try session.exchange([1]), as: UTF8.self) == "agent 0")
        if isTaken {
            let error = #expect(throws: AttachError.self) { try session.exchange([2]) }
            guard case .targetBusy(_, .answerLost) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(entry.begun == 1)
        } else {
            #expect(String(decoding: try session.exchange([2]), as: UTF8.self) == "agent 1")
            #expect(entry.begun == 2)
        }
    }
}
