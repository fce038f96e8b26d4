/// What the twin compiles for looking into a process.
extension CompilerTwin {
    /// A checked expression: its code, or why it cannot be evaluated.
    package enum Expression: Sendable, Hashable {
        /// A marshalled code object, for the agent.
        case code([UInt8])
        /// `reason`: `expression-refused` or `expression-failed`.
        case refused(reason: String, message: String)
    }

    /// The observer's program, compiled for this interpreter.
    package func observerProgram() throws(TwinError) -> [UInt8] {
        let answer = try ask(.tuple(["program", .bytes(AgentProgram.observer.bytes)]), named: "program")
        guard answer.count == 2, let code = answer[1].data else { throw .wrongAnswer(.unexpected("program")) }
        return code
    }

    /// One file's functions to watch, by qualified name.
    package struct WatchedFile: Sendable {
        /// The file as the process runs it.
        package var baseline: Baseline
        /// Qualified names, or numbers of lines.
        package var functions: [String]

        /// Makes the entry of one file.
        package init(baseline: Baseline, functions: [String]) {
            self.baseline = baseline
            self.functions = functions
        }
    }

    /// What the twin made of a probe.
    package enum Probe: Sendable {
        /// With the functions' instrumented code, opaque; which functions cannot be watched, and the names of the others,
        /// with their modules'.
        case facts([UInt8], refused: [Unwatched], names: [String])
        /// `reason`: `expression-refused` or `expression-failed`.
        case expression(text: String, reason: String, message: String)
    }

    /// What the agent needs to know of a new probe.
    package func probe(_ files: [WatchedFile], _ facts: ProbeFacts) throws(TwinError) -> Probe {
        let list = files.map { file in
            [
                "path": .string(file.baseline.path), "paths": .strings(file.baseline.paths),
                "modules": .strings(file.baseline.modules), "source": .bytes(file.baseline.source),
                "functions": .strings(file.functions),
            ] as MarshalValue
        }
        let answer = try ask(.tuple(["probe", .list(list), facts.message]), named: nil)
        if answer.first == "refused", answer.count == 4 {
            return .expression(
                text: answer[3].text ?? "", reason: answer[1].text ?? "", message: answer[2].text ?? "")
        }
        guard answer.first == "probe", answer.count == 4, let content = answer[1].data else {
            throw .wrongAnswer(.unexpected("probe"))
        }
        let refused = (answer[2].items ?? []).compactMap { pair -> Unwatched? in
            guard let parts = pair.items, parts.count == 2, let name = parts[0].text,
                let reason = parts[1].text
            else { return nil }
            return Unwatched(name: name, reason: reason)
        }
        return .facts(content, refused: refused, names: (answer[3].items ?? []).compactMap(\.text))
    }

    /// Without `allowsCalls` the code runs nothing of the program; `names` are those that the expression may use then.
    package func expression(_ text: String, names: [String], allowsCalls: Bool) throws(TwinError)
        -> Expression
    {
        let facts: MarshalValue = [
            "text": .string(text), "names": .strings(names), "allow_calls": .bool(allowsCalls),
        ]
        let answer = try ask(.tuple(["expression", facts]), named: nil)
        if answer.first == "expression", answer.count == 2, let code = answer[1].data { return .code(code) }
        guard answer.first == "refused", answer.count == 4, let reason = answer[1].text,
            let message = answer[2].text
        else { throw .wrongAnswer(.unexpected("expression")) }
        return .refused(reason: reason, message: message)
    }
}
