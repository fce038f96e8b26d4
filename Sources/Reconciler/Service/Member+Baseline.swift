import Reloader
import SourceDiff
import SystemPackage
import Watcher

extension Member {
    /// File time stamps and process start times are 10 ms apart at worst.
    private static let clockTolerance: Int64 = 20_000_000

    /// Reads every file of the process, and finds out which of them it does not run.
    ///
    /// `kin`: the member that it comes from, for a process that joins later: it may run what that member ran when it
    /// forked, or what was saved meanwhile. Which of these is found by comparing with its live code.
    /// `paths`: only these files, which it has loaded since.
    @discardableResult
    func takeBaseline(
        _ shelf: inout SourceShelf, in scope: FirstParty, kin: Member? = nil, of paths: [FilePath]? = nil
    ) throws(SessionError) -> SessionEvent.Attached {
        let start = ProcessClock.realTime(startTime: target.identity.startTime)
        var candidates: [FilePath: [FileState.Source]] = [:]
        var drifted: [SessionEvent.Drift] = []
        for path in paths ?? Array(files.keys) {
            guard let state = files[path] else { continue }
            do throws(FileReadError) {
                let stable = try FileReader.read(path, limit: SourceReader.sizeLimit)
                let earlier = shelf.versions(of: path)
                let saved = shelf.place(stable.bytes, of: path)
                files[path]?.baseline = saved
                // The kernel alone sets a file's ctime: one from before the process is what the process has read.
                let isOld = !state.file.isCopy && stable.identity.changed + Self.clockTolerance < start
                let inherited = [kin?.files[path]?.baseline].compactMap { $0 }
                let known = isFork(of: kin) ? inherited + [saved] + earlier : [saved] + inherited + earlier
                if isOld, kin == nil || known.allSatisfy({ $0.bytes == saved.bytes }) { continue }
                candidates[path] = kin == nil ? [saved] : Self.distinct(known)
            } catch {
                let message = SourceReader.failure(error, limit: SourceReader.sizeLimit).message
                drifted.append(SessionEvent.Drift(file: state.display, names: [], message: message))
            }
        }
        drifted += try identify(candidates)
        // An editor may stand between truncating and writing: an empty file says nothing of what runs.
        for path in candidates.keys where files[path]?.baseline?.outline.map(Self.isEmpty) == true {
            files[path]?.baseline = nil
            let name = files[path]?.display ?? path.string
            if !drifted.contains(where: { $0.file == name }) {
                drifted.append(SessionEvent.Drift(file: name, names: [], message: "the file is empty"))
            }
        }
        return attached(drifted, in: scope, started: start)
    }

    /// Executing a program, even the same one again, would have moved its stack and its text.
    func isFork(of kin: Member?) -> Bool {
        guard let kin = kin?.target.identity else { return false }
        return kin.startCode == target.identity.startCode && kin.startStack == target.identity.startStack
    }

    /// For files that the process has loaded since it joined: what was saved before the present content, then that, then
    /// what is older. Where nothing is known of a file's past it has no baseline.
    func identifyLate(
        _ paths: [FilePath], _ shelf: SourceShelf, _ saved: inout SavedFiles
    ) throws(SessionError) {
        var candidates: [FilePath: [FileState.Source]] = [:]
        for path in paths {
            let present = saved.bytes(of: path)
            let known = shelf.versions(of: path)
            let past = known.filter { $0.bytes != present }
            guard let newest = past.first else { continue }
            candidates[path] = [newest] + known.filter { $0.bytes == present } + past.dropFirst()
        }
        _ = try identify(candidates)
    }

    private static func distinct(_ sources: [FileState.Source]) -> [FileState.Source] {
        sources.reduce(into: []) { kept, source in
            if !kept.contains(where: { $0.bytes == source.bytes }) { kept.append(source) }
        }
    }

    /// Tries each file's candidates in turn, all files at once. What matches none has no baseline; the differences to its
    /// first candidate are returned.
    private func identify(_ candidates: [FilePath: [FileState.Source]]) throws(SessionError)
        -> [SessionEvent.Drift]
    {
        var open = candidates
        var first: [SessionEvent.Drift] = []
        var round = 0
        while !open.isEmpty {
            for (path, sources) in open { files[path]?.baseline = sources[0] }
            let drifted = try drift(of: Array(open.keys))
            if round == 0 { first = drifted }
            open = open.filter { files[$0.key]?.baseline == nil && $0.value.count > 1 }
                .mapValues { Array($0.dropFirst()) }
            round += 1
        }
        let lost = Set(
            candidates.keys.filter { files[$0]?.baseline == nil }.compactMap { files[$0]?.display })
        return first.filter { lost.contains($0.file) }
    }

    private func attached(_ drifted: [SessionEvent.Drift], in scope: FirstParty, started: Int64)
        -> SessionEvent.Attached
    {
        let inventory = connection.inventory
        let modules = files.values.reduce(0) { $0 + $1.file.modules.count }
        return SessionEvent.Attached(
            pid: pid, program: inventory.programName,
            python: inventory.version.map(String.init).joined(separator: "."), modules: modules,
            leftOut: inventory.modules.count - modules, files: files.count,
            equal: files.count - drifted.count,
            drifted: drifted.sorted { $0.file < $1.file }, roots: scope.roots.map(\.string),
            uptime: Int((ProcessClock.realTimeNow - started) / 1_000_000_000), parent: parent)
    }

    private static func isEmpty(_ outline: Outline) -> Bool {
        outline.definitions.isEmpty && outline.statements.isEmpty
    }

    /// Compares what the baselines of `paths` compile to with the live code; a baseline that does not hold is dropped.
    private func drift(of paths: [FilePath]) throws(SessionError) -> [SessionEvent.Drift] {
        let baselines = paths.compactMap { path in
            files[path].flatMap { state in state.baseline.map { state.comparable(source: $0.bytes) } }
        }
        guard !baselines.isEmpty else { return [] }
        let prepared = try connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest(baselines)
        }
        var drifted = prepared.problems.map { refusal in
            SessionEvent.Drift(
                file: display(ofCode: refusal.file), names: [],
                message: "line \(refusal.line): \(refusal.type): \(refusal.message)")
        }
        var names: [String: [String]] = [:]
        let outlines = paths.reduce(into: [String: Outline]()) { found, path in
            if let state = files[path] { found[state.file.codePath] = state.baseline?.outline }
        }
        for comparison in try agent.compare(prepared.request) {
            let absent = outlines[comparison.path].map(comparison.absent) ?? []
            let differing = (comparison.differ + absent).map(\.qualname)
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
