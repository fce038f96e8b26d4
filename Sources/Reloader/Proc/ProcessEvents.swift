import CLinuxShims
package import SystemPackage

/// Forks and executed programs, as the kernel tells them through its process connector.
///
/// Needs CAP_NET_ADMIN, and neither a user nor a pid namespace of our own. The kernel itself leaves out what nobody
/// asked for, so that a busy machine does not wake us.
package struct ProcessEvents: ~Copyable {
    /// Readable when the kernel has told something.
    package let descriptor: Int32

    /// What the kernel tells of processes.
    package enum Event: Sendable, Hashable {
        /// Processes only: new threads are not told. `child` may have ended by now.
        case forked(parent: Int32, child: Int32)
        /// execve(2) has succeeded; the process keeps its number.
        case executed(pid: Int32)
        /// More happened than the socket could hold: look at everything.
        case lost
    }

    /// Throws EPERM without CAP_NET_ADMIN, which the connector asks for.
    package init() throws(Errno) {
        let opened = midflight_process_events_open()
        guard opened >= 0 else { throw Errno(rawValue: CInt(-opened)) }
        descriptor = Int32(opened)
    }

    deinit { try? FileDescriptor(rawValue: descriptor).close() }  // a netlink socket has nothing to lose

    /// `executions`: also those of every other process, because one that is waited for may begin.
    package func listen(to pids: [Int32], executions: Bool) {
        let heard = pids.prefix(Int(MIDFLIGHT_PROCESS_EVENTS_MOST))
        _ = Array(heard).withUnsafeBufferPointer {
            midflight_process_events_filter(descriptor, $0.baseAddress, $0.count, executions ? 1 : 0)
        }
    }

    /// What has happened since the last call; does not block.
    package func read() -> [Event] {
        var events: [Event] = []
        var event = midflight_process_event()
        while true {
            switch midflight_process_events_read(descriptor, &event) {
            case 1 where event.child != 0: events.append(.forked(parent: event.actor, child: event.child))
            case 1: events.append(.executed(pid: event.actor))
            case -Int(Errno.noBufferSpace.rawValue): events.append(.lost)
            default: return events
            }
        }
    }
}
