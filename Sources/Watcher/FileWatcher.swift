import Glibc
import Synchronization
package import SystemPackage

/// Watches directories and delivers bursts of saved files, from one thread that sleeps while nothing happens.
package final class FileWatcher: Sendable {
    private let loop: WatchLoop
    private let thread: Mutex<WatchThread?>

    /// `deliver` runs on the watcher's thread, one batch at a time; it may add and remove roots. While it runs,
    /// events wait in the kernel.
    package init(
        options: WatchOptions, deliver: @escaping @Sendable (Batch) -> Void
    ) throws(WatcherError) {
        let loop = try WatchLoop(options: options)
        self.loop = loop
        thread = Mutex(try WatchThread { loop.run(deliver) })
    }

    deinit { stop() }

    /// A directory (`recursive`: and those below it that the filter lets through) or a single file. What is there
    /// already is not announced; a path that does not exist yet is waited for.
    package func addRoot(_ path: FilePath, recursive: Bool) throws(WatcherError) {
        let root = BytePath(path.lexicallyNormalized())
        try loop.change { core throws(WatcherError) in try core.addRoot(root, recursive: recursive) }
    }

    package func removeRoot(_ path: FilePath) {
        let root = BytePath(path.lexicallyNormalized())
        loop.change { core in core.removeRoot(root) }
    }

    /// inotify watches in use: directories, those above roots and behind links, and files of their own.
    package var watchCount: Int { loop.change { core in core.watchCount } }

    /// Whether `path`, at or below `root`, is watched, and if not, because of which pattern.
    package func explain(_ path: FilePath, root: FilePath, isDirectory: Bool) -> PathVerdict {
        loop.change { core in core.filter }.explain(path, root: root, isDirectory: isDirectory)
    }

    /// Waits for a batch that is being delivered; nothing is delivered after it returns. From within `deliver`
    /// it does not wait: that batch is the last one.
    package func stop() {
        loop.stop()
        let running = thread.withLock { thread in
            let running = thread
            thread = nil
            return running
        }
        running?.join()
    }
}
