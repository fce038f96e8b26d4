import Glibc
import Reconciler
import Reloader

/// Asks the midflight that controls a process.
struct ControlClient {
    enum Failure: Error {
        case noSuchProcess
        /// No midflight controls the process.
        case notControlled
        /// It does, but it takes no requests from here, or it left meanwhile.
        case unreachable(holder: Int32)
        /// No answer in time.
        case tooSlow(holder: Int32)
    }

    let holder: Int32
    private let socket: Int32

    init(pid: Int32) throws(Failure) {
        let procFS = ProcFS()
        guard let owner = (try? procFS.status(pid))?.userIDs.first else { throw .noSuchProcess }
        guard let holder = ControlLock.holder(of: pid) else { throw .notControlled }
        try self.init(holder: holder, owner: owner)
    }

    init(holder: Int32, owner: UInt32) throws(Failure) {
        guard let socket = ControlSocket.connect(to: holder, owner: owner) else {
            throw .unreachable(holder: holder)
        }
        self.holder = holder
        self.socket = socket
    }

    /// The answer to one request. `timeout`: milliseconds. Call once.
    func ask(_ request: ControlRequest, timeout: Int64) throws(Failure) -> JSON {
        defer { close(socket) }
        let line = Array(ControlWire.line(request).utf8)
        guard
            line.withUnsafeBytes({ send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) })
                == line.count
        else { throw .unreachable(holder: holder) }
        let deadline = Monotonic.now + timeout * 1_000_000
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while received.last != UInt8(ascii: "\n") {
            let left = max(0, (deadline - Monotonic.now + 999_999) / 1_000_000)
            var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let ready = poll(&polled, 1, Int32(clamping: left))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { throw .tooSlow(holder: holder) }
            let count = recv(socket, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreachable(holder: holder) }
            received += chunk[..<count]
        }
        guard let answer = JSONReader.value(of: String(decoding: received.dropLast(), as: UTF8.self)) else {
            throw .unreachable(holder: holder)
        }
        return answer
    }
}

extension ControlClient.Failure {
    func message(pid: Int32) -> String {
        switch self {
        case .noSuchProcess: "there is no process \(pid)"
        case .notControlled: "no midflight controls process \(pid)"
        case .unreachable(let holder): "midflight \(holder), which controls process \(pid), takes no request"
        case .tooSlow(let holder): "midflight \(holder) did not answer in time"
        }
    }

    var status: ExitStatus {
        switch self {
        case .noSuchProcess, .notControlled: .noSuchProcess
        case .unreachable: .alreadyControlled
        case .tooSlow: .targetUnavailable
        }
    }
}
