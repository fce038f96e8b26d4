import Glibc
import Reloader
import TestSupport
import Testing

@testable import Reconciler

@Suite("Why a session ends")
struct SessionErrorTests {
    @Test("a process that ends at once is gone, not a program that is no interpreter")
    func gone() async throws {
        let words = "import time; print('up', flush=True); time.sleep(60)"
        let program = try Program([Interpreter.usual.path, "-c", words])
        _ = try await program.output.line("the interpreter") { $0 == "up" }
        let target = try Target(pid: program.pid)
        let running = SessionError(TwinError.notAnInterpreter(""), of: target)
        #expect(running.id == "unsupported-build")
        program.send(SIGKILL)
        _ = try await program.status()
        let ended = SessionError(TwinError.notAnInterpreter(""), of: target)
        #expect(ended.id == "target-gone")
    }
}
