import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A process in a state of its own")
    struct StateTests {
        @Test("is out of descriptors: 7, with the way out, and unharmed")
        func noDescriptors() async throws {
            let script = try await Script(
                .usual,
                """
                import os, resource
                resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
                held = []
                try:
                    while True:
                        held.append(os.dup(0))
                except OSError:
                    os.close(held.pop())
                """)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            #expect(try await tool.status() == 7)
            #expect(tool.errors.text.contains("is out of file descriptors: 39 are open, 40 are allowed"))
            #expect(tool.errors.text.contains("prlimit --pid \(script.pid)"))
            #expect(try ProcessFacts(of: script.pid).threads.count == 1)
            #expect(script.program.isRunning)
        }

        @Test("has no memory left: 7, with the way out, and unharmed")
        func noMemory() async throws {
            let script = try await Script(
                .usual,
                """
                import resource
                size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
                resource.setrlimit(resource.RLIMIT_AS, (size, size))
                """)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            #expect(try await tool.status() == 7)
            #expect(
                tool.errors.text.contains("RLIMIT_AS") || tool.errors.text.contains("ENOMEM"),
                "\(tool.errors.text)")
            #expect(try ProcessFacts(of: script.pid).threads.count == 1)
            #expect(script.program.isRunning)
        }

        @Test("has executed another program: 7, which is no end")
        func executed() async throws {
            let script = try await Script(
                .usual,
                """
                import os, signal, sys
                def again(*arguments):
                    os.execv(sys.executable, [sys.executable, *sys.argv])
                signal.signal(signal.SIGUSR1, again)
                """)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            script.program.send(SIGUSR1)
            _ = try await script.program.output.line("the second start") { _ in
                script.program.output.lines.count == 2
            }
            try script.save("changed = True\n")
            #expect(try await tool.status() == 7)
            #expect(tool.errors.text.contains("has restarted itself"), "\(tool.errors.text)")
            #expect(!tool.errors.text.contains("has ended"))
        }

        @Test("is traced for an instant, time and again: every save is live, and nobody is told of a stop")
        func sampled() async throws {
            func source(_ value: Int) -> String { "def value():\n    return \(value)\n" }
            let script = try await Script(.usual, source(1))
            let sampler = try await Script(
                .usual,
                """
                import ctypes, os, threading, time
                ptrace = ctypes.CDLL(None).ptrace
                ptrace.argtypes = [ctypes.c_long] * 4
                def sample():
                    while True:
                        if ptrace(16, \(script.pid), 0, 0) == 0:
                            os.waitpid(\(script.pid), 0x40000000)
                            time.sleep(0.0005)
                            ptrace(17, \(script.pid), 0, 0)
                        time.sleep(0.002)
                threading.Thread(target=sample, daemon=True).start()
                """)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            for value in 2...8 {
                try script.save(source(value))
                let sync = try await Answer.of("sync", String(script.pid), "--timeout", "5s")
                #expect(sync.status == 0, "\(value): \(sync)")
                try await Task.sleep(for: .milliseconds(30))
            }
            #expect(!tool.errors.text.contains("SIGSTOP"), "\(tool.errors.text)")
            #expect(sampler.program.isRunning && script.program.isRunning)
        }

        @Test("closes descriptors that it has not opened: attached, or refused for that; it has not ended")
        func closes() async throws {
            let script = try await Script(
                .usual,
                """
                import os, threading, time
                def close():
                    while True:
                        os.closerange(3, 64)
                        time.sleep(0.0002)
                threading.Thread(target=close, daemon=True).start()
                """)
            for _ in 0..<3 {
                let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
                try await Task.sleep(for: .milliseconds(700))
                tool.send(SIGTERM)
                let status = try await tool.status()
                #expect(status == 0 || status == 7, "\(tool.errors.text)")
                #expect(!tool.errors.text.contains("has ended"), "\(tool.errors.text)")
            }
            #expect(script.program.isRunning)
        }
    }
}
