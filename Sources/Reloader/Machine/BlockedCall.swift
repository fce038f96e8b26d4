/// A system call that a thread is blocked in: /proc/PID/task/TID/syscall, x86-64 numbers.
package struct BlockedCall: Sendable, Hashable {
    package var number: Int
    package var arguments: [UInt64]

    /// Nil for "running", and for a thread that is blocked outside a system call (-1).
    package init?(text: String) {
        let fields = text.split { $0 == " " || $0 == "\n" }
        guard fields.count >= 7, let number = Int(fields[0]), number >= 0 else { return nil }
        let arguments = fields[1...6].compactMap { UInt64($0.dropFirst(2), radix: 16) }
        guard arguments.count == 6 else { return nil }
        self.number = number
        self.arguments = arguments
    }

    package init(number: Int, arguments: [UInt64]) {
        self.number = number
        self.arguments = arguments
    }

    /// How gladly a thread in this call is borrowed, best first; nil where the mere stop could be noticed.
    package var suitability: Suitability? {
        guard let call = SystemCall(rawValue: number) else { return nil }
        switch call {
        case .read, .write, .readv, .writev, .accept, .accept4, .connect, .recvfrom, .recvmsg, .recvmmsg,
            .sendto,
            .sendmsg, .wait4, .waitid, .pause, .rtSigsuspend, .flock:
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

    package enum Suitability: Int, Comparable, Sendable {
        case endless, timed, timedEpoll

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Interruptible calls whose interruption by a stop nobody notices: restarted by the kernel or by us.
    enum SystemCall: Int {
        case read = 0, write = 1, poll = 7, readv = 19, writev = 20, select = 23, pause = 34, nanosleep = 35
        case connect = 42, accept = 43, sendto = 44, recvfrom = 45, sendmsg = 46, recvmsg = 47, wait4 = 61,
            flock = 73
        case rtSigsuspend = 130, futex = 202, restartSyscall = 219, clockNanosleep = 230, epollWait = 232
        case waitid = 247, pselect6 = 270, ppoll = 271, epollPwait = 281, accept4 = 288, recvmmsg = 299
        case epollPwait2 = 441
    }

    /// sigtimedwait(2): a stop makes it return EINTR, which its callers do not expect; it is restarted by us.
    static let rtSigtimedwait = 128
}
