/// What kept a test from even trying.
package enum TestSupportError: Error {
    case noInterpreter
    /// The condition, and what was seen instead.
    case notInTime(String, seen: String)
    case programFailed(String, status: Int32)
    case badAnswer(String)
    case system(call: String, errno: Int32)
}
