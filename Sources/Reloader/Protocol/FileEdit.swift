/// One changed file of a burst, for one process.
package struct FileEdit: Sendable {
    /// `co_filename` of what is compiled: the process's own spelling of the path.
    package var path: String
    /// Every `co_filename` that live code of the file may carry.
    package var paths: [String]
    /// Names in `sys.modules` that were made from the file.
    package var modules: [String]
    /// What the process runs.
    package var old: [UInt8]
    /// What was saved.
    package var new: [UInt8]
    /// What the plan found to do, in the order of the new source.
    package var changes: [PlannedChange]
    /// The parts of `old` and `new` that decide, where the rest is known to be equal; nil where the whole is needed.
    package var slices: EditSlices?
    /// Qualified names that a burst deleted before this twin was started: if one returns, an object that still lives is
    /// bound again. The twin itself remembers those that it saw go.
    package var returning: [String] = []
    /// The same file has another entry in the burst; this one tries again what failed earlier.
    package var isAgain = false

    /// Makes an edit that is compiled as a whole, until it is given slices.
    package init(
        path: String, paths: [String], modules: [String], old: [UInt8], new: [UInt8], changes: [PlannedChange]
    ) {
        self.path = path
        self.paths = paths
        self.modules = modules
        self.old = old
        self.new = new
        self.changes = changes
    }

    /// `whole`: the two sources themselves, although there are slices.
    package func message(whole: Bool) -> MarshalValue {
        let slices = whole ? nil : self.slices
        return [
            "path": .string(path), "paths": .strings(paths), "modules": .strings(modules),
            "old": .bytes(slices == nil ? old : []), "new": .bytes(slices == nil ? new : []),
            "changes": .list(changes.map(\.message)), "returning": .strings(returning),
            "slices": slices?.message ?? .none, "again": .bool(isAgain),
        ]
    }
}
