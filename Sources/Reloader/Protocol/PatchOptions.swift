/// How a burst is applied.
package struct PatchOptions: Sendable, Hashable {
    /// Results that `functools.lru_cache` keeps of a changed function stay.
    package var keepCaches: Bool
    /// A new signature goes in although another object has read the old one.
    package var force: Bool
    /// New code that uses a global name which does not exist keeps the burst out.
    package var strict: Bool
    /// Resolve and check only.
    package var dryRun: Bool
    /// One change that cannot go in keeps all others out.
    package var atomic: Bool

    /// All options are off unless they are named.
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
