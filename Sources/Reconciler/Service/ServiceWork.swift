import Reloader
import SystemPackage

/// What is to be done for one service, one piece after the other.
///
/// While a piece is under way on a thread of its own, the service is that thread's: the loop reads only what is kept
/// here, and what else is wanted of the service waits for its turn. Belongs to the loop's thread; the other reads
/// `isUnderWay`, which does not change meanwhile.
final class ServiceWork {
    /// One thing to be done.
    struct Piece {
        /// May wait for a process.
        var body: () -> Void
        /// Called on the loop's thread when it is done.
        var then: () -> Void
        /// Called there instead if the service was let go before its turn.
        var dropped: () -> Void
    }

    /// What the loop has to know of a service that is another thread's now.
    struct Standing {
        /// Its processes.
        var pids: [Int32] = []
        /// The users whose processes these are.
        var owners: Set<UInt32> = []
        /// What compiles for them.
        var twins: [SharedTwin] = []
        /// The directories whose files are the program's own.
        var roots: [FilePath] = []
    }

    /// Whether a thread has the service.
    private(set) var isUnderWay = false
    /// As it was when that thread got it.
    private(set) var standing = Standing()
    private var current: Piece?
    private var waiting: [Piece] = []

    /// Has it done when its turn comes.
    func add(_ piece: Piece) { waiting.append(piece) }

    /// The next piece, which is under way from now on; nil if one is already, or none waits.
    func begin(_ standing: () -> Standing) -> Piece? {
        guard !isUnderWay, !waiting.isEmpty else { return nil }
        self.standing = standing()
        isUnderWay = true
        current = waiting.removeFirst()
        return current
    }

    /// The thread that has the service takes these processes in.
    func note(pids: [Int32], owners: Set<UInt32>) {
        guard isUnderWay else { return }
        standing.pids += pids.filter { !standing.pids.contains($0) }
        standing.owners.formUnion(owners)
    }

    /// The piece is done, and the service is the loop's again: which one it was.
    func end() -> Piece? {
        isUnderWay = false
        defer { current = nil }
        return current
    }

    /// The service was let go: nothing is begun any more.
    func drop() {
        let dropped = waiting
        waiting = []
        dropped.forEach { $0.dropped() }
    }
}
