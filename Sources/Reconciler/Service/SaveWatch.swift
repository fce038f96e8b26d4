import Reloader
import SystemPackage
import Watcher

/// The watcher of a service: on the directories of what its processes have loaded, and on its project.
final class SaveWatch {
    /// As the service was made with.
    private let options: SessionOptions
    /// Called on the watcher's thread.
    private let deliver: @Sendable (Batch) -> Void
    /// nil before `begin` and after `stop`, and where nothing can be watched.
    private var watcher: FileWatcher?
    /// Tells what cannot be watched.
    var emit: (SessionEvent) -> Void = { _ in }

    /// Watches nothing yet. `deliver`: called on the watcher's thread.
    init(_ options: SessionOptions, deliver: @escaping @Sendable (Batch) -> Void) {
        self.options = options
        self.deliver = deliver
    }

    /// inotify watches in use.
    var count: Int { watcher?.watchCount ?? 0 }

    /// Watches `files`, and everything below `roots`. Why that is not possible; nil if it is.
    func begin(_ files: [FilePath], below roots: [FilePath], scans: RecentScans) -> WatchNotice? {
        do throws(WatcherError) {
            watcher = try FileWatcher.forSaves(
                of: files, below: roots, options, scans: scans, deliver: deliver)
            return nil
        } catch {
            return WatchNotice(error)
        }
    }

    /// Files that a process has loaded since.
    func add(_ loaded: [FilePath]) {
        guard let watcher, !loaded.isEmpty else { return }
        do throws(WatcherError) { try watcher.add(loaded, options) } catch {
            emit(.notice(WatchNotice(error)))
        }
    }

    /// The next save of the file is told even if it holds what the last one held.
    func forgetContent(of path: FilePath) { watcher?.forgetContent(of: path) }

    /// Nothing is delivered after this.
    func stop() {
        watcher?.stop()
        watcher = nil
    }
}

extension FileWatcher {
    /// Watches what a service's processes have loaded, and its project. `scans`: asked whether a save is finished, so
    /// that it is scanned once.
    static func forSaves(
        of files: [FilePath], below roots: [FilePath], _ options: SessionOptions, scans: RecentScans,
        deliver: @escaping @Sendable (Batch) -> Void
    ) throws(WatcherError) -> FileWatcher {
        let watcher = try FileWatcher(options: WatchOptions(options, scans: scans), deliver: deliver)
        for root in roots where root != "/" && options.scope == .tree {
            try watcher.addRoot(root, recursive: true)
        }
        try watcher.add(files, options)
        return watcher
    }

    /// The directories of loaded files, and those files that git ignores: what a process runs is watched all the same.
    func add(_ files: [FilePath], _ options: SessionOptions) throws(WatcherError) {
        for directory in Set(files.map { $0.removingLastComponent() }) {
            try addRoot(directory, recursive: false)
        }
        guard options.respectGitignore else { return }
        let filter = PathFilter(WatchOptions(loading: options))
        for file in files {
            let verdict = filter.explain(file, root: file.removingLastComponent(), isDirectory: false)
            guard case .ignored(let reason) = verdict, case .file = reason.source else { continue }
            try addRoot(file, recursive: false)
        }
    }
}

extension WatchNotice {
    /// Why nothing can be watched.
    init(_ error: WatcherError) {
        switch error.code {
        case .notPermitted(let cause), .noResources(let cause):
            self.init(.unreadableDirectory(cause), path: error.path)
        case .notAbsolute, .notWatchable, .stopped: self.init(.rootMissing, path: error.path)
        }
    }
}

extension WatchOptions {
    /// What decides of a file alone whether it is looked at.
    fileprivate init(loading options: SessionOptions) {
        self.init()
        ignore += options.ignore
        include += options.alsoInclude
    }

    /// An empty Python file counts as unfinished: editors truncate before they write.
    init(_ options: SessionOptions, scans: RecentScans) {
        self.init(loading: options)
        respectGitignore = options.respectGitignore
        debounce = options.debounce
        isComplete = { path, bytes in
            path.extension != "py" || !bytes.isEmpty && scans.source(bytes, of: path).outline != nil
        }
        usesInotify = options.poll == nil
        if let pause = options.poll { pollInterval = pause }
    }
}
