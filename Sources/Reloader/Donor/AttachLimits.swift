/// Time limits of an attach, in milliseconds.
package struct AttachLimits: Sendable {
    /// Until a thread was found that can be borrowed.
    package var donor: Int64 = 2000
    /// Until the agent's thread has made its pipes.
    package var pipes: Int64 = 2500
    /// Until an answer, or until an agent that works on its request is looked at again.
    package var answer: Int64 = 10000
    /// Until an answer of an agent that has worked on its request all the while.
    package var work: Int64 = 30000
    /// Until the agent has left after it was told to.
    package var leave: Int64 = 2000

    /// Makes the limits of a release.
    package init() {}
}
