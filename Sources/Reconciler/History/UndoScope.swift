package import SystemPackage

/// How far patches are taken back.
package enum UndoScope: Sendable, Hashable {
    /// So many of the last bursts.
    case last(Int)
    /// The last change of one file; absolute, without symbolic links.
    case file(FilePath)
    /// Everything since midflight attached.
    case all
}
