import SystemPackage

/// What one burst changed in one process, and its inverse: the sources before and after.
struct Revision {
    /// Number of the burst.
    var id: Int
    /// Of each file: what was before, and what was brought.
    var changes: [FilePath: Change]
    /// Names that stayed out: taking the burst back cannot change them either.
    var kept: Set<String>

    /// One file's step.
    struct Change {
        /// What the process ran before; nil if that was not known.
        var before: FileState.Source?
        /// What it ran once the burst had gone in.
        var after: FileState.Source
        /// What taking it back will not restore, found when it went in.
        var lost: [PatchReport.Remark] = []
    }
}
