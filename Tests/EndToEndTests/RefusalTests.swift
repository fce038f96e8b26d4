import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A refusal has its exit status, says why and what to do")
    struct RefusalTests {
        @Test("there is no such process: 4")
        func noSuchProcess() async throws {
            let ended = try Program(["/bin/true"])
            _ = try await ended.status()
            let tool = try Midflight.start("attach", String(ended.pid))
            #expect(try await tool.status() == 4)
            #expect(tool.errors.text.contains("no process \(ended.pid)"))
        }

        @Test("it is not Python: 6, and it goes on")
        func notPython() async throws {
            let sleeper = try Program(["/bin/sleep", "60"])
            let tool = try Midflight.start("attach", String(sleeper.pid))
            #expect(try await tool.status() == 6)
            #expect(tool.errors.text.contains("not a CPython process"))
            #expect(sleeper.isRunning)
        }

        @Test(
            "it is somebody else's: 5, with the ways out",
            .enabled(if: geteuid() == 0, "only root can be two people"))
        func notPermitted() async throws {
            let shop = try await Shop(.usual)
            let reader = try Accounts.asNobody(Checkout.binary)
            let tool = try Program(Accounts.nobody + [reader.path, "attach", String(shop.pid)])
            #expect(try await tool.status() == 5)
            #expect(tool.errors.text.contains("not permitted") || tool.errors.text.contains("cannot attach"))
            #expect(tool.errors.text.contains("sudo"))
            _ = try shop.cart()
        }

        @Test("another midflight has it: 8, and names it")
        func alreadyControlled() async throws {
            let shop = try await Shop(.usual)
            let first = try await Midflight.attach(to: shop)
            let second = try Midflight.start("attach", String(shop.pid))
            #expect(try await second.status() == 8)
            #expect(second.errors.text.contains(String(first.pid)))
            #expect(first.isRunning)
        }

        @Test("it ends while attached: 7")
        func targetEnds() async throws {
            let shop = try await Shop(.usual)
            let tool = try await Midflight.attach(to: shop)
            shop.program.send(SIGKILL)
            #expect(try await tool.status() == 7)
            #expect(tool.errors.text.contains(String(shop.pid)))
        }

        @Test("it is stopped: 7, and it stays stopped")
        func stopped() async throws {
            let shop = try await Shop(.usual)
            shop.program.send(SIGSTOP)
            let tool = try Midflight.start("attach", String(shop.pid), shop.sources.path)
            #expect(try await tool.status() == 7)
            let status = try String(contentsOfFile: "/proc/\(shop.pid)/status", encoding: .utf8)
            #expect(status.contains("State:\tT"))
            shop.program.send(SIGCONT)
            _ = try shop.cart()
        }

        @Test("its operator switched remote debugging off: 5, and it goes on", arguments: Interpreter.all)
        func disabled(interpreter: Interpreter) async throws {
            let sleep = "import sys; print(sys.version, flush=True); import time; time.sleep(60)"
            let program = try Program([
                "/usr/bin/env", "PYTHON_DISABLE_REMOTE_DEBUG=1", interpreter.path, "-c", sleep,
            ])
            let hasSwitch = interpreter.version.split(separator: ".").compactMap { Int($0) }[1] >= 14
            _ = try await program.output.line("that it runs") { $0.contains(interpreter.version) }
            let tool = try Midflight.start("reload", String(program.pid), "nosuch", "f")
            #expect(try await tool.status() == (hasSwitch ? 5 : 1))
            #expect(tool.errors.text.contains("remote debugging switched off") == hasSwitch)
            #expect(program.isRunning)
        }

        @Test(
            "the command line is wrong: 2",
            arguments: [["attach"], ["attach", "1", "--nonsense"], ["nonsense"]])
        func usage(arguments: [String]) async throws {
            let tool = try Program([Checkout.binary.path] + arguments)
            #expect(try await tool.status() == 2)
            #expect(tool.output.lines.isEmpty)
            #expect(!tool.errors.lines.isEmpty)
        }
    }
}
