/// How a burst is applied.
package struct PatchOptions: Sendable, Hashable {
    package var keepCaches: Bool
    package var force: Bool
    package var strict: Bool
    /// Resolve and check only.
    package var dryRun: Bool
    /// One change that cannot go in keeps all others out.
    package var atomic: Bool

    package init(
        keepCaches: Bool = false, force: Bool = false, strict: Bool = false, dryRun: Bool = false,
        atomic: Bool = false
    ) {
        self.keepCaches = keepCaches
        self.force = force
        self.strict = strict
        self.dryRun = dryRun
        self.atomic = atomic
    }
}
