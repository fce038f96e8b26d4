/// What became of one `reload MODULE [CLASS] METHOD`.
package struct ReloadOutcome: Sendable, Hashable {
    /// Why nothing was changed, without a full stop; nil if the method was reloaded.
    package var error: String?
    /// The module's source file; nil if it was not found.
    package var path: String?
    /// The method's source as it is in the file, decorators left out; nil if it was not found.
    package var source: String?
    /// Where the time went; nil if nothing was asked of the process, or another midflight did it.
    package var timing: BurstReport.Timing?

    /// Makes an outcome; without `error` the reload has worked.
    package init(error: String? = nil, path: String? = nil, source: String? = nil) {
        self.error = error
        self.path = path
        self.source = source
    }
}
