import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The conversation with the agent")
    struct ConversationTests {
        /// Its hook closes the agent's pipes the second time it is called: the patch is in, and cannot be answered.
        private static func source(_ value: Int) -> String {
            """
            import os, stat
            calls = []
            def value():
                return \(value)
            def __on_reload__(event):
                calls.append(value())
                print("reloaded", len(calls), calls[-1])
                for number in range(3, 64) if len(calls) == 2 else ():
                    try:
                        mode = os.fstat(number).st_mode
                        if stat.S_ISFIFO(mode) and mode & 0o7777 == 0o5600:
                            os.close(number)
                    except OSError:
                        pass
            """
        }

        @Test("a patch whose answer is lost does not run a second time, and the next save is live")
        func once() async throws {
            let script = try await Script(.usual, Self.source(1))
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            for number in 2...4 {
                try script.save(Self.source(number))
                let line = "reloaded \(number - 1) \(number)"
                _ = try await script.program.output.line(line) { $0 == line }
                if number == 3 {
                    _ = try await tool.errors.line("the lost answer") { $0.contains("closed the connection") }
                }
            }
            let lines = script.program.output.lines
            #expect(lines == ["ready", "reloaded 1 2", "reloaded 2 3", "reloaded 3 4"])
        }

        @Test("what a process says reaches the terminal without its control characters")
        func controlCharacters() async throws {
            func source(_ value: Int) -> String {
                """
                def value():
                    return \(value)
                def __on_reload__(event):
                    raise ValueError("\\x1b]0;title\\x07\\x1b[2J\\u202e")
                """
            }
            let script = try await Script(.usual, source(1))
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            try script.save(source(2))
            let line = try await tool.errors.line("the hook's failure") { $0.contains("ValueError") }
            #expect(line.contains(#"\u{1b}]0;title\u{7}\u{1b}[2J\u{202e}"#), "\(line)")
            #expect(!tool.errors.text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
        }
    }
}
