/// Where a thread was stopped between two instructions of its own, and the stack that it runs on.
package struct RunningThread: Sendable, Hashable {
    /// The address of the next instruction.
    package var instruction: UInt64
    /// The lowest address of the stack that is in use.
    package var stackPointer: UInt64
    /// Where the thread's own variables lie: on its stack, at the end at which the stack begins.
    package var threadPointer: UInt64
    /// Of the program's first thread: where its stack began. Nil for all others.
    package var firstStack: UInt64?

    /// Makes a thread from its registers. `firstStack`: where the stack of the main thread begins; nil for another one.
    package init(instruction: UInt64, stackPointer: UInt64, threadPointer: UInt64, firstStack: UInt64?) {
        self.instruction = instruction
        self.stackPointer = stackPointer
        self.threadPointer = threadPointer
        self.firstStack = firstStack
    }
}
