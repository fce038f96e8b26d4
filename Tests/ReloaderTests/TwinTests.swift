import Foundation
import SystemPackage
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
            #expect(try AgentProgram.agent.firstRange(of: content(name)) != nil)
        }
        #expect(try AgentProgram.agent.count == length(agent))
        #expect(try AgentProgram.agent.starts(with: content("agent/base_channel.py")))
        #expect(try AgentProgram.agent.reversed().starts(with: content("agent/base_wake.py").reversed()))
        let shared = ["facts", "class_lines", "code", "memory"].map { "agent/base_\($0).py" }
        let twin = try files("twin") + shared
        for name in twin { #expect(try AgentProgram.twin.firstRange(of: content(name)) != nil) }
        #expect(try AgentProgram.twin.count == length(twin))
        let observer = try files("observer")
        for name in observer {
            #expect(name.hasPrefix("observer/observe_"))
            #expect(try AgentProgram.observer.firstRange(of: content(name)) != nil)
        }
        #expect(try AgentProgram.observer.count == length(observer))
    }

    @Test("it says what it is, and compiles the agent")
    func hello() throws {
        let twin = try twin()
        #expect(twin.facts.implementation == "cpython")
        #expect(twin.facts.version.count == 3)
        #expect(twin.facts.hexVersion >> 24 == 3)
        #expect(twin.programs.agent.count > 5000)
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
