import Glibc
import Reconciler

/// Attaches, does one thing, leaves.
enum OneShot {
    /// Long enough for what is under way in the target to end by itself.
    private static let grace = Signals.Grace(
        milliseconds: 250, status: .interrupted,
        farewell:
            "interrupted before the process answered; it goes on. Was it patched? `midflight reload` again tells\n"
    )

    static func run<Value>(
        pid: Int32, json: Bool, color: ColorOptions, _ body: (Connection) throws(SessionError) -> Value
    ) throws -> Value {
        Signals.forward(grace: grace) { _ in }  // too short to be stopped or paused
        do throws(SessionError) {
            return try body(try Connection(pid: pid))
        } catch {
            if json { Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal())) }
            let text = EventText(style: color.style(for: STDERR_FILENO), isVerbose: false)
            Terminal.standardError(text.lines(.refused(error)))
            throw ExitStatus(error)
        }
    }

    /// What was found out has been printed: ends with its status.
    static func finish(isDone: Bool) throws {
        if Signals.isEnding { throw ExitStatus.interrupted }
        if !isDone { throw ExitStatus.notApplied }
    }
}
