/// Why nothing is shown of a process, or less than was asked for.
///
/// The list is closed and stable: programs read these ids. docs/reasons.md explains them.
package enum LookReason: String, Sendable, Hashable, CaseIterable {
    /// The expression may do more than look, for example call a function; nothing of it was run.
    case expressionRefused = "expression-refused"
    /// It is no expression, or it raised an exception in the process.
    case expressionFailed = "expression-failed"
    /// `gc.freeze()` hides objects from the search for instances, so that those among them are not found.
    case heapFrozen = "heap-frozen"
    /// The process does not run what the function's file says, so its source cannot be watched.
    case drifted
}
