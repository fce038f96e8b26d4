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

    @Test("no field may lie outside of what is read", arguments: Interpreter.ends)
    func unsound(interpreter: Interpreter) throws {
        let layout = try layout(interpreter)
        #expect(layout.isSound)
        let lies: [(inout FrameLayout) -> Void] = [
            { $0.frame.code = 1 << 40 }, { $0.frame.previous = UInt64($0.frame.size) - 7 },
            { $0.frame.owner = 4096 }, { $0.frame.size = 0 }, { $0.code.name = .max },
            { $0.code.firstLine = 4095 }, { $0.thread.next = .max }, { $0.runtime.threads = 1 << 40 },
        ]
        for (index, lie) in lies.enumerated() {
            var changed = layout
            lie(&changed)
            #expect(!changed.isSound, "\(index)")
        }
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
