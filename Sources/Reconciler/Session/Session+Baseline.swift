import Reloader
import SourceDiff
import SystemPackage
import Watcher

extension Session {
    /// File time stamps and process start times are 10 ms apart at worst.
    private static let clockTolerance: Int64 = 20_000_000

    /// First-party source files among an inventory's modules.
    func loadedFiles(of inventory: Inventory) -> [FilePath: FileState] {
        let workingDirectory = FilePath(inventory.workingDirectory)
        var found: [FilePath: FileState] = [:]
        for file in ModuleFile.group(inventory.modules, workingDirectory: workingDirectory) {
            let spelled = workingDirectory.pushing(FilePath(file.spelling)).lexicallyNormalized()
            guard let known = [spelled, file.path].first(where: scope.contains) else { continue }
            found[file.path] = FileState(file: file, display: scope.display(known))
        }
        return found
    }

    /// Reads every watched file, and finds out which of them the process does not run.
    func takeBaseline() throws(SessionError) -> SessionEvent.Attached {
        let start = ProcessClock.realTime(startTime: target.identity.startTime)
        var doubtful: [FilePath] = []
        var drifted: [SessionEvent.Drift] = []
        for (path, state) in files {
            do throws(FileReadError) {
                let stable = try FileReader.read(path, limit: SourceReader.sizeLimit)
                files[path]?.baseline = FileState.Source(stable.bytes)
                // The kernel alone sets a file's ctime: one from before the process is what the process has read.
                if stable.identity.changed + Self.clockTolerance >= start { doubtful.append(path) }
            } catch {
                let message = SourceReader.failure(error, limit: SourceReader.sizeLimit).message
                drifted.append(SessionEvent.Drift(file: state.display, names: [], message: message))
            }
        }
        drifted += try compare(doubtful)
        // An editor may stand between truncating and writing: an empty file says nothing of what runs.
        for path in doubtful where files[path]?.baseline?.outline.map(Self.isEmpty) == true {
            files[path]?.baseline = nil
            let name = files[path]?.display ?? path.string
            if !drifted.contains(where: { $0.file == name }) {
                drifted.append(SessionEvent.Drift(file: name, names: [], message: "the file is empty"))
            }
        }
        return SessionEvent.Attached(
            pid: target.pid, program: connection.inventory.programName,
            python: connection.inventory.version.map(String.init).joined(separator: "."),
            modules: files.values.reduce(0) { $0 + $1.file.modules.count },
            leftOut: connection.inventory.modules.count
                - files.values.reduce(0) { $0 + $1.file.modules.count },
            files: files.count, equal: files.count - drifted.count,
            drifted: drifted.sorted { $0.file < $1.file }, roots: scope.roots.map(\.string),
            uptime: Int((ProcessClock.realTimeNow - start) / 1_000_000_000))
    }

    private static func isEmpty(_ outline: Outline) -> Bool {
        outline.definitions.isEmpty && outline.statements.isEmpty
    }

    /// Compares what `paths` compile to with the live code.
    func compare(_ paths: [FilePath]) throws(SessionError) -> [SessionEvent.Drift] {
        let baselines = paths.compactMap { path in
            files[path].flatMap { state in state.baseline.map { state.comparable(source: $0.bytes) } }
        }
        guard !baselines.isEmpty else { return [] }
        let prepared = try connection.askTwin { (twin) throws(TwinError) in try twin.compareRequest(baselines)
        }
        var drifted = prepared.problems.map { refusal in
            SessionEvent.Drift(
                file: display(ofCode: refusal.file), names: [],
                message: "line \(refusal.line): \(refusal.type): \(refusal.message)")
        }
        var names: [String: [String]] = [:]
        for comparison in try agent.compare(prepared.request) {
            let differing = comparison.differ.map(\.qualname)
            if !differing.isEmpty { names[comparison.path, default: []] += differing }
        }
        drifted += names.map { path, names in
            SessionEvent.Drift(file: display(ofCode: path), names: names, message: nil)
        }
        for path in paths where drifted.contains(where: { $0.file == files[path]?.display }) {
            files[path]?.baseline = nil
        }
        return drifted
    }

    /// What users see for a `co_filename`.
    func display(ofCode path: String) -> String {
        files.values.first { $0.file.codePath == path }?.display ?? path
    }
}

extension Inventory {
    /// The script and its arguments as the process knows them; at most 60 characters.
    var programName: String {
        let words = arguments.enumerated().map { index, word in
            index == 0 ? String(word.split(separator: "/").last ?? "python") : word
        }
        let text = words.joined(separator: " ")
        return text.count > 60 ? text.prefix(57) + "..." : (text.isEmpty ? "python" : text)
    }
}
