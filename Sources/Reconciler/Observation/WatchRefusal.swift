package import Reloader

/// Why nothing is watched; the process is as it was.
package enum WatchRefusal: Sendable, Hashable {
    /// The name that was given; no loaded module has it.
    case noModule(String)
    /// The module is loaded, but its file cannot be read, or no function in it fits.
    case noFunction(FunctionName, module: String)
    /// A line was given, of a file that no loaded module has.
    case noFile(String)
    /// How many functions fit; `CallWatch.mostFunctions` are allowed.
    case tooMany(Int)
    /// `reason`: `expression-refused` or `expression-failed`.
    case expression(text: String, reason: String, message: String)
    /// None of them could be watched; why, for each.
    case functions([Unwatched])
}
