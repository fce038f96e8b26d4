import Reloader
import SourceDiff
import SystemPackage

/// A source file of the target as the session knows it.
struct FileState {
    var file: ModuleFile
    /// As users see it.
    var display: String
    /// What the process runs, as source; nil if it is not known.
    var baseline: Source?
    /// Its saved content is not in the process, because its burst was rejected: tried again with each next save.
    var isWaiting = false

    struct Source {
        var bytes: [UInt8]
        /// Nil if the bytes do not scan.
        var outline: Outline?

        init(_ bytes: [UInt8]) { self.init(bytes, try? Outline(scanning: bytes)) }

        init(_ bytes: [UInt8], _ outline: Outline?) {
            self.bytes = bytes
            self.outline = outline
        }
    }
}

extension FileState {
    /// Every `co_filename` that live code of the file may carry.
    private var codePaths: [String] {
        [file.codePath, file.spelling, file.path.string].reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// For the twin, to compare live code with.
    func comparable(source: [UInt8]) -> CompilerTwin.Baseline {
        CompilerTwin.Baseline(path: file.codePath, paths: codePaths, modules: file.modules, source: source)
    }

    func edit(from old: [UInt8], to new: [UInt8], changes: [PlannedChange]) -> FileEdit {
        FileEdit(
            path: file.codePath, paths: codePaths, modules: file.modules, old: old, new: new, changes: changes
        )
    }
}
