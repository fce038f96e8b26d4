/// Which calls of which functions are shown, as its user says it.
package struct CallWatch: Sendable, Hashable {
    /// Of one watch among those of a process: they are told apart by it.
    package var identifier: Int
    package var function: FunctionName
    package var filter: String?
    /// What is shown; none for the parameters and the result.
    package var expressions: [String] = []
    package var onlyErrors = false
    /// Values are read at entry, before the body can change them.
    package var before = false
    /// Frames that led to each call.
    package var callers = 0
    /// Calls to show; -1 for no end.
    package var limit = 10
    /// Time in hooks that is allowed, as a part of one processor's.
    package var budget = 0.02
    package var depth = 1
    package var isVerbose = false
    package var redacts = true
    package var isRaw = false
    package var allowsCalls = false

    package init(identifier: Int, function: FunctionName) {
        self.identifier = identifier
        self.function = function
    }

    /// Most functions of one watch.
    static let mostFunctions = 50
}
