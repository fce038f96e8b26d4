import SystemPackage
import TestSupport
import Testing

@testable import Reloader

@Suite("Where frames lie is tried on a child that says itself what its stack is")
struct LayoutTests {
    private func launch(_ interpreter: Interpreter) -> TwinLaunch {
        TwinLaunch(executable: FilePath(interpreter.path), name: interpreter.path)
    }

    private func layout(_ interpreter: Interpreter) throws -> FrameLayout {
        let process = try Program([interpreter.path, "-S", "-c", "import time\ntime.sleep(60)"])
        var image: InterpreterImage?
        for _ in 0..<500 where image == nil {
            // Until its program is loaded there is nothing to be found.
            image = try? InterpreterImage(pid: process.pid)
            if image == nil { Monotonic.nap(microseconds: 10_000) }
        }
        return try #require(image).layout
    }

    @Test("every frame of every version is found: file, name and line", arguments: Interpreter.all)
    func rows(interpreter: Interpreter) throws {
        let comparison = try LayoutCheck.compare(launch(interpreter), layout(interpreter))
        #expect(comparison.read == comparison.told)
        let names = comparison.told.map(\.function)
        #expect(names == ["steps", "größe", "serve", "<module>", "<module>"])
        #expect(comparison.told.map(\.file).suffix(1) == ["<string>"])
    }

    @Test("another layout is noticed", arguments: Interpreter.ends)
    func wrong(interpreter: Interpreter) throws {
        var layout = try layout(interpreter)
        layout.code.name = layout.code.fileName
        let names = try LayoutCheck.compare(launch(interpreter), layout)
        #expect(names.read != names.told)
        layout = try self.layout(interpreter)
        layout.frame.instruction += 8
        let lines = try LayoutCheck.compare(launch(interpreter), layout)
        #expect(lines.read != lines.told)
    }
}
