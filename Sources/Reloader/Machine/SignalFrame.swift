/// A signal frame of the interrupted state, as the kernel itself would push it, on the donor's own stack.
///
/// While we borrow the thread its stack pointer rests on this frame, and a return leads to the restorer, which calls
/// rt_sigreturn(2). So a tool that is killed at any instant leaves a thread that goes on without it, its floating point
/// and vector registers included.
package struct SignalFrame: Sendable {
    /// Where the thread's stack pointer rests.
    package let stackPointer: RemoteAddress
    /// What to write, and where; all of it lies below the thread's stack and its red zone.
    package let parts: [(address: RemoteAddress, bytes: [UInt8])]

    /// Whether a thread whose stack pointer is `interrupted` can rest on the frame: it has the alignment of the
    /// machine, and all of it lies below the thread's own stack. Asked where a frame is made, and again where a
    /// thread is put on it.
    package func isSound<Architecture: Machine>(
        below interrupted: UInt64, for machine: Architecture.Type
    ) -> Bool {
        let alignment = machine.frameAlignment
        guard !parts.isEmpty, stackPointer.value % alignment.modulus == alignment.remainder else {
            return false
        }
        return parts.allSatisfy { part in
            let (end, wrapped) = part.address.value.addingReportingOverflow(UInt64(part.bytes.count))
            return part.address >= stackPointer && !wrapped && end <= interrupted
        }
    }

    /// `parts`: what is written, and where. The frame is complete once all of them are.
    package init(stackPointer: RemoteAddress, parts: [(address: RemoteAddress, bytes: [UInt8])]) {
        self.stackPointer = stackPointer
        self.parts = parts
    }
}
