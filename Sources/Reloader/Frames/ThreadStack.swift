/// One thread of a process, and what it was doing.
package struct ThreadStack: Sendable, Hashable {
    /// As gettid(2); nil where no thread of the process has this state.
    package var id: Int32?
    /// What `threading` calls it, else the kernel's name of it; empty if neither is known.
    package var name: String
    /// The kernel's name of it: /proc/PID/task/TID/comm.
    package var command: String
    /// What the thread did when it was read.
    package var state: State
    /// Oldest first.
    package var frames: [Frame]
    /// Older frames are left out.
    package var isCut = false
    /// It changed all the time: there are no frames to show.
    package var isUnreadable = false

    /// Makes a stack; `frames` begin with the oldest.
    package init(
        id: Int32?, name: String, command: String = "", state: State = .waiting, frames: [Frame] = []
    ) {
        self.id = id
        self.name = name
        self.command = command
        self.state = state
        self.frames = frames
    }

    /// What it does, as far as it can be told.
    package enum State: String, Sendable, Hashable {
        /// It runs Python, or C code that keeps the lock.
        case hasGIL = "has-gil"
        /// It would run Python if another thread let it.
        case waitsForGIL = "waits-for-gil"
        /// On a processor, or ready for one, without the GIL.
        case running
        /// It sleeps in the kernel: for input, a lock or a time.
        case waiting
    }

    /// A function that runs or waits for one that it called.
    package struct Frame: Sendable, Hashable {
        /// `co_name`.
        package var function: String
        /// With its classes and the functions around it, where the version tells.
        package var qualifiedName: String
        /// `co_filename`: as the process spells it.
        package var file: String
        /// The line that runs, 1-based.
        package var line: Int

        /// Makes a frame with all that is shown of it.
        package init(function: String, qualifiedName: String, file: String, line: Int) {
            self.function = function
            self.qualifiedName = qualifiedName
            self.file = file
            self.line = line
        }
    }
}
