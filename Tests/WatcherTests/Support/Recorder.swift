import Dispatch
import Synchronization
import SystemPackage

@testable import Watcher

/// A watcher on one tree, and everything it has delivered.
final class Recorder: Sendable {
    struct Seen: Sendable, Hashable {
        let change: FileChange
        /// The file's content when its change was delivered; nil if it could not be read.
        let content: String?
    }

    private let deliveries: Deliveries
    let watcher: FileWatcher

    private final class Deliveries: Sendable {
        let seen = Mutex<[Seen]>([])
        let batches = Mutex<[Batch]>([])
        let arrived = DispatchSemaphore(value: 0)

        func take(_ batch: Batch) {
            let new = batch.changes.map { change in
                let file = try? FileReader.read(change.path, limit: 1 << 20)
                return Seen(change: change, content: file.map { String(decoding: $0.bytes, as: UTF8.self) })
            }
            seen.withLock { $0 += new }
            batches.withLock { $0.append(batch) }
            arrived.signal()
        }
    }

    init(_ options: WatchOptions = WatchOptions()) throws {
        let deliveries = Deliveries()
        self.deliveries = deliveries
        watcher = try FileWatcher(options: options) { deliveries.take($0) }
    }

    convenience init(_ tree: TempTree, _ options: WatchOptions = WatchOptions()) throws {
        try self.init(options)
        try watcher.addRoot(tree.root, recursive: true)
    }

    var seen: [Seen] { deliveries.seen.withLock { $0 } }
    var batches: [Batch] { deliveries.batches.withLock { $0 } }

    /// Whether every path was reported before a minute had passed.
    func waitFor(_ paths: FilePath..., kind: FileChange.Kind = .modified) -> Bool {
        wait { seen in
            paths.allSatisfy { path in seen.contains { $0.change == FileChange(path: path, kind: kind) } }
        }
    }

    func wait(_ isEnough: ([Seen]) -> Bool) -> Bool {
        let deadline = DispatchTime.now() + .seconds(60)
        while !isEnough(seen) {
            if deliveries.arrived.wait(timeout: deadline) == .timedOut { return isEnough(seen) }
        }
        return true
    }

    /// What was reported, after `marker` has gone all the way: later events cannot overtake earlier ones.
    func everything(in tree: TempTree, until marker: String = "zz_marker.py") throws -> [Seen] {
        try tree.write(marker, "done = True\n")
        guard waitFor(tree[marker]) else { return [] }
        return seen.filter { $0.change.path != tree[marker] }
    }
}
