package import Reloader

/// Which calls of which functions are shown, as its user says it.
package struct CallWatch: Sendable, Hashable {
    /// Of one watch among those of a process: they are told apart by it.
    package var identifier: Int
    /// Which functions; a pattern may mean several.
    package var function: FunctionName
    /// An expression: only calls for which it is true are shown. Nil for all.
    package var filter: String?
    /// What is shown; none for the parameters and the result.
    package var expressions: [String] = []
    /// Calls that return are not shown.
    package var onlyErrors = false
    /// Values are read at entry, before the body can change them.
    package var before = false
    /// Frames that led to each call.
    package var callers = 0
    /// Calls to show; -1 for no end.
    package var limit = 10
    /// Time in hooks that is allowed, as a part of one processor's.
    package var budget = 0.02
    /// Levels of containers and attributes that are shown.
    package var depth = 1
    /// More is shown of large values.
    package var isVerbose = false
    /// Values of names like `password` and `token` are left out.
    package var redacts = true
    /// Values are shown as repr() gives them, which runs code of the program.
    package var isRaw = false
    /// Expressions may call functions of the program.
    package var allowsCalls = false
    /// What of each call is recorded.
    package var recording = Recording.values

    /// What a watch records of a call: its values, the calls below it, or only its time.
    package enum Recording: Sendable, Hashable { case values, trace(TraceFacts), time }

    /// How calls below are recorded; nil where they are not.
    package var trace: TraceFacts? {
        if case .trace(let facts) = recording { facts } else { nil }
    }

    /// Makes a watch of the next ten calls.
    package init(identifier: Int, function: FunctionName) {
        self.identifier = identifier
        self.function = function
    }

    /// Most functions of one watch.
    static let mostFunctions = 50
}
