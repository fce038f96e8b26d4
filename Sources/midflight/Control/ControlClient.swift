import Glibc
import Reconciler
import Reloader

/// Asks the midflight that controls a process.
struct ControlClient {
    /// Why nobody could be asked, or nothing came back.
    enum Failure: Error {
        /// The process is gone, or /proc does not show it to us.
        case noSuchProcess
        /// No midflight controls the process.
        case notControlled
        /// It does, but it takes no requests from here, or it left meanwhile.
        case unreachable(holder: Int32)
        /// It was stopped (Ctrl-Z): it takes nothing until it goes on, and what it is sent now is not carried out then.
        case suspended(holder: Int32)
        /// No answer in time.
        case tooSlow(holder: Int32)
    }

    /// The midflight that controls the process.
    let holder: Int32
    /// Connected; closed by `ask`, or by the feed that `follow` gives.
    private let socket: Int32

    /// Connects to the midflight that controls the process.
    init(pid: Int32) throws(Failure) {
        let procFS = ProcFS()
        guard let owner = (try? procFS.status(pid))?.userIDs.first else { throw .noSuchProcess }
        guard let holder = ControlLock.holder(of: pid) else { throw .notControlled }
        try self.init(holder: holder, owner: owner)
    }

    /// Connects to this midflight. `owner`: the user whose directory its socket lies in.
    init(holder: Int32, owner: UInt32) throws(Failure) {
        if SuspendedHolder.isSuspended(holder) { throw .suspended(holder: holder) }
        guard let socket = ControlSocket.connect(to: holder, owner: owner) else {
            throw .unreachable(holder: holder)
        }
        self.holder = holder
        self.socket = socket
    }

    /// The answer to one request. `timeout`: milliseconds. Call once.
    func ask(_ request: ControlRequest, timeout: Int64) throws(Failure) -> JSON {
        defer { close(socket) }
        let link = FrameLink(input: socket, output: socket, isSocket: true)
        let deadline = Monotonic.now + timeout * 1_000_000
        let content: [UInt8]
        do throws(FrameLink.Failure) {
            let id = try link.post(ControlWire.content(request))
            try link.finishSending(by: deadline)
            content = try link.next(of: id, by: deadline).content
        } catch {
            throw error == .tooSlow ? .tooSlow(holder: holder) : .unreachable(holder: holder)
        }
        guard let answer = JSONReader.value(of: String(decoding: content, as: UTF8.self)) else {
            throw .unreachable(holder: holder)
        }
        return answer
    }

    /// What happens from now on; nil where the other midflight is too old to tell. Call this or `ask`, once.
    func follow(_ pid: Int32) throws(Failure) -> EventFeed? {
        let link = FrameLink(input: socket, output: socket, isSocket: true)
        let deadline = Monotonic.now + Control.patience * 1_000_000
        let (request, content): (UInt32, [UInt8])
        do throws(FrameLink.Failure) {
            request = try link.post(ControlWire.content(ControlRequest(pid: pid, action: .follow)))
            try link.finishSending(by: deadline)
            content = try link.next(of: request, by: deadline).content
        } catch {
            close(socket)
            throw error == .tooSlow ? .tooSlow(holder: holder) : .unreachable(holder: holder)
        }
        let feed = EventFeed(socket: socket, link: link, request: request, holder: holder)
        let answer = JSONReader.value(of: String(decoding: content, as: UTF8.self))
        return answer?["answer"]?.text == "done" ? feed : nil
    }
}

extension ControlClient.Failure {
    /// What went wrong, without a full stop.
    func message(pid: Int32) -> String {
        switch self {
        case .noSuchProcess: "there is no process \(pid)"
        case .notControlled: "no midflight controls process \(pid)"
        case .unreachable(let holder): "midflight \(holder), which controls process \(pid), takes no request"
        case .suspended(let holder): SuspendedHolder.message(holder) + ", and controls process \(pid)"
        case .tooSlow(let holder): "midflight \(holder) did not answer in time"
        }
    }

    /// The id of it in events (docs/exit-codes.md).
    var reason: String {
        switch self {
        case .noSuchProcess, .notControlled: "no-such-process"
        case .unreachable, .suspended, .tooSlow: "already-controlled"
        }
    }

    /// The exit status of a command that fails so.
    var status: ExitStatus {
        switch self {
        case .noSuchProcess, .notControlled: .noSuchProcess
        case .unreachable: .alreadyControlled
        case .suspended, .tooSlow: .targetUnavailable
        }
    }
}
