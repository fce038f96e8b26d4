import Glibc

/// Where an attach stands, for tests that kill the tool in the middle of one: lines of "<monotonic ns> <stage>".
package struct StageLog: Sendable {
    private let descriptor: Int32

    /// How far an attach has come, for tests that kill midflight there.
    package enum Stage: String, Sendable {
        /// In the order in which an attach goes through them.
        case start, symbols, seize, stopped, framed, mapped, written, fired, detached, pipes, taken, answered,
            closing, gone
    }

    /// Appends to the file named by the environment variable MIDFLIGHT_STAGE_LOG; without it nothing is written.
    package static let shared: StageLog = {
        guard let path = getenv("MIDFLIGHT_STAGE_LOG") else { return StageLog(descriptor: -1) }
        return StageLog(descriptor: open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600))
    }()

    /// An attach has come to this stage; a test may end midflight here.
    func enter(_ stage: Stage) {
        guard descriptor >= 0 else { return }
        let line = Array("\(Monotonic.now) \(stage.rawValue)\n".utf8)
        _ = write(descriptor, line, line.count)  // a lost line of a test aid harms nobody
    }
}
