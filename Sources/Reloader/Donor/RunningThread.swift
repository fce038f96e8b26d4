/// Where a thread was stopped between two instructions of its own, and the stack that it runs on.
package struct RunningThread: Sendable, Hashable {
    package var instruction: UInt64
    package var stackPointer: UInt64
    /// Where the thread's own variables lie: on its stack, at the end at which the stack begins.
    package var threadPointer: UInt64
    /// Of the program's first thread: where its stack began. Nil for all others.
    package var firstStack: UInt64?

    package init(instruction: UInt64, stackPointer: UInt64, threadPointer: UInt64, firstStack: UInt64?) {
        self.instruction = instruction
        self.stackPointer = stackPointer
        self.threadPointer = threadPointer
        self.firstStack = firstStack
    }
}
