package import Reloader
import SourceDiff
import SystemPackage

extension CallWatch {
    /// What came of starting a watch in one process.
    package enum Start: Sendable, Hashable {
        /// `functions`: module and qualified name of each definition.
        case watching(functions: [String], failed: [Unwatched])
        /// Nothing was put into the process.
        case refused(WatchRefusal)
    }

    /// Puts the instrumented code of all functions in, in one step.
    package func start(in connection: Connection) throws(SessionError) -> Start {
        let loaded = try connection.agent.inventory()
        if let place = function.place { return try start(place, loaded, in: connection) }
        guard let (module, pattern) = function.resolved(among: loaded.modules.map(\.name)) else {
            return .refused(.noModule(function.module ?? function.method))
        }
        let directory = FilePath(loaded.workingDirectory)
        let files = ModuleFile.group(
            loaded.modules.filter { $0.name == module }, workingDirectory: directory, paths: connection.paths)
        guard let file = files.first, let bytes = try? SourceReader.read(file.path),
            let outline = try? Outline(reading: bytes)
        else { return .refused(.noFunction(function, module: module)) }
        let names = Self.names(of: outline, fitting: pattern, nested: function.nested)
        guard !names.isEmpty else { return .refused(.noFunction(function, module: module)) }
        guard names.count <= Self.mostFunctions else { return .refused(.tooMany(names.count)) }
        let state = FileState(file: file, display: file.spelling)
        let watched = CompilerTwin.WatchedFile(
            baseline: state.comparable(source: bytes), functions: names)
        return try start(watched, module: module, in: connection)
    }

    /// The twin finds the function or the statement of a line. Several loaded files may end like this one: the
    /// shortest path counts, then the first.
    private func start(
        _ place: FunctionName.Place, _ loaded: Inventory, in connection: Connection
    ) throws(SessionError) -> Start {
        let directory = FilePath(loaded.workingDirectory)
        let name = FilePath(place.file).lastComponent?.string ?? place.file
        let fitting = ModuleFile.group(
            loaded.modules.filter { $0.file.hasSuffix(name) }, workingDirectory: directory,
            paths: connection.paths
        ).filter { place.means($0.spelling) || place.means($0.path.string) }
        guard let file = fitting.min(by: { $0.spelling.utf8.count < $1.spelling.utf8.count }),
            let bytes = try? SourceReader.read(file.path)
        else { return .refused(.noFile(place.file)) }
        let state = FileState(file: file, display: file.spelling)
        let watched = CompilerTwin.WatchedFile(
            baseline: state.comparable(source: bytes), functions: [String(place.line)])
        return try start(watched, module: nil, in: connection)
    }

    /// Qualified names of functions and methods, each once, in the order of the source. A pattern may say itself where
    /// a nested function is: `outer.<locals>.inner`.
    private static func names(of outline: Outline, fitting pattern: String, nested: String?) -> [String] {
        let mark = ".<locals>."
        let outer = pattern.firstRange(of: mark).map { pattern[..<$0.lowerBound] } ?? pattern[...]
        let rest = pattern[outer.endIndex...] + (nested.map { mark + $0 } ?? "")
        var names: [String] = []
        for definition in outline.definitions
        where definition.kind != .class && FunctionName.fits(definition.qualname[...], outer) {
            let name = definition.qualname + rest
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Has the twin instrument the functions and the agent install them. Functions that cannot be watched are
    /// named in the answer, the others are watched.
    private func start(
        _ file: CompilerTwin.WatchedFile, module: String?, in connection: Connection
    ) throws(SessionError) -> Start {
        let probe = try connection.askTwin { (twin) throws(TwinError) in
            try twin.probe([file], ProbeFacts(watch: self))
        }
        switch probe {
        case .expression(let text, let reason, let message):
            return .refused(.expression(text: text, reason: reason, message: message))
        case .facts(let facts, let refused, let names):
            let request = ProbeStart.request(observer: try connection.observer(), facts: facts)
            let answer = try connection.agent.startProbe(request)
            let failed =
                refused.map { one in
                    let name = module.map { "\($0).\(one.name)" } ?? "\(file.baseline.path):\(one.name)"
                    return Unwatched(name: name, reason: one.reason)
                } + answer.failed
            guard answer.installed > 0 else { return .refused(.functions(failed)) }
            let out = Set(failed.map(\.name))
            return .watching(
                functions: names.filter { !out.contains($0) },
                failed: failed)
        }
    }

    /// What was recorded since the last time; renews the lease.
    package func drain(in connection: Connection) throws(SessionError) -> DrainAnswer {
        try ask("drain", in: connection)
    }

    /// Puts the first code back.
    package func stop(in connection: Connection) throws(SessionError) -> DrainAnswer {
        try ask("unprobe", in: connection)
    }

    /// Both verbs give what was recorded; only the second ends the watch.
    private func ask(_ verb: String, in connection: Connection) throws(SessionError) -> DrainAnswer {
        let observer = try connection.observer()
        return try connection.agent.drain(DrainAnswer.request(verb, identifier, observer: observer))
    }
}

extension ProbeFacts {
    /// What the recorder in the process has to know of the watch.
    init(watch: CallWatch) {
        self.init(identifier: watch.identifier)
        filter = watch.filter
        expressions = watch.expressions
        onlyErrors = watch.onlyErrors
        before = watch.before
        callers = watch.callers
        limit = watch.limit
        budget = watch.budget
        depth = watch.depth
        isVerbose = watch.isVerbose
        redacts = watch.redacts
        isRaw = watch.isRaw
        allowsCalls = watch.allowsCalls
        trace = watch.trace
        counts = watch.recording == .time
    }
}
