/// Why nothing is shown of a process, or less than was asked for.
///
/// The list is closed and stable: programs read these ids. docs/reasons.md explains them.
package enum LookReason: String, Sendable, Hashable, CaseIterable {
    case expressionRefused = "expression-refused"
    case expressionFailed = "expression-failed"
    case heapFrozen = "heap-frozen"
    case drifted
}
