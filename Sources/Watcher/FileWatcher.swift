import Glibc
import Synchronization
package import SystemPackage

/// Watches directories and delivers bursts of saved files, from one thread that sleeps while nothing happens.
package final class FileWatcher: Sendable {
    /// Shared with the thread, which keeps it alive until it ends.
    private let loop: WatchLoop
    /// nil once it was joined: only the first `stop` may join it (pthread_join(3)).
    private let thread: Mutex<QuietThread?>

    /// `deliver` runs on the watcher's thread, one batch at a time; it may add and remove roots. While it runs,
    /// events wait in the kernel.
    package init(
        options: WatchOptions, deliver: @escaping @Sendable (Batch) -> Void
    ) throws(WatcherError) {
        let loop = try WatchLoop(options: options)
        self.loop = loop
        thread = Mutex(try QuietThread { loop.run(deliver) })
    }

    deinit { stop() }

    /// A directory (`recursive`: and those below it that the filter lets through) or a single file. What is there
    /// already is not announced; a path that does not exist yet is waited for.
    package func addRoot(_ path: FilePath, recursive: Bool) throws(WatcherError) {
        guard !loop.hasStopped else { throw WatcherError(.stopped, path: path) }
        let root = FileWatcher.spelled(path)
        try loop.change { core throws(WatcherError) in try core.addRoot(root, recursive: recursive) }
    }

    /// Watches the root no more.
    package func removeRoot(_ path: FilePath) {
        let root = FileWatcher.spelled(path)
        loop.change { core in core.removeRoot(root) }
    }

    /// A save that leaves the content as it was reported is no change. After this call the next one is, for
    /// example because what was reported could not be used, and saving again means trying again.
    package func forgetContent(of path: FilePath) {
        let file = FileWatcher.spelled(path)
        loop.change { core in core.forgetContent(of: file) }
    }

    /// inotify watches in use: directories, those above roots and behind links, and files of their own.
    package var watchCount: Int { loop.inspect { core in core.watchCount } }

    /// Without `..`, unless a symbolic link before it gives it another meaning than the text has.
    private static func spelled(_ path: FilePath) -> BytePath {
        let given = BytePath(path)
        let short = BytePath(path.lexicallyNormalized())
        let sameEnd =
            LinkChain(given, look: LinkChain.lookOnDisk).end
            == LinkChain(short, look: LinkChain.lookOnDisk).end
        return sameEnd ? short : given
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
