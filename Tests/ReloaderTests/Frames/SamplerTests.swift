import Glibc
import TestSupport
import Testing

@testable import Reloader

@Suite("A process is looked at again and again from outside")
struct SamplerTests {
    private func image(of process: Program) throws -> InterpreterImage {
        var image: InterpreterImage?
        for _ in 0..<500 where image == nil {
            // Until its program is loaded there is nothing to be found.
            image = try? InterpreterImage(pid: process.pid)
            if image == nil { Monotonic.nap(microseconds: 10_000) }
        }
        return try #require(image)
    }

    @Test(
        "a thread that calls all the time is read in most looks, and its callers have met",
        arguments: Interpreter.all)
    func busy(interpreter: Interpreter) throws {
        // Both families call the same function, by frames that are used again and again.
        let source = """
            def shared(f, n): return f(n - 1)
            def left(n): return shared(left, n) if n else sum([1] * 500)
            def right(n): return shared(right, n) if n else sum([1] * 500)
            while True:
                left(6)
                right(5)
            """
        let process = try Program([interpreter.path, "-S", "-c", source])
        let sampler = ThreadSampler(pid: process.pid, image: try image(of: process), choice: .all)
        var (whole, torn, mixed) = (0, 0, 0)
        for _ in 0..<1500 where whole < 500 {
            Monotonic.nap(microseconds: 500)
            for sample in sampler.look()?.samples ?? [] {
                if sample.isTorn {
                    torn += 1
                    continue
                }
                let names = sample.frames.map { sampler.name($0).name }
                // It may not have come to its program yet.
                guard let family = names.first(where: { ["left", "right"].contains($0) }) else { continue }
                whole += 1
                let calls = names.drop { $0 != family }.enumerated()
                let isWhole =
                    names.first == "<module>"
                    && calls.allSatisfy { $0 % 2 == 0 ? $1 == family : $1 == "shared" }
                if !isWhole { mixed += 1 }
            }
        }
        #expect(whole >= 500 && torn < whole, "\(whole), \(torn) torn")
        #expect(mixed <= whole / 200)
    }

    @Test("who sleeps and who computes is told at every moment")
    func running() throws {
        let source = """
            import time
            while True:
                time.sleep(0.05)
                end = time.monotonic() + 0.05
                while time.monotonic() < end: pass
            """
        let process = try Program([try Interpreter.usual.path, "-S", "-c", source])
        let threads = RunningThreads(pid: process.pid, procFS: ProcFS())
        var (running, differing) = (0, 0)
        for _ in 0..<400 {
            Monotonic.nap(microseconds: 1000)
            let known = threads.isRunning(process.pid)
            // One that has no memory of it.
            let asked = RunningThreads(pid: process.pid, procFS: ProcFS()).isRunning(process.pid)
            if known == true { running += 1 }
            if known != asked { differing += 1 }
        }
        #expect((40...360).contains(running) && differing < 40, "\(running) running, \(differing) differ")
        kill(process.pid, SIGKILL)
        for _ in 0..<500 where process.isRunning { Monotonic.nap(microseconds: 10_000) }
        #expect(threads.isRunning(process.pid) == nil)
    }
}
