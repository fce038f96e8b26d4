import Glibc
import Reconciler

/// Attaches, does one thing, leaves.
enum OneShot {
    /// Long enough for what is under way in the target to end without us.
    private static let grace = Signals.Grace(
        milliseconds: 250, status: .interrupted,
        farewell:
            "interrupted before the process answered; it goes on. Was it patched? `midflight reload` again tells\n"
    )

    /// What the midflight that controls the process is asked for instead, and how its answer is read.
    struct Delegation<Value> {
        /// What is sent to the midflight that controls the process.
        var action: ControlRequest.Action
        /// Nil if it is no such answer.
        var value: (JSON) -> Value?
    }

    /// Runs `body` with the process, or asks the midflight that controls it.
    static func run<Value>(
        pid: Int32, json: Bool, color: ColorOptions, else delegation: Delegation<Value>? = nil,
        _ body: (Connection) throws(SessionError) -> Value
    ) throws -> Value {
        try ask(pid: pid, json: json, color: color, else: delegation) { () throws(SessionError) in
            try body(try Connection(pid: pid))
        }
    }

    /// The same where `body` has its own way to attach.
    static func ask<Value>(
        pid: Int32, json: Bool, color: ColorOptions, else delegation: Delegation<Value>? = nil,
        _ body: () throws(SessionError) -> Value
    ) throws -> Value {
        Signals.forward(grace: grace) { _ in }  // too short to be stopped or paused
        do throws(SessionError) {
            return try body()
        } catch {
            if ExitStatus(error) == .alreadyControlled, let delegation,
                let client = try? ControlClient(pid: pid),
                let answer = try? client.ask(
                    ControlRequest(pid: pid, action: delegation.action), timeout: Control.patience)
            {
                return try value(answer, delegation, json: json, color: color)
            }
            if json { Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal())) }
            let text = EventText(style: color.style(for: STDERR_FILENO), isVerbose: false)
            Terminal.standardError(text.lines(.refused(error)))
            throw ExitStatus(error)
        }
    }

    /// Throws with the status that the other midflight gives, after its message was printed.
    private static func value<Value>(
        _ answer: JSON, _ delegation: Delegation<Value>, json: Bool, color: ColorOptions
    ) throws -> Value {
        if let value = delegation.value(answer) { return value }
        if json, case .object(let members) = answer {
            let rest = members.filter { $0.0 != "v" && $0.0 != "answer" }
            let head: [(String, JSON)] = [
                ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", "error"),
            ]
            Terminal.standardOutput(JSON.object(head + rest).line + "\n")
        }
        let style = color.style(for: STDERR_FILENO)
        let id = answer["reason"]?.text.map { "  [\($0.sanitized)]" } ?? ""
        Terminal.standardError("\(style.mark(.failed)) \((answer["message"]?.text ?? "").sentence)\(id)\n")
        if let action = answer["action"]?.text {
            Terminal.standardError("  \(style.arrow) \(action.sanitized)\n")
        }
        throw answer["status"]?.integer.flatMap { Int32(exactly: $0) }.flatMap(ExitStatus.init(rawValue:))
            ?? .alreadyControlled
    }

    /// What was found out has been printed: ends with its status.
    static func finish(isDone: Bool) throws {
        if Signals.isEnding { throw ExitStatus.interrupted }
        if !isDone { throw ExitStatus.notApplied }
    }
}
