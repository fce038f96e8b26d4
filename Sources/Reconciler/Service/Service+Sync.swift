import Reloader
import SystemPackage

extension Service {
    /// Brings all processes to what is on disk now, whatever the watcher has said, and tells whether that is live.
    /// No paths: all files that are loaded.
    func synchronize(_ wanted: [FilePath]) -> SyncReport {
        ledger.isSynchronizing = true
        defer { ledger.isSynchronizing = false }
        welcomeRelatives()
        var failures: [SessionError] = []
        var files = SavedFiles()
        var paths = wanted.map { isLoaded($0) ? $0 : resolved($0) }
        if wanted.isEmpty { paths = Set(members.flatMap(\.files.keys)).sorted { $0.string < $1.string } }
        let unknown = paths.filter { path in members.contains { $0.files[path] == nil } }
        if !wanted.isEmpty { adopt(unknown, &files, &failures, wherever: true) }
        if !intake.isPaused {
            let stale = paths.filter { path in members.contains { $0.files.isBehind([path], &files) } }
            let behind = members.filter { member in stale.contains { member.files[$0] != nil } }
            if !stale.isEmpty {
                ledger.noteSync(stale)
                apply(stale, &files, to: behind, received: Monotonic.now, failures: failures)
            }
            welcomeRelatives()
        }
        let look = SyncLook(isPaused: intake.isPaused, held: holdBack.paths)
        let subjects = members.map { SyncLook.Subject(pid: $0.pid, files: $0.files) }
        var report = look.report(of: paths, in: subjects, &files, display: display)
        report.wait(for: awaited)
        return report
    }
}
