package import Reloader

/// Threads that stand at the same place in the same state, as one.
package struct StackFold: Sendable, Hashable {
    /// At least one; in the order in which they came.
    package var threads: [ThreadStack]

    /// What all of these threads do.
    package var state: ThreadStack.State { threads[0].state }
    /// Oldest first; equal in all of these threads.
    package var frames: [ThreadStack.Frame] { threads[0].frames }
    /// Older frames are left out.
    package var isCut: Bool { threads[0].isCut }
    /// Their frames could not be read: they changed all the time.
    package var isUnreadable: Bool { threads[0].isUnreadable }

    /// What threads have in common that are folded.
    private struct Key: Hashable {
        var state: ThreadStack.State
        var frames: [ThreadStack.Frame]
        var isCut: Bool
    }

    /// In the order of the first thread of each; one that could not be read stands for itself.
    package static func folds(of threads: [ThreadStack]) -> [StackFold] {
        var folds: [StackFold] = []
        var places: [Key: Int] = [:]
        for thread in threads {
            let key = Key(state: thread.state, frames: thread.frames, isCut: thread.isCut)
            if !thread.isUnreadable, let place = places[key] {
                folds[place].threads.append(thread)
            } else {
                if !thread.isUnreadable { places[key] = folds.count }
                folds.append(StackFold(threads: [thread]))
            }
        }
        return folds
    }
}
