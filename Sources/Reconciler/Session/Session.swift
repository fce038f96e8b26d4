import Reloader
import SourceDiff
import SystemPackage
import Watcher

/// One controlled process: watches its source files and keeps its code at their saved state.
///
/// Belongs to the thread that made it; the watcher's thread only posts to the mailbox.
package final class Session {
    let connection: Connection
    let options: SessionOptions
    let emit: (SessionEvent) -> Void
    var scope: FirstParty
    var files: [FilePath: FileState] = [:]
    var bursts = 0
    var holdBack = HoldBack()

    private let mailbox: Mailbox<SessionMessage>
    private(set) var watcher: FileWatcher?
    private var isPaused = false
    private var held: [FileChange] = []

    package init(
        _ connection: Connection, options: SessionOptions, mailbox: Mailbox<SessionMessage>,
        emit: @escaping (SessionEvent) -> Void
    ) {
        self.connection = connection
        self.options = options
        self.mailbox = mailbox
        self.emit = emit
        scope = FirstParty(inventory: connection.inventory, directories: options.directories)
    }

    var target: Target { connection.target }
    var agent: AgentSession { connection.agent }

    /// Places the watches, takes the baseline, and tells that saves are seen from now on.
    package func start() throws(SessionError) {
        for (path, state) in loadedFiles(of: connection.inventory) { files[path] = state }
        let notice = watch()
        let attached = try takeBaseline()
        emit(.attached(attached))
        emit(.ready(watches: watcher?.watchCount ?? 0))
        if let notice { emit(.notice(notice)) }
    }

    /// Handles saves until it is told to end or the process ends; the agent is gone when this returns.
    package func run() -> SessionEnd {
        defer {
            watcher?.stop()
            agent.letGo()
        }
        while true {
            switch mailbox.next(timeout: timeout, pidfd: target.pidfd) {
            case .timeout: guard handleTimeout() else { return .targetLost }
            case .processEnded:
                emit(.lost(.targetGone(pid: target.pid)))
                return .targetLost
            case .message(.end):
                emit(.detached(pid: target.pid))
                return .asked
            case .message(.togglePause): togglePause()
            case .message(.letGo(let next)):
                agent.letGo()
                next()
            case .message(.files(let batch, let received)):
                guard handle(batch, received: received) else { return .targetLost }
            }
        }
    }

    /// When there is something to do although nothing happens; nil for never.
    private var timeout: Int64? {
        let quiet = agent.isAttached ? options.quietPeriod : nil
        return [quiet, holdBack.timeout(now: Monotonic.now)].compactMap { $0 }.min()
    }

    /// False if the process is gone.
    private func handleTimeout() -> Bool {
        let due = holdBack.due(now: Monotonic.now)
        guard !due.isEmpty else {
            agent.letGo()
            return true
        }
        for path in due where WriterProbe.hasWriter(path) { holdBack.hold(path, now: Monotonic.now) }
        let finished = holdBack.due(now: Monotonic.now)
        return finished.isEmpty
            || deliver(finished.map { FileChange(path: $0, kind: .modified) }, received: Monotonic.now)
    }

    private func togglePause() {
        isPaused.toggle()
        emit(isPaused ? .paused : .resumed)
        guard !isPaused, !held.isEmpty else { return }
        mailbox.post(.files(Batch(changes: held), received: Monotonic.now))
        held = []
    }

    /// False if the process is gone.
    private func handle(_ batch: Batch, received: Int64) -> Bool {
        batch.notices.forEach { emit(.notice($0)) }
        if batch.overflowed { emit(.overflow(files: batch.changes.count)) }
        if isPaused {
            held += batch.changes
            return true
        }
        return batch.changes.isEmpty || deliver(batch.changes, received: received)
    }

    private func deliver(_ changes: [FileChange], received: Int64) -> Bool {
        do throws(SessionError) {
            try patch(changes, received: received)
        } catch {
            if !target.isSame {
                emit(.lost(.targetGone(pid: target.pid)))
                return false
            }
            for change in changes where files[change.path] != nil { files[change.path]?.isWaiting = true }
            emit(.failed(error))
        }
        return true
    }

    /// Watches before anything is read: a save in between is seen twice rather than never.
    private func watch() -> WatchNotice? {
        let mailbox = mailbox
        var watchOptions = WatchOptions()
        watchOptions.ignore += options.ignore
        watchOptions.isComplete = { bytes in !bytes.isEmpty && (try? Outline(scanning: bytes)) != nil }
        do throws(WatcherError) {
            let watcher = try FileWatcher(options: watchOptions) { batch in
                mailbox.post(.files(batch, received: Monotonic.now))
            }
            for root in scope.roots where root != "/" { try watcher.addRoot(root, recursive: true) }
            for directory in Set(files.keys.map { $0.removingLastComponent() }) {
                try watcher.addRoot(directory, recursive: false)
            }
            self.watcher = watcher
            return nil
        } catch {
            switch error.code {
            case .notPermitted(let cause), .noResources(let cause):
                return WatchNotice(.unreadableDirectory(cause), path: error.path)
            case .notAbsolute, .notWatchable, .stopped: return WatchNotice(.rootMissing, path: error.path)
            }
        }
    }
}

/// Why a session's `run` returned.
package enum SessionEnd: Sendable { case asked, targetLost }
