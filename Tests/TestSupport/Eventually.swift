/// Waits for `condition`, asking every two milliseconds.
///
/// - Throws: `TestSupportError.notInTime` with `seen()` once the time is over.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60), seen: () async -> String = { "" },
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw TestSupportError.notInTime(what, seen: await seen()) }
        try await Task.sleep(for: .milliseconds(2))
    }
}
