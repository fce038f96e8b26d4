import Reloader
import SourceDiff
import SystemPackage

/// A source file of the target as the session knows it.
struct FileState {
    /// Names and spellings of the file in the process.
    var file: ModuleFile
    /// As users see it.
    var display: String
    /// What the process runs, as source; nil if it is not known.
    var baseline: Source?
    /// Where that is not known: the nearest that is.
    var partial: PartialBaseline?
    /// What the process ran before a burst of which it is not known whether it went in.
    var former: Source?
    /// Its saved content is not in the process, because its burst was rejected: tried again with each next save.
    var isWaiting = false
    /// CLOCK_MONOTONIC in nanoseconds, from which on an import that goes on keeps nothing out any more.
    var importDeadline: Int64?
    /// Whether it is on disk; the first burst without it names what others have from it.
    var presence = Presence.there
    /// Of the saves until now: what is not in the process, although its file's content is its baseline.
    var kept: [PatchReport.Remark] = []
    /// What could not go in of the saves until now and may go in later, by `PlannedChange.key`.
    var pending: [String: Pending] = [:]
    /// Why its last burst was rejected, or could not be delivered; nil once one went in.
    var rejected: PatchReport.Rejected?
    /// Why its last burst could not be delivered; nil once one went in.
    var failure: SessionError?
    /// The last baseline of which everything was live.
    var whole: Source?

    enum Presence {
        case there
        /// What others have from it is not named yet.
        case gone
        case toldGone
    }

    /// A content of which the process runs all but a few definitions.
    struct PartialBaseline {
        /// What the file held when it was compared with the process.
        var source: Source
        /// Qualified names, without the module, of what the process has of another source.
        var differing: Set<String>
    }

    /// One content of a file with what is known of it; a copy shares the outline and the words.
    struct Source {
        /// As on disk, in the file's own encoding.
        var bytes: [UInt8]
        /// Nil if the bytes do not scan.
        let outline: Outline?
        /// Of `outline`, for `words`.
        private let kept = KeptWords()

        /// Scans `bytes`; if `earlier`, what the same file held before, is known, only what differs from it.
        init(_ bytes: [UInt8], after earlier: Source? = nil) {
            self.init(
                bytes,
                try? earlier?.outline?.updating(to: bytes, decode: EncodingConverter.utf8)
                    ?? Outline(reading: bytes))
        }

        /// `outline`: of these bytes, nil if they do not scan.
        init(_ bytes: [UInt8], _ outline: Outline?) {
            self.bytes = bytes
            self.outline = outline
        }

        /// Nil if the bytes do not scan.
        var words: SourceWords? { outline.map(kept.words) }
        /// As `words`.
        var calls: CallWords? { outline.map(kept.calls) }
    }
}

extension FileState {
    /// After a burst went in with `source` as this file's content.
    mutating func take(_ source: Source, _ report: PatchReport) {
        if whole == nil, kept.isEmpty { whole = baseline }
        let applied = Set(report.applied.filter { $0.file == display }.map(\.name))
        // What went in after all is held back no more.
        kept.removeAll { applied.contains($0.name) || $0.reason == .heldBack }
        for remark in report.kept where remark.file == display && !kept.contains(remark) {
            kept.append(remark)
        }
        if source.bytes == whole?.bytes { kept = [] }
        baseline = source
        partial = nil
        former = nil
        if kept.isEmpty { whole = source }
    }
}

extension FileState {
    /// Every `co_filename` that live code of the file may carry.
    private var codePaths: [String] {
        let first = [file.codePath, file.spelling, file.path.string]
        return (first + file.otherSpellings.sorted()).reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// For the twin, to compare live code with.
    func comparable(source: [UInt8]) -> CompilerTwin.Baseline {
        CompilerTwin.Baseline(path: file.codePath, paths: codePaths, modules: file.modules, source: source)
    }

    /// For the twin, to compile. `changes`: in the order in which they are to go in.
    func edit(from old: [UInt8], to new: [UInt8], changes: [PlannedChange]) -> FileEdit {
        FileEdit(
            path: file.codePath, paths: codePaths, modules: file.modules, old: old, new: new, changes: changes
        )
    }
}
