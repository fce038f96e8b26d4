package import Reloader
import SourceDiff
import SystemPackage

/// `reload MODULE [CLASS] METHOD`: one method of a loaded module gets the code that its file has now.
///
/// The reasons are PyFlightProfiler's, word for word; where it has none they begin with a reason id of ours.
package struct MethodReload {
    /// As in `sys.modules`.
    package var module: String
    /// May be dotted: `Outer.Inner`.
    package var className: String?
    /// May be dotted: `outer.<locals>.inner`.
    package var method: String
    /// How the change is applied.
    package var options = PatchOptions()

    /// Makes a reload of one function; nothing is looked up yet.
    package init(module: String, className: String?, method: String) {
        self.module = module
        self.className = className
        self.method = method
    }

    /// `Class.method`, or the function's name alone.
    private var qualname: String { className.map { "\($0).\(method)" } ?? method }

    /// As the profiler's messages name it.
    private var place: String {
        "\(method) in module \(module)" + (className.map { " class \($0)" } ?? "")
    }

    /// Patches the one function, whatever else of its file has changed. What is wrong is told in the outcome, in the
    /// profiler's words.
    package func run(in connection: Connection) throws(SessionError) -> ReloadOutcome {
        let inventory = connection.inventory
        guard let found = inventory.modules.first(where: { $0.name == module }) else {
            return ReloadOutcome(
                error: inventory.names.contains(module)
                    ? "Reload is not supported on builtin_function_or_method"
                    : "Unexpected error during reload: No module named '\(module)'")
        }
        let directory = FilePath(inventory.workingDirectory)
        guard
            let file = ModuleFile.group([found], workingDirectory: directory, paths: connection.paths)
                .first
        else {
            return ReloadOutcome(error: "Cannot read filepath of \(place)")
        }
        let state = FileState(file: file, display: found.file)
        let start = Monotonic.now
        guard let bytes = try? SourceReader.read(file.path) else {
            return try missing(
                in: connection, state, extracted: "Could not extract method source from file \(found.file)")
        }
        let scanStart = Monotonic.now
        let outline: Outline
        do throws(ScanError) { outline = try Outline(reading: bytes) } catch {
            return ReloadOutcome(
                error: try syntaxError(bytes, state, connection, otherwise: error), path: found.file)
        }
        // CPython binds the last of several definitions of a name.
        guard
            let definition = outline.definitions.last(where: { $0.qualname == qualname && $0.kind != .class })
        else {
            return try missing(
                in: connection, state, extracted: "Could not extract method source from file \(found.file)")
        }
        let scanEnd = Monotonic.now
        var outcome = try apply(definition, of: bytes, state, connection)
        outcome.timing?.read = scanStart - start
        outcome.timing?.scan = scanEnd - scanStart
        if outcome.error?.hasPrefix("Cannot locate") != true {
            outcome.path = found.file
            outcome.source = definition.sourceWithoutDecorators(in: outline)
        }
        return outcome
    }

    /// Compares the function with its live code first: only one that differs is patched.
    private func apply(
        _ definition: Definition, of bytes: [UInt8], _ state: FileState, _ connection: Connection
    ) throws(SessionError) -> ReloadOutcome {
        let baseline = state.comparable(source: bytes)
        let prepared = try connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest([baseline])
        }
        if let problem = prepared.problems.first { return ReloadOutcome(error: words(for: problem, state)) }
        let comparison = try connection.agent.compare(prepared.request)
        let outer = definition.qualname.split(separator: ".").prefix { $0 != "<locals>" }.joined(
            separator: ".")
        func has(_ places: [LiveComparison.Place]) -> Bool { places.contains { $0.qualname == outer } }
        if comparison.contains(where: { has($0.differ) }) {
            return try patch(definition, of: bytes, state, connection)
        }
        return ReloadOutcome(
            error: comparison.contains { has($0.missing) }
                ? "Cannot locate method \(place)" : "Method source has not changed")
    }

    /// Sends a plan of one change, for one function. What agent or twin refuse is the outcome's error.
    private func patch(
        _ definition: Definition, of bytes: [UInt8], _ state: FileState, _ connection: Connection
    ) throws(SessionError) -> ReloadOutcome {
        let lines = PlannedChange.Lines(first: definition.firstLine, second: definition.defLine)
        let change = PlannedChange(
            id: 0, operation: .function, qualname: definition.qualname, name: definition.name, old: lines,
            new: lines,
            aspects: ["body", "defaults", "unknown"])
        let edits = [state.edit(from: bytes, to: bytes, changes: [change])]
        let start = Monotonic.now
        let preparation = try connection.askTwin { (twin) throws(TwinError) in
            try twin.patchRequest(edits, options: options)
        }
        switch preparation {
        case .rejected(let problems):
            return ReloadOutcome(error: problems.first.map { words(for: $0, state) } ?? "Compilation failed")
        case .request(let request):
            let compiled = Monotonic.now
            let (reply, measured) = try Delivery.one(request, to: connection.agent, received: start)
            var timing = measured
            timing.compile = compiled - start
            if let rejected = reply.rejected ?? reply.failed.first?.cause {
                return ReloadOutcome(error: "\(rejected.reason): \(rejected.message)")
            }
            if reply.applied.isEmpty, let kept = reply.kept.first {
                return ReloadOutcome(error: "\(kept.reason): \(kept.message)")
            }
            var outcome = ReloadOutcome()
            outcome.timing = timing
            return outcome
        }
    }

    /// The method is not in the file: is it in the process?
    private func missing(
        in connection: Connection, _ state: FileState, extracted: String
    ) throws(SessionError) -> ReloadOutcome {
        let request = LiveComparison.request(
            state.comparable(source: []), qualname: qualname,
            name: String(method.split(separator: ".").last ?? ""))
        let isLive = try connection.agent.compare(request).contains { !$0.differ.isEmpty }
        return isLive
            ? ReloadOutcome(error: extracted, path: state.file.spelling)
            : ReloadOutcome(error: "Cannot locate method \(place)")
    }

    /// CPython's own words where its compiler refuses the file too, else our scanner's.
    private func syntaxError(
        _ bytes: [UInt8], _ state: FileState, _ connection: Connection, otherwise error: ScanError
    ) throws(SessionError) -> String {
        let baseline = state.comparable(source: bytes)
        let prepared = try connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest([baseline])
        }
        return prepared.problems.first.map { words(for: $0, state) }
            ?? "Could not get source code for function \(method), error: \(error.description) (line \(error.line))"
    }

    /// The profiler's sentence for a source that does not compile.
    private func words(for problem: CompilerTwin.Problem, _ state: FileState) -> String {
        "Could not get source code for function \(method), error: \(problem.message) "
            + "(\(state.display.split(separator: "/").last ?? ""), line \(problem.line))"
    }
}

extension Definition {
    /// Whole lines from `def` on, decorators left out, without the last line's end.
    fileprivate func sourceWithoutDecorators(in outline: Outline) -> String {
        let bytes = outline.bytes
        var start = signatureSpan.lowerBound
        while start > 0, bytes[start - 1] != 10, bytes[start - 1] != 13 { start -= 1 }
        return String(decoding: bytes[start..<span.upperBound], as: UTF8.self)
    }
}
