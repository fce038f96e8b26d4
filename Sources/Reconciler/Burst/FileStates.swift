import Reloader
import SystemPackage

/// The files of one process, by their paths without symbolic links.
typealias FileStates = [FilePath: FileState]

extension FileStates {
    /// Files whose last content is still waiting.
    var waiting: [FilePath] { keys.filter { self[$0]?.isWaiting == true } }

    /// Files of which something could not go in.
    var pending: [FilePath] {
        keys.filter { self[$0]?.pending.isEmpty == false }.sorted { $0.string < $1.string }
    }

    /// The same if one of them waits for something that a save of another file may bring. A function that was kept by
    /// what holds it waits for a save of its own file.
    var retried: [FilePath] {
        let found = pending
        let reasons = found.flatMap { self[$0]?.pending.values.map(\.earlier.reason) ?? [] }
        return reasons.contains { ReasonID(rawValue: $0)?.isRetried == true } ? found : []
    }

    /// Files with a change that an import has kept out of one of these processes.
    static func awaitingImports(in processes: [FileStates]) -> [FilePath] {
        let found = processes.flatMap { files in
            files.pending.filter { path in
                let reasons = files[path]?.pending.values.map(\.earlier.reason) ?? []
                return reasons.contains(ReasonID.importFailed.rawValue)
            }
        }
        return Set(found).sorted { $0.string < $1.string }
    }

    /// Looks for the words of every source, so that the next burst finds them; when nobody waits.
    func prepareWords() {
        for state in values { _ = (state.baseline?.words, state.baseline?.calls) }  // kept with the source
    }

    /// Files that were removed, or not; files that the process has not loaded are left out.
    mutating func note(gone: [FilePath], there: [FilePath]) {
        for path in gone where self[path]?.presence == .there { self[path]?.presence = .gone }
        for path in there where self[path] != nil { self[path]?.presence = .there }
    }

    /// These files go in with the next save of any file. Files that the process has not loaded are left out.
    mutating func postpone(_ paths: some Sequence<FilePath>) {
        for path in paths where self[path] != nil { self[path]?.isWaiting = true }
    }

    /// Whether the last burst of all these files could not be delivered for the same reason.
    func haveFailed(_ paths: [FilePath], _ error: SessionError) -> Bool {
        paths.allSatisfy { path in
            self[path]?.failure.map { $0.id == error.id && $0.message == error.message } == true
        }
    }

    /// A burst that could not be delivered: its files wait.
    mutating func fail(_ paths: [FilePath], _ error: SessionError) {
        postpone(paths)
        for path in paths { self[path]?.failure = error }
        guard error.mayBeDone else { return }
        let failed = Set(paths)
        for path in failed {
            guard let baseline = self[path]?.baseline else { continue }
            self[path]?.former = baseline
        }
        forget { failed.contains($0.file.path) }
    }

    /// It is not known what the process runs of these files: their next saves are compared with it.
    mutating func forget(_ isUnknown: (FileState) -> Bool) {
        for (path, state) in self where isUnknown(state) {
            self[path]?.baseline = nil
            self[path]?.partial = nil
        }
    }

    /// Remembers what the process runs after a burst, and what of its files stayed out. `isAtomic`: what was rejected
    /// goes in with the next save, whichever file that is of.
    mutating func settle(_ burst: Burst, isAtomic: Bool) {
        for path in burst.saved + burst.unfinished {
            self[path]?.failure = nil
            self[path]?.rejected = nil
        }
        if burst.isRejected {
            if isAtomic { postpone(burst.saved) }
            for path in burst.saved {
                let own = burst.report.patch.rejected.first { $0.file == self[path]?.display }
                self[path]?.rejected = own ?? burst.report.patch.rejected.first
            }
            return
        }
        for path in burst.saved { self[path]?.isWaiting = false }
        if !burst.edits.isEmpty {
            for path in keys where self[path]?.presence == .gone { self[path]?.presence = .toldGone }
        }
        postpone(burst.unfinished)
        for (path, source) in burst.sources {
            self[path]?.take(source, burst.report.patch)
            self[path]?.note(burst.failures)
        }
        // A file that stays out wholly has no new baseline, and all of its remarks are of this burst.
        for path in burst.saved where burst.sources[path] == nil {
            let remarks = burst.report.patch.kept.filter { $0.file == self[path]?.display }
            if !remarks.isEmpty { self[path]?.kept = remarks }
        }
    }

    /// Whether the burst was refused, or kept out wholly, in the same way as the one before.
    func isAsBefore(_ burst: Burst) -> Bool {
        let patch = burst.report.patch
        guard patch.applied.isEmpty, !(patch.rejected.isEmpty && patch.kept.isEmpty) else { return false }
        return burst.saved.allSatisfy { path in
            guard let state = self[path] else { return false }
            let rejected = patch.rejected.first { $0.file == state.display } ?? patch.rejected.first
            return rejected == state.rejected && patch.kept.filter { $0.file == state.display } == state.kept
        }
    }
}
