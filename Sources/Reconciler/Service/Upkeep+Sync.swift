import Reloader
import SystemPackage

extension Upkeep {
    /// Brings all processes to what is on disk now, whatever the watcher has said, and tells whether that is live.
    /// No paths: all files that are loaded. `welcome`: takes in processes that were started meanwhile.
    func synchronize(_ wanted: [FilePath], isPaused: Bool, welcome: () -> Void) -> SyncReport {
        ledger.isSynchronizing = true
        defer { ledger.isSynchronizing = false }
        welcome()
        var failures: [SessionError] = []
        var files = SavedFiles()
        let paths =
            wanted.isEmpty ? crew.loaded : wanted.map { crew.isLoaded($0) ? $0 : crew.resolved($0) }
        let unknown = paths.filter { path in crew.members.contains { $0.files[path] == nil } }
        if !wanted.isEmpty { adopt(unknown, &files, &failures, wherever: true) }
        if !isPaused {
            let stale = paths.filter { path in crew.members.contains { $0.files.isBehind([path], &files) } }
            let behind = crew.members.filter { member in stale.contains { member.files[$0] != nil } }
            if !stale.isEmpty {
                ledger.noteSync(stale)
                apply(stale, &files, to: behind, received: Monotonic.now, failures: failures)
            }
            welcome()
        }
        let look = SyncLook(isPaused: isPaused, held: holdBack.paths)
        let subjects = crew.members.map { SyncLook.Subject(pid: $0.pid, files: $0.files) }
        var report = look.report(of: paths, in: subjects, &files, display: crew.display)
        report.wait(for: crew.awaited)
        return report
    }
}
