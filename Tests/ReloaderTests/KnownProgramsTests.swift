import Glibc
import TestSupport
import Testing

@testable import Reloader

@Suite("A program that is known from another process")
struct KnownProgramsTests {
    private func program(_ interpreter: Interpreter, environment: [String: String] = [:]) async throws
        -> Program
    {
        let program = try Program(
            [interpreter.path, "-c", "import time; print('ready', flush=True); time.sleep(60)"],
            environment: environment)
        _ = try await program.output.line("its start") { $0 == "ready" }
        return program
    }

    @Test("has the obstacles that looking into its process finds", arguments: Interpreter.ends)
    func same(interpreter: Interpreter) async throws {
        let known = KnownPrograms()
        let first = try await program(interpreter)
        #expect(known.obstacle(of: first.pid, procFS: ProcFS()) == nil)
        let second = try await program(interpreter)
        #expect(known.obstacle(of: second.pid, procFS: ProcFS()) == nil)
        second.send(SIGSTOP)
        try await eventually("its stop") { (try? ProcFS().stat(second.pid))?.state == "T" }
        #expect(known.obstacle(of: second.pid, procFS: ProcFS())?.id == "target-stopped")
        #expect(known.obstacle(of: getpid(), procFS: ProcFS())?.id == "not-python")
        let closed = try await program(interpreter, environment: ["PYTHON_DISABLE_REMOTE_DEBUG": "1"])
        let found = known.obstacle(of: closed.pid, procFS: ProcFS())
        #expect(found?.id == KnownPrograms().obstacle(of: closed.pid, procFS: ProcFS())?.id)
    }
}
