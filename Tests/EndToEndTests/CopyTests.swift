import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Copies of a file")
    struct CopyTests {
        private static func source(_ value: Int) -> String {
            """
            import signal
            def value():
                return \(value)
            def __on_reload__(event):
                print("reloaded", __name__, value())
            copies = []
            def load(*arguments):
                text = open(__file__).read().split("import " + "select")[0]
                space = {"__name__": "copy", "__file__": __file__}
                exec(compile(text, __file__, "exec"), space)
                copies.append(space)
                print("loaded", space["value"]())
            if __name__ == "__main__":
                signal.signal(signal.SIGUSR1, load)
            """
        }

        @Test("one that was made after midflight has attached follows when nobody waits, then with the file")
        func late() async throws {
            let script = try await Script(.usual, Self.source(1))
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            script.program.send(SIGUSR1)
            _ = try await script.program.output.line("the copy") { $0 == "loaded 1" }
            for value in 2...3 {
                try script.save(Self.source(value))
                for name in ["__main__", "copy"] {
                    let line = "reloaded \(name) \(value)"
                    _ = try await script.program.output.line(line, within: .seconds(20)) { $0 == line }
                }
            }
            #expect(!tool.errors.text.contains("other-copy"))
        }

        @Test("one whose code names the file by a path from the working directory follows with the file")
        func relative() async throws {
            let source = { (value: Int) in
                """
                import os, sys
                def value():
                    return \(value)
                def __on_reload__(event):
                    print("reloaded", __name__, value())
                if __name__ == "__main__":
                    os.chdir(os.path.dirname(os.path.abspath(__file__)))
                    name = os.path.basename(__file__)
                    space = {"__name__": "copy"}
                    exec(compile(open(name).read(), name, "exec"), space)
                """
            }
            let script = try await Script(.usual, source(1))
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            try script.save(source(2))
            for name in ["__main__", "copy"] {
                let line = "reloaded \(name) 2"
                _ = try await script.program.output.line(line, within: .seconds(20)) { $0 == line }
            }
            #expect(!tool.errors.text.contains("other-copy"))
        }

        @Test("one that was made just before follows when midflight is told to end")
        func atTheEnd() async throws {
            let script = try await Script(.usual, Self.source(1))
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            script.program.send(SIGUSR1)
            _ = try await script.program.output.line("the copy") { $0 == "loaded 1" }
            try script.save(Self.source(2))
            // Attaching may have told of values that were compared.
            _ = try await tool.errors.line("the save") { $0.contains("✓") && $0.contains("value") }
            tool.send(SIGINT)
            _ = try await script.program.output.line("the copy's save") { $0 == "reloaded copy 2" }
            #expect(try await tool.status(within: .seconds(20)) == 0)
        }
    }
}
