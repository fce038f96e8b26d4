package import Reloader

/// Why nothing is watched; the process is as it was.
package enum WatchRefusal: Sendable, Hashable {
    case noModule(String)
    case noFunction(FunctionName, module: String)
    case tooMany(Int)
    /// `reason`: `expression-refused` or `expression-failed`.
    case expression(text: String, reason: String, message: String)
    case functions([Unwatched])
}
