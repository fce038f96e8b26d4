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
                // The kernel alone sets a file's ctime: one from before the process is what the process has read. It may be in
                // the middle of its import, where a comparison would not know it.
                let isOld = !state.file.isCopy && stable.identity.changed + Self.clockTolerance < start
                let inherited = [kin?.files[path]?.baseline].compactMap { $0 }
                let known = isFork(of: kin) ? inherited + [saved] + earlier : [saved] + inherited + earlier
                if isOld, !isFork(of: kin) || known.allSatisfy({ $0.bytes == saved.bytes }) { continue }
                // What was loaded later may be what was saved a moment ago.
                candidates[path] = kin == nil && paths == nil ? [saved] : Self.distinct(known)
            } catch {
                let message = SourceReader.failure(error, limit: SourceReader.sizeLimit).message
                drifted.append(SessionEvent.Drift(file: state.display, names: [], message: message))
            }
        }
        drifted += try identify(candidates)
        let compared = kin == nil ? candidates.keys.count { isWhole($0) } : 0
        return attached(drifted, in: scope, started: start, compared: compared)
    }

    /// The process runs what the file holds, as far as that could be compared.
    private func isWhole(_ path: FilePath) -> Bool {
        files[path].map { $0.baseline != nil && $0.kept.isEmpty } ?? false
    }

    /// Executing a program, even the same one again, would have moved its stack and its text.
    func isFork(of kin: Member?) -> Bool {
        guard let kin = kin?.target.identity else { return false }
        return kin.startCode == target.identity.startCode && kin.startStack == target.identity.startStack
    }

    /// For files that the process has loaded since it joined: what was saved before the present content, then that,
    /// then what is older. Where nothing is known of a file's past it has no baseline.
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

    /// Finds out whether a burst went in that was not answered in time: what the process ran before it is compared
    /// first, for an agent that nobody waits for changes nothing.
    func settleDoubts(of paths: [FilePath], _ readings: [FilePath: Reading]) throws(SessionError) {
        var candidates: [FilePath: [FileState.Source]] = [:]
        for path in paths {
            guard let former = files[path]?.former, let present = readings[path]?.source else { continue }
            candidates[path] = Self.distinct([former, present])
        }
        guard !candidates.isEmpty else { return }
        do throws(SessionError) { _ = try identify(candidates) } catch {
            for path in candidates.keys { files[path]?.baseline = nil }  // none of them is known to run
            throw error
        }
        for path in candidates.keys { files[path]?.former = nil }
    }

    /// Each content once, at its first place.
    private static func distinct(_ sources: [FileState.Source]) -> [FileState.Source] {
        sources.reduce(into: []) { kept, source in
            if !kept.contains(where: { $0.bytes == source.bytes }) { kept.append(source) }
        }
    }

    /// Tries each file's candidates in turn, all files at once; what differs from a file's first candidate is returned.
    ///
    /// Where no candidate holds, one with the running code is the baseline although values of it differ: these are
    /// named as kept. What matches none has no baseline.
    private func identify(_ candidates: [FilePath: [FileState.Source]]) throws(SessionError)
        -> [SessionEvent.Drift]
    {
        var open = candidates
        var first: [FilePath: Finding] = [:]
        var nearest: [FilePath: (source: FileState.Source, finding: Finding)] = [:]
        while !open.isEmpty {
            for (path, sources) in open { files[path]?.baseline = sources[0] }
            let found = try examineTried(Array(open.keys))
            for (path, finding) in found {
                first[path] = first[path] ?? finding
                files[path]?.baseline = nil
                guard finding.isAboutValues, nearest[path] == nil, let source = open[path]?.first else {
                    continue
                }
                nearest[path] = (source, finding)
            }
            open = open.filter { found[$0.key] != nil && $0.value.count > 1 }
                .mapValues { Array($0.dropFirst()) }
        }
        for (path, near) in nearest where files[path]?.baseline == nil {
            let kept = remarks(near.finding, path)
            files[path]?.baseline = near.source
            files[path]?.kept = kept
        }
        for (path, finding) in first where files[path]?.baseline == nil && finding.message == nil {
            guard let source = candidates[path]?.first else { continue }
            files[path]?.partial = FileState.PartialBaseline(source: source, differing: Set(finding.names))
        }
        return first.compactMap { path, finding in
            guard let state = files[path], state.baseline == nil || !state.kept.isEmpty else { return nil }
            let shown = state.kept.isEmpty ? finding : nearest[path]?.finding ?? finding
            return SessionEvent.Drift(file: state.display, names: shown.names, message: shown.message)
        }
    }

    /// Where the process does not answer nothing is known of the files: a later save must not be compared with what was
    /// only tried.
    private func examineTried(_ paths: [FilePath]) throws(SessionError) -> [FilePath: Finding] {
        do throws(SessionError) {
            return try examine(paths)
        } catch {
            for path in paths { files[path]?.baseline = nil }
            throw error
        }
    }

    /// The values of a file that are not what the process has, as what stays out of it.
    private func remarks(_ finding: Finding, _ path: FilePath) -> [PatchReport.Remark] {
        guard let state = files[path] else { return [] }
        let module = state.file.modules.first ?? ""
        return finding.facts.map { fact in
            let kept = fact.kept
            return PatchReport.Remark(
                name: module.isEmpty ? kept.name : module + "." + kept.name, file: state.display,
                line: kept.line, reason: kept.reason, message: kept.message, action: kept.reason.action)
        }
    }

    /// What users are told about the process. `started`: CLOCK_REALTIME in nanoseconds.
    private func attached(
        _ drifted: [SessionEvent.Drift], in scope: FirstParty, started: Int64, compared: Int
    ) -> SessionEvent.Attached {
        let inventory = connection.inventory
        let modules = files.values.reduce(0) { $0 + $1.file.modules.count }
        return SessionEvent.Attached(
            pid: pid, program: inventory.programName,
            python: inventory.version.map(String.init).joined(separator: "."), modules: modules,
            leftOut: inventory.modules.count { !$0.isStray } - modules, files: files.count,
            equal: files.count - drifted.count,
            drifted: drifted.sorted { $0.file < $1.file }, roots: scope.roots.map(\.string),
            compared: compared, uptime: Int((ProcessClock.realTimeNow - started) / 1_000_000_000),
            parent: parent)
    }

    /// Compares what the baselines of `paths` compile to with the live code; files that differ.
    private func examine(_ paths: [FilePath]) throws(SessionError) -> [FilePath: Finding] {
        let baselines = paths.compactMap { path in
            files[path].flatMap { state in state.baseline.map { state.comparable(source: $0.bytes) } }
        }
        guard !baselines.isEmpty else { return [:] }
        let prepared = try connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest(baselines)
        }
        var byCode: [String: FilePath] = [:]
        for path in paths { byCode[files[path]?.file.codePath ?? ""] = path }
        var found: [FilePath: Finding] = [:]
        for refusal in prepared.problems {
            guard let path = byCode[refusal.file] else { continue }
            let message = "line \(refusal.line): \(refusal.type): \(refusal.message)"
            found[path, default: Finding()].message = message
        }
        for comparison in try agent.compare(prepared.request) {
            guard let path = byCode[comparison.path], let outline = files[path]?.baseline?.outline else {
                continue
            }
            let finding = Finding(comparison, outline)
            if finding.isSomething { found[path, default: Finding()].add(finding) }
        }
        return found
    }
}

/// In what a process differs from one source of a file.
private struct Finding {
    /// Qualified names of functions and classes.
    var code: [String] = []
    /// Values, defaults and bases that differ.
    var facts: [LiveComparison.Fact] = []
    /// Why it could not be compared.
    var message: String?

    /// Nothing differs.
    init() {}

    /// Names definitions that differ, and those that the process lacks although the file would have made
    /// them.
    init(_ comparison: LiveComparison, _ outline: Outline) {
        code = (comparison.differ + comparison.absent(from: outline)).map(\.qualname)
        // A `del` may have taken any name away again.
        facts = comparison.facts.filter { $0.kind != .bound || !outline.deletes }
        // An editor may stand between truncating and writing.
        if outline.definitions.isEmpty, outline.statements.isEmpty, comparison.names > 0 {
            message = "the file is empty"
        }
    }

    /// False: the process runs this source.
    var isSomething: Bool { !code.isEmpty || !facts.isEmpty || message != nil }

    /// The code is the process's; what the program may have changed itself is not.
    var isAboutValues: Bool {
        code.isEmpty && message == nil && facts.allSatisfy { [.value, .bases, .taken].contains($0.kind) }
    }

    /// Each once, code before values.
    var names: [String] { code + facts.map(\.qualname).filter { !code.contains($0) } }

    /// Joins what several comparisons of one file have found.
    mutating func add(_ other: Finding) {
        code += other.code
        facts += other.facts.filter { !facts.contains($0) }
        message = message ?? other.message
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
