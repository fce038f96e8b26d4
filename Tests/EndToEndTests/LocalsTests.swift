import Foundation
import Reloader
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("stack --locals shows every call with its variables, and the process goes on as before")
    struct LocalsTests {
        static let source = """
            import threading

            ready = threading.Event()

            class Cart:
                def __repr__(self):
                    raise ValueError("never called")

                def total(self, price, api_token):
                    ready.set()
                    threading.Event().wait()

            threading.Thread(target=Cart().total, args=(1200, "k-123"), name="till", daemon=True).start()
            ready.wait()
            """

        @Test("as text and as JSON, by ourselves and through the midflight that controls the process")
        func shown() async throws {
            let python = try #require(Interpreter.all.first { $0.version.hasPrefix("3.13.") })
            let script = try await Script(python, Self.source)
            let pid = String(script.pid)
            let answer = try await Answer.of("stack", pid, "--locals")
            #expect(answer.status == 0 && answer.errors.isEmpty)
            let head = "process \(pid) · Python 3.13 · 2 threads\n\nMainThread (\(pid))\n"
            #expect(answer.output.hasPrefix(head))
            let file = script.file.path
            let total = "  \(file):11 Cart.total\n      self = Cart({})\n      price = 1200\n"
            #expect(answer.output.contains(total + "      api_token = ‹redacted›\n"))
            #expect(answer.output.contains(" <module> · its variables are the module's\n"))
            let tool = try Midflight.start("attach", pid, script.tree.root.path)
            _ = try await tool.errors.line("the session's start") { $0.hasPrefix("save a file") }
            let json = try await Answer.of("stack", pid, "-l", "--no-redact", "--json")
            try EventTests.validate(String(json.output.dropLast()))
            let event = try #require(JSONReader.value(of: json.output))
            let calls = event["threads"]?.elements?.flatMap { $0["calls"]?.elements ?? [] } ?? []
            let found = try #require(calls.first { $0["function"]?.text == "total" })
            #expect(found["locals"]?.elements?.last?["text"]?.text == "\"k-123\"")
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
            withExtendedLifetime(tool) {}
        }

        @Test("options that do not go together")
        func usage() async throws {
            #expect(try await Answer.of("stack", "4194304", "--locals", "--async").status == 2)
            #expect(try await Answer.of("stack", "4194304", "--no-redact").status == 2)
        }

        @Test("what one midflight tells another says the same")
        func wire() {
            var stacks = LocalStacks(version: "3.13")
            stacks.leftOut = 2
            var thread = LocalStacks.Thread(id: nil, name: "till")
            thread.cut = 3
            for unread in LocalStacks.Unread.allCases.map(Optional.some) + [nil] {
                var call = LocalStacks.Call(
                    frame: ThreadStack.Frame(function: "f", qualifiedName: "C.f", file: "/a.py", line: 3))
                call.unread = unread
                call.count = 9
                call.variables = [CallRecord.Value(expression: "a", type: "<class 'int'>", text: "1")]
                thread.calls.append(call)
            }
            stacks.threads = [thread]
            let answer = JSON.object([("answer", "locals")] + LocalsWire.members(stacks))
            #expect(LocalsWire.stacks(answer) == stacks)
        }

        @Test("what another midflight says instead of an answer is an event too")
        func refused() throws {
            let refusal = CallSource.Refusal(
                message: "midflight 7 takes no request", status: .alreadyControlled)
            let line = EventJSON.line(refusal, pid: 4, at: Timestamp.universal())
            try EventTests.validate(String(line.dropLast()))
            #expect(JSONReader.value(of: line)?["status"]?.integer == 8)
        }

        @Test("why nothing is shown stands in the line")
        func notes() {
            var stacks = LocalStacks(version: "3.10")
            var thread = LocalStacks.Thread(id: 7, name: "till")
            let frame = ThreadStack.Frame(function: "f", qualifiedName: "C.f", file: "/a.py", line: 3)
            for unread: LocalStacks.Unread in [.held, .comprehension] {
                var call = LocalStacks.Call(frame: frame)
                call.unread = unread
                thread.calls.append(call)
            }
            stacks.threads = [thread]
            let text = LocalsText(style: Style(isColored: false, isUnicode: true)).text(stacks, pid: 4)
            #expect(text.contains("  /a.py:3 C.f · not read: the program has its variables in a dict"))
            #expect(text.hasSuffix("  /a.py:3 C.f · not read: it is inside of a comprehension\n"))
        }
    }
}
