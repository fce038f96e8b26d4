/// How a command ended.
package struct CommandReport: Sendable {
    package enum End: Sendable, Hashable {
        case exited(Int32)
        case signaled(Int32)
        /// It was ended because its time was over.
        case timedOut
        /// Why it could not be run.
        case failed(String)
    }

    package var words: [String]
    package var occasion: Occasion
    package var end: End
    /// What it wrote to its two streams, in that order; the last 64 KiB.
    package var output: String
    /// Nanoseconds.
    package var duration: Int64

    package var isSuccess: Bool { end == .exited(0) }
}
