import Reconciler
import Reloader

/// One process whose calls are watched or whose tasks are read, by ourselves or through the midflight that controls it.
final class CallSource {
    /// Why a process cannot be asked.
    enum Failure: Error {
        /// It cannot be attached to, or was lost.
        case session(SessionError)
        /// The midflight that controls the process did not take the request.
        case control(Refusal)
    }

    /// What the midflight that controls a process says instead of an answer.
    struct Refusal: Error {
        /// Without a full stop.
        var message: String
        /// The status to end with.
        var status: ExitStatus
        /// An id of docs/exit-codes.md.
        var reason = "already-controlled"
        /// What can be done; empty if nobody knows.
        var action = ""
    }

    /// The process.
    let pid: Int32
    /// Nil where another midflight controls the process.
    private let connection: Connection?

    /// Reaches the process through the midflight that controls it, else attaches. `others`: share what they have.
    init(pid: Int32, beside others: [CallSource]) throws(Failure) {
        self.pid = pid
        do throws(SessionError) {
            connection = try Connection(pid: pid, sharing: others.compactMap(\.connection?.twin))
        } catch {
            guard ExitStatus(error) == .alreadyControlled, (try? ControlClient(pid: pid)) != nil else {
                throw .session(error)
            }
            connection = nil
        }
    }

    /// Begins a watch.
    func start(_ watch: CallWatch) throws(Failure) -> CallWatch.Start {
        guard let connection else { return try ask(.watch(watch), CallWire.start) }
        do throws(SessionError) { return try watch.start(in: connection) } catch { throw .session(error) }
    }

    /// What was recorded since it was asked last.
    func drain(_ watch: CallWatch) throws(Failure) -> DrainAnswer {
        guard let connection else { return try ask(.drain(watch), CallWire.drain) }
        do throws(SessionError) { return try watch.drain(in: connection) } catch { throw .session(error) }
    }

    /// Ends the watch; every function has its own code again.
    func stop(_ watch: CallWatch) throws(Failure) -> DrainAnswer {
        guard let connection else { return try ask(.unwatch(watch), CallWire.drain) }
        do throws(SessionError) { return try watch.stop(in: connection) } catch { throw .session(error) }
    }

    /// Its asyncio tasks.
    func tasks() throws(Failure) -> TaskStacks {
        guard let connection else { return try ask(.tasks, TaskWire.tasks) }
        do throws(SessionError) { return try TaskStacks.read(in: connection) } catch { throw .session(error) }
    }

    /// The calls of its threads, with their variables.
    func locals(_ facts: LocalsFacts) throws(Failure) -> LocalStacks {
        guard let connection else { return try ask(.locals(facts), LocalsWire.stacks) }
        do throws(SessionError) { return try facts.read(in: connection) } catch { throw .session(error) }
    }

    /// One request on a connection of its own. An answer that `value` cannot read carries an error and its
    /// status.
    private func ask<Value>(
        _ action: ControlRequest.Action, _ value: (JSON) -> Value?
    ) throws(Failure) -> Value {
        let answer: JSON
        do throws(ControlClient.Failure) {
            let request = ControlRequest(pid: pid, action: action)
            answer = try ControlClient(pid: pid).ask(request, timeout: Control.patience)
        } catch {
            throw .control(
                Refusal(message: error.message(pid: pid), status: error.status, reason: error.reason))
        }
        if let value = value(answer) { return value }
        let status = answer["status"]?.integer.flatMap { Int32(exactly: $0) }.flatMap(ExitStatus.init)
        var refusal = Refusal(
            message: answer["message"]?.text ?? "the answer was not understood",
            status: status ?? .targetUnavailable)
        if let reason = answer["reason"]?.text { refusal.reason = reason }
        refusal.action = answer["action"]?.text ?? ""
        throw .control(refusal)
    }
}
