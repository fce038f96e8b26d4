import Reloader
import SystemPackage

/// Whether what files hold is live in processes. Changes nothing.
struct SyncLook {
    /// Whether saves are held back: then nothing that is behind catches up.
    var isPaused: Bool
    /// Files that look like half of a save.
    var held: Set<FilePath>

    /// What the look needs to know of one process.
    struct Subject {
        /// In our pid namespace.
        var pid: Int32
        /// All that it has loaded of the program's own.
        var files: FileStates
    }

    /// `display`: how users see a file.
    func report(
        of paths: [FilePath], in subjects: [Subject], _ files: inout SavedFiles, display: (FilePath) -> String
    ) -> SyncReport {
        var report = SyncReport(
            state: .live, processes: 0, files: paths.map(display), notLoaded: [], reasons: [])
        report.notLoaded = paths.filter { path in !subjects.contains { $0.files[path] != nil } }.map(display)
        for path in paths where !subjects.contains(where: { $0.files[path] != nil }) {
            guard let missing = missing(path, subjects.first?.pid ?? 0, &files, display) else { continue }
            report.reasons.append(missing)
            report.state = .stale
        }
        for subject in subjects {
            let own = paths.filter { subject.files[$0] != nil }
            if !own.isEmpty { report.processes += 1 }
            for path in own {
                guard let state = subject.files[path] else { continue }
                let reasons = reasons(state, path, subject.pid, &files)
                report.reasons += reasons
                if state.failure != nil || held.contains(path) {
                    report.state = .pending
                } else if !reasons.isEmpty, report.state == .live {
                    report.state = .stale
                }
            }
        }
        return report
    }

    /// No process has loaded the file, and none can: a misspelled name is no file that is in step.
    private func missing(
        _ path: FilePath, _ pid: Int32, _ files: inout SavedFiles, _ display: (FilePath) -> String
    ) -> SyncReport.Reason? {
        guard case .failure(let failure) = files.content(of: path) else { return nil }
        return SyncReport.Reason(
            pid: pid, file: display(path), name: "", line: 0, id: ReasonID.unreadable.rawValue,
            message: failure.message, action: "look at the path: it names no file that can be read")
    }

    /// Why the file is not live in this process; empty if it is. The first of: not delivered, rejected, kept,
    /// behind.
    private func reasons(
        _ state: FileState, _ path: FilePath, _ pid: Int32, _ files: inout SavedFiles
    ) -> [SyncReport.Reason] {
        func reason(_ id: String, _ message: String, _ action: String, name: String = "", line: Int = 0)
            -> SyncReport.Reason
        {
            SyncReport.Reason(
                pid: pid, file: state.display, name: name, line: line, id: id, message: message,
                action: action)
        }
        if let failure = state.failure {
            return [reason(failure.id, failure.message, failure.actions.first ?? "")]
        }
        if let rejected = state.rejected {
            return [
                reason(rejected.reason.rawValue, rejected.message, rejected.action, line: rejected.line)
            ]
        }
        let kept = state.kept.map {
            reason($0.reason.rawValue, $0.message, $0.action, name: $0.name, line: $0.line)
        }
        guard kept.isEmpty, !state.isLive(path, &files) else { return kept }
        if isPaused { return [reason("paused", "saves are held back", "midflight resume \(pid)")] }
        let id = ReasonID.baselineUnknown
        return [reason(id.rawValue, "the file on disk is not what the process runs", id.action)]
    }
}

extension FileState {
    /// What is on disk is what the process runs, as far as its source is known.
    func isLive(_ path: FilePath, _ files: inout SavedFiles) -> Bool {
        guard !isWaiting, let baseline else { return false }
        return files.bytes(of: path)?.isIdentical(to: baseline.bytes) == true
    }
}

extension FileStates {
    /// Whether the process has loaded one of `paths` and does not run what it holds.
    func isBehind(_ paths: [FilePath], _ files: inout SavedFiles) -> Bool {
        for path in paths {
            if let state = self[path], !state.isLive(path, &files) { return true }
        }
        return false
    }
}

extension SyncReport {
    /// Processes that belong to the service and could not be had yet.
    mutating func wait(for processes: [(pid: Int32, error: SessionError)]) {
        for (pid, error) in processes {
            state = .pending
            reasons.append(
                Reason(
                    pid: pid, file: "", name: "", line: 0, id: error.id, message: error.message,
                    action: error.actions.first ?? ""))
        }
    }
}
