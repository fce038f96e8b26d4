import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Every scenario of docs/what-reloads.md")
    struct ScenarioTests {
        private static let scenesOfOneProcess = 12

        /// Three interpreters at a time: much of a save is waiting.
        @Test("does through the whole product what the page says")
        func scenarios() async throws {
            try #require(!Interpreter.all.isEmpty)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, interpreter) in Interpreter.all.enumerated() {
                    if index > 2 { try await group.next() }
                    group.addTask { try await playAll(on: interpreter) }
                }
                try await group.waitForAll()
            }
        }

        private func playAll(on interpreter: Interpreter) async throws {
            let scenarios = try Scenario.all().filter { $0.runs(on: interpreter) }
            for options in [[], ["strict"], ["force"], ["keep-caches"]] {
                try await play(scenarios.filter { $0.options == options }, interpreter, options: options)
            }
        }

        /// They share many names: each save looks at all files of its process that use one, and one scenario may be found
        /// by the words of another. With all libraries in one process the heap is too large for some looks.
        private func play(
            _ scenarios: [Scenario], _ interpreter: Interpreter, options: [String] = []
        ) async throws {
            for start in stride(from: 0, to: scenarios.count, by: Self.scenesOfOneProcess) {
                let scenes = scenarios[start...].prefix(Self.scenesOfOneProcess)
                try await playTogether(Array(scenes), interpreter, options)
            }
        }

        @Test("holds for the programs of common frameworks, asked by a client")
        func frameworks() async throws {
            let packages = [
                "flask", "fastapi", "uvicorn", "httpx", "django", "sqlalchemy", "click", "attrs",
                "typeguard", "litestar", "falcon", "celery", "aiohttp", "cachetools", "pluggy",
                "strawberry-graphql",
            ]
            let environment = try VirtualEnvironment("frameworks", packages: packages)
            let version = try ProgramOutput.of(
                environment.python, "-c", "import platform; print(platform.python_version(), end='')")
            try await play(
                Scenario.all(in: Scenario.frameworks), Interpreter(path: environment.python, version: version)
            )
        }

        private func playTogether(
            _ scenarios: [Scenario], _ interpreter: Interpreter, _ options: [String]
        ) async throws {
            let stage = try await Stage(interpreter)
            let scenes = scenarios.enumerated().map { Scene($0.element, $0.offset, stage) }
            for scene in scenes { try scene.prepare() }
            let tool = try Midflight.start(
                "attach", String(stage.program.pid), stage.tree.root.path, "--json",
                flags: options.map { "--" + $0 })
            _ = try await tool.output.line("ready") {
                $0.contains(#""event":"ready""#)
            }
            for scene in scenes { try await scene.play(tool) }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
            #expect(stage.program.isRunning)
        }
    }
}

/// A scenario's files as a package of the stage.
struct Scene {
    let scenario: Scenario
    let stage: Stage
    let package: String
    private var title: String { "\(stage.interpreter): \(scenario.title)" }

    init(_ scenario: Scenario, _ number: Int, _ stage: Stage) {
        self.scenario = scenario
        self.stage = stage
        package = "scene\(number)"
    }

    func prepare() throws {
        for (index, file) in scenario.files.enumerated() {
            try stage.tree.write(scenario.source(of: index, version: 1), to: "\(package)/\(file.name)")
        }
        let modules = scenario.modules.map(literal).joined(separator: ", ")
        let lines = scenario.preparation.map(literal).joined(separator: ", ")
        let answer = try stage.ask("prepare(\(literal(package + ".")), [\(modules)], [\(lines)])")
        #expect(answer == "None", "\(title)")
    }

    func play(_ tool: Program) async throws {
        expect(version: 1)
        for save in 1...scenario.saves {
            let (told, names) = try await reasons(of: save, tool)
            expect(version: save + 1)
            #expect(told.sorted() == scenario.reasons(after: save).sorted(), "\(title): \(names)")
            if told.first == "rejected" { try await takeBack(tool) }
        }
    }

    private func expect(version: Int) {
        for question in scenario.questions {
            let answer = try? stage.ask("see(\(literal(package + ".")), \(literal(question[0])))")
            #expect(answer == question[version], "\(title): \(question[0])")
        }
    }

    /// Writes the files that differ; what the tool says of them until all are told of and nothing is rejected, with what
    /// its notes are about.
    private func reasons(of save: Int, _ tool: Program) async throws -> (reasons: [String], names: [String]) {
        let changed = scenario.files.indices.filter {
            scenario.source(of: $0, version: save) != scenario.source(of: $0, version: save + 1)
        }
        let isRefused = scenario.reasons(after: save).first == "rejected"
        return try await events(
            of: changed, version: save + 1, tool,
            accepting: { $0.event == (isRefused ? "rejected" : "reload") || $0.event == "change" })
    }

    private func takeBack(_ tool: Program) async throws {
        _ = try await events(
            of: Array(scenario.files.indices), version: 1, tool, accepting: { $0.event != "rejected" })
    }

    private func events(
        of files: [Int], version: Int, _ tool: Program, accepting accepts: (Event) -> Bool
    ) async throws -> (reasons: [String], names: [String]) {
        let seen = tool.output.lines.count
        for index in files {
            try stage.tree.write(
                scenario.source(of: index, version: version), to: "\(package)/\(scenario.files[index].name)")
        }
        let names = Set(files.map { "\(package)/\(scenario.files[$0].name)" })
        var events: [Event] = []
        try await eventually(
            "the events of \(title)", seen: { tool.output.text.suffix(2000).description }
        ) {
            events = try tool.output.lines.dropFirst(seen).map(Event.init(parsing:))
            let told = events.filter(accepts)
            return names.isSubset(of: told.flatMap { $0.files ?? [] })
        }
        if let refusal = events.last, refusal.event == "rejected" {
            return (["rejected", refusal.reason ?? ""], [])
        }
        let reasons = events.flatMap { ($0.kept ?? []).map(\.reason) + ($0.notes ?? []).map(\.reason) }
        return (reasons, events.flatMap { ($0.notes ?? []).map { "\($0.name ?? ""): \($0.message ?? "")" } })
    }
}
