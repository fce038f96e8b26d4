/// How a command ended.
package struct CommandReport: Sendable {
    /// How it ended.
    package enum End: Sendable, Hashable {
        /// The status that it gave, 0 to 255.
        case exited(Int32)
        /// The signal's number.
        case signaled(Int32)
        /// It was ended because its time was over.
        case timedOut
        /// Why it could not be run.
        case failed(String)
    }

    /// The program and its arguments.
    package var words: [String]
    /// Why it was run.
    package var occasion: Occasion
    /// How it ended.
    package var end: End
    /// What it wrote to its two streams, in that order; the last 64 KiB.
    package var output: String
    /// Nanoseconds.
    package var duration: Int64

    /// Whether it ended with status 0.
    package var isSuccess: Bool { end == .exited(0) }
}
