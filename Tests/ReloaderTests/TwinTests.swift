import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Reloader

@Suite("The compiler twin")
struct TwinTests {
    static let python =
        ["/usr/bin/python3", "/usr/local/bin/python3"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        ?? "python3"

    private func twin() throws -> CompilerTwin {
        try CompilerTwin(TwinLaunch(executable: FilePath(Self.python), name: Self.python))
    }

    @Test("every Python file is in the lists, the agent's by family; its first and last are in their places")
    func programs() throws {
        let resources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Reloader/Resources")
        func files(_ folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: resources.appending(path: folder).path)
                .filter { $0.hasSuffix(".py") }.sorted().map { folder + "/" + $0 }
        }
        func content(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: resources.appending(path: name)))
        }
        func length(_ names: [String]) throws -> Int {
            try names.map { try content($0).count + 1 }.reduce(-1, +)
        }
        let agent = try files("agent")
        for name in agent {
            #expect(
                ["base_", "live_", "patch_", "adapt_", "observe_"].contains { name.hasPrefix("agent/" + $0) })
            #expect(try AgentProgram.agent.bytes.firstRange(of: content(name)) != nil)
        }
        #expect(try AgentProgram.agent.bytes.count == length(agent))
        #expect(try AgentProgram.agent.bytes.starts(with: content("agent/base_channel.py")))
        #expect(
            try AgentProgram.agent.bytes.reversed().starts(with: content("agent/base_wake.py").reversed()))
        let lookup = try files("lookup") + ["channel", "facts", "objects"].map { "agent/base_\($0).py" }
        for name in lookup { #expect(try AgentProgram.lookup.bytes.firstRange(of: content(name)) != nil) }
        let shared = ["facts", "class_lines", "code", "memory"].map { "agent/base_\($0).py" }
        let twin = try files("twin") + shared
        for name in twin { #expect(try AgentProgram.twin.bytes.firstRange(of: content(name)) != nil) }
        #expect(try AgentProgram.twin.bytes.count == length(twin))
        let observer = try files("observer")
        for name in observer {
            #expect(name.hasPrefix("observer/observe_"))
            #expect(try AgentProgram.observer.bytes.firstRange(of: content(name)) != nil)
        }
        #expect(try AgentProgram.observer.bytes.count == length(observer))
    }

    @Test("an interpreter that does not read yet holds nobody up")
    func slowReader() throws {
        let folder = try TemporaryTree()
        try folder.write("#!/bin/sh\nexec sleep 30\n", to: "python")
        let path = folder.file("python").path
        #expect(chmod(path, 0o700) == 0)
        let facts = CompilerTwin.Facts(
            version: [3, 8, 0], hexVersion: 0x0308_00f0, implementation: "cpython", magic: [],
            isFreeThreaded: false)
        // As large as the twin's program is when CPython 3.11 has compiled it, and half as much again.
        let known = CompiledPrograms(
            facts: facts, agent: [1], lookup: [1], twin: Array(repeating: 0, count: 300_000))
        let start = ContinuousClock.now
        _ = try TwinProcess(TwinLaunch(executable: FilePath(path), name: path), known: known)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("a program of another version has another name on disk, wherever they differ")
    func fingerprint() {
        let text = Array("one file's text, of some length".utf8)
        var names: Set<String> = [CompiledPrograms.fingerprint(of: [text, []])]
        for index in text.indices {
            for bit in [UInt8(1), 0x80] {
                var other = text
                other[index] ^= bit
                names.insert(CompiledPrograms.fingerprint(of: [other, []]))
            }
        }
        names.insert(CompiledPrograms.fingerprint(of: [Array(text.dropLast()), Array(text.suffix(1))]))
        #expect(names.count == 2 * text.count + 2)
        // Two changes in the highest bytes of two words do not undo each other.
        var pair = text
        pair[7] ^= 0x80
        pair[15] ^= 0x80
        #expect(names.insert(CompiledPrograms.fingerprint(of: [pair, []])).inserted)
    }

    @Test("it says what it is, and compiles the agent")
    func hello() throws {
        let twin = try twin()
        #expect(twin.facts.implementation == "cpython")
        #expect(twin.facts.version.count == 3)
        #expect(twin.facts.hexVersion >> 24 == 3)
        #expect(twin.programs.agent.count > 5000)
        #expect((2000..<twin.programs.agent.count / 4).contains(twin.programs.lookup.count))
    }

    @Test("a source that does not compile is placed, and the next one compiles")
    func problems() throws {
        let twin = try twin()
        func edit(_ new: String) -> FileEdit {
            FileEdit(path: "/x.py", paths: [], modules: [], old: [], new: Array(new.utf8), changes: [])
        }
        guard case .rejected(let problems) = try twin.patchRequest([edit("x = 1\ndef f(:\n    pass\n")])
        else {
            Issue.record("it compiled")
            return
        }
        #expect(problems.map(\.reason) == ["syntax"])
        #expect(problems.first?.line == 2)
        #expect(problems.first?.column == 7)
        #expect(problems.first?.text == "def f(:")
        guard case .request(let request) = try twin.patchRequest([edit("x = 1\n")]) else {
            Issue.record("it did not compile")
            return
        }
        #expect(!request.isEmpty)
    }

    @Test("a file is compared by a request for the agent; one that does not compile is named")
    func comparison() throws {
        let twin = try twin()
        let files = [("/a.py", "def f(): pass\n"), ("/b.py", "def\n")].map { path, source in
            CompilerTwin.Baseline(path: path, paths: [path], modules: ["m"], source: Array(source.utf8))
        }
        let (request, problems) = try twin.compareRequest(files)
        #expect(!request.isEmpty)
        #expect(problems.map(\.file) == ["/b.py"])
    }

    @Test("a request in parts gives what it gives as one; files of every part that do not compile are named")
    func parts() throws {
        let twin = try twin()
        let long = String(repeating: "# a line that only makes the file long\n", count: 6000)
        func edit(_ name: String, _ body: String) -> FileEdit {
            let lines = PlannedChange.Lines(first: 1, second: 1)
            let change = PlannedChange(
                id: 0, operation: .function, qualname: "f", name: "f", old: lines, new: lines,
                aspects: ["body"])
            return FileEdit(
                path: name, paths: [name], modules: ["m"], old: Array("def f(): return 1\n\(long)".utf8),
                new: Array("def f(): \(body)\n\(long)".utf8), changes: [change])
        }
        let names = ["/a.py", "/b.py", "/c.py"]
        let parts = CompilerTwin.Part.list(of: names, size: CompilerTwin.partSize) { _ in long.utf8.count }
        #expect(parts.map(\.files) == [["/a.py"], ["/b.py"], ["/c.py"]])
        let whole = CompilerTwin.Part(files: names.map { edit($0, "return 2") }, isFirst: true, isLast: true)
        guard case .prepared(.request(let one)) = try twin.patch(whole, PatchOptions(), whole: true),
            case .request(let joined) = try twin.patchRequest(names.map { edit($0, "return 2") })
        else {
            Issue.record("it did not compile")
            return
        }
        for name in names {
            #expect(one.firstRange(of: name.utf8) != nil && joined.firstRange(of: name.utf8) != nil)
        }
        let broken = [edit("/a.py", "return ("), edit("/b.py", "return 3"), edit("/c.py", "return )")]
        guard case .rejected(let problems) = try twin.patchRequest(broken) else {
            Issue.record("it compiled")
            return
        }
        #expect(problems.map(\.file) == ["/a.py", "/c.py"])
        guard case .request(let again) = try twin.patchRequest([edit("/a.py", "return 4")]) else {
            Issue.record("what was rejected is still there")
            return
        }
        #expect(again.count < joined.count)
    }

    @Test("a part ends with the file that fills it; there is one without files")
    func partSizes() {
        func sizes(_ weights: [Int]) -> [[Int]] {
            CompilerTwin.Part.list(of: weights, size: 10) { $0 }.map(\.files)
        }
        #expect(sizes([]) == [[]])
        #expect(sizes([4, 4, 4, 4]) == [[4, 4, 4], [4]])
        #expect(sizes([100, 1, 9, 1]) == [[100], [1, 9], [1]])
        let parts = CompilerTwin.Part.list(of: [10, 10], size: 10) { $0 }
        #expect(parts.map(\.isFirst) == [true, false] && parts.map(\.isLast) == [false, true])
    }

    @Test("a program that is no interpreter, or is not there, is an error")
    func wrongPrograms() {
        #expect(throws: TwinError.cannotStart(.noSuchFileOrDirectory)) {
            _ = try CompilerTwin(TwinLaunch(executable: "/nonexistent/python3", name: "python3"))
        }
        #expect(throws: TwinError.died) {
            _ = try CompilerTwin(TwinLaunch(executable: "/bin/true", name: "python3"))
        }
        #expect(throws: TwinError.self) { _ = try TwinLaunch(pid: getpid()) }
    }

    @Test(
        "interpreters are known by name",
        arguments: [
            ("/usr/bin/python3", true), ("/opt/python3.13t", true), ("python", true),
            ("/usr/bin/python3.11d", true),
            ("/usr/bin/uwsgi", false), ("/usr/bin/pythonista", false), ("/usr/bin/python3-config", false),
            ("", false),
        ])
    func names(path: String, expected: Bool) { #expect(TwinLaunch.isInterpreter(path) == expected) }
}
