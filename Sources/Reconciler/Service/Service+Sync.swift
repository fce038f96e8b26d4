import Reloader
import SystemPackage

extension Service {
    /// Brings all processes to what is on disk now, whatever the watcher has said, and tells whether that is live.
    /// No paths: all files that are loaded.
    func synchronize(_ wanted: [FilePath]) -> SyncReport {
        isSynchronizing = true
        defer { isSynchronizing = false }
        welcomeRelatives()
        var failures: [SessionError] = []
        var files = SavedFiles()
        var paths = wanted.map { isLoaded($0) ? $0 : resolved($0) }
        if wanted.isEmpty { paths = Set(members.flatMap(\.files.keys)).sorted { $0.string < $1.string } }
        let unknown = paths.filter { path in members.contains { $0.files[path] == nil } }
        if !wanted.isEmpty { adopt(unknown, &files, &failures) }
        if !isPaused {
            let stale = paths.filter { path in
                members.contains { $0.files[path].map { !isLive($0, path, &files) } ?? false }
            }
            let behind = members.filter { member in stale.contains { member.files[$0] != nil } }
            if !stale.isEmpty {
                synced.formUnion(stale)
                apply(stale, &files, to: behind, received: Monotonic.now, failures: failures)
            }
            welcomeRelatives()
        }
        var report = look(at: paths, &files)
        for (pid, error) in awaited {
            report.state = .pending
            report.reasons.append(
                SyncReport.Reason(
                    pid: pid, file: "", name: "", line: 0, id: error.id, message: error.message,
                    action: error.actions.first ?? ""))
        }
        return report
    }

    /// What is on disk is what the process runs, as far as its source is known.
    func isLive(_ state: FileState, _ path: FilePath, _ files: inout SavedFiles) -> Bool {
        guard !state.isWaiting, let baseline = state.baseline else { return false }
        return files.bytes(of: path)?.isIdentical(to: baseline.bytes) == true
    }

    /// Changes nothing.
    private func look(at paths: [FilePath], _ files: inout SavedFiles) -> SyncReport {
        var report = SyncReport(
            state: .live, processes: 0, files: paths.map(display), notLoaded: [], reasons: [])
        report.notLoaded = paths.filter { !isLoaded($0) }.map(display)
        let held = Set(paths).intersection(holdBack.paths)
        for member in members {
            let own = paths.filter { member.files[$0] != nil }
            if !own.isEmpty { report.processes += 1 }
            for path in own {
                guard let state = member.files[path] else { continue }
                let reasons = reasons(state, path, member, &files)
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

    private func reasons(
        _ state: FileState, _ path: FilePath, _ member: Member, _ files: inout SavedFiles
    ) -> [SyncReport.Reason] {
        func reason(_ id: String, _ message: String, _ action: String, name: String = "", line: Int = 0)
            -> SyncReport.Reason
        {
            SyncReport.Reason(
                pid: member.pid, file: state.display, name: name, line: line, id: id, message: message,
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
        guard kept.isEmpty, !isLive(state, path, &files) else { return kept }
        if isPaused { return [reason("paused", "saves are held back", "midflight resume \(member.pid)")] }
        let id = ReasonID.baselineUnknown
        return [reason(id.rawValue, "the file on disk is not what the process runs", id.action)]
    }
}
