/// A system call that a thread is blocked in: /proc/PID/task/TID/syscall, in the numbers of the machine.
package struct BlockedCall: Sendable, Hashable {
    /// The number of the system call, as this architecture counts.
    package var number: Int
    /// What it was called with: six words, the unused ones at random.
    package var arguments: [UInt64]
    /// 0 where they are not known.
    package var stackPointer: UInt64 = 0
    /// The address of the instruction behind the call; 0 if /proc did not tell.
    package var codePointer: UInt64 = 0

    /// Nil for "running", and for a thread that is blocked outside a system call (-1).
    package init?(text: String) {
        let fields = text.split { $0 == " " || $0 == "\n" }
        guard fields.count >= 7, let number = Int(fields[0]), number >= 0 else { return nil }
        let words = fields[1...].compactMap { UInt64($0.dropFirst(2), radix: 16) }
        guard words.count == fields.count - 1 else { return nil }
        self.number = number
        arguments = Array(words[0..<6])
        if words.count >= 8 { (stackPointer, codePointer) = (words[6], words[7]) }
    }

    /// Whether a thread that stands behind a call is where it stood when /proc showed it waiting in this one.
    package func isAt(number: Int, stackPointer: UInt64, codePointer: UInt64) -> Bool {
        self.codePointer != 0 && self.codePointer == codePointer && self.stackPointer == stackPointer
            && self.number == number
    }

    /// Makes a call as /proc/PID/task/TID/syscall shows it.
    package init(number: Int, arguments: [UInt64]) {
        self.number = number
        self.arguments = arguments
    }
}

/// How gladly a thread is borrowed, best first.
package enum Suitability: Int, Comparable, Sendable {
    /// Without a timeout, with one, and epoll_wait(2) with one.
    case endless, timed, timedEpoll

    /// Orders by how well a thread suits: the least disturbing first.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Interruptible calls whose interruption by a stop nobody notices: restarted by the kernel or by us.
package enum WaitingCall: Sendable, Hashable, CaseIterable {
    /// Input and output: without a timeout.
    case read, write, readv, writev, accept, accept4, connect, recvfrom, recvmsg, recvmmsg, sendto, sendmsg
    /// Children, signals and locks of files: without a timeout.
    case wait4, waitid, pause, rtSigsuspend, flock
    /// The kernel goes on with what is left (restart_syscall(2)).
    case nanosleep, clockNanosleep, restartSyscall
    /// With a time or without one: the arguments tell.
    case poll, ppoll, select, pselect6, epollWait, epollPwait, epollPwait2
    /// Only FUTEX_WAIT_BITSET counts; see `suitability`.
    case futex

    /// Nil where these arguments make it a call whose interruption is noticed.
    func suitability(_ arguments: [UInt64]) -> Suitability? {
        switch self {
        case .read, .write, .readv, .writev, .accept, .accept4, .connect, .recvfrom, .recvmsg, .recvmmsg,
            .sendto, .sendmsg, .wait4, .waitid, .pause, .rtSigsuspend, .flock:
            return .endless
        case .nanosleep, .clockNanosleep, .restartSyscall: return .timed
        case .poll: return Int32(truncatingIfNeeded: arguments[2]) < 0 ? .endless : .timed
        case .ppoll: return arguments[2] == 0 ? .endless : .timed
        case .select, .pselect6: return arguments[4] == 0 ? .endless : .timed
        case .epollWait, .epollPwait:
            return Int32(truncatingIfNeeded: arguments[3]) < 0 ? .endless : .timedEpoll
        case .epollPwait2: return arguments[3] == 0 ? .endless : .timedEpoll
        // FUTEX_WAIT_BITSET is a condition variable or a semaphore; plain FUTEX_WAIT is a lock of libc, malloc's say.
        case .futex: return arguments[1] & 127 == 9 ? (arguments[3] == 0 ? .endless : .timed) : nil
        }
    }
}

extension Machine {
    /// How gladly a thread in `call` is borrowed; nil where the mere stop could be noticed.
    package static func suitability(of call: BlockedCall) -> Suitability? {
        waitingCall(call)?.suitability(call.arguments)
    }
}
