import Reloader
import SourceDiff
import SystemPackage
import Watcher

/// The last contents of each file that a service has read: equal content is held and scanned once, however many
/// processes run it.
struct SourceShelf {
    /// A process that joins late runs one of the last few saves.
    private static let depth = 4

    /// Nanoseconds; the burst that measures sets them to 0.
    var readTime: Int64 = 0
    /// Nanoseconds of scanning in the burst under way.
    var scanTime: Int64 = 0

    /// The watcher's thread asks it too.
    let scans = RecentScans()
    /// Oldest first; at most `depth` for each file.
    private var contents: [FilePath: [FileState.Source]] = [:]

    /// `bytes` as a source that is shared with every earlier reading of the same content; the newest of its file now.
    mutating func place(_ bytes: [UInt8], of path: FilePath) -> FileState.Source {
        var known = contents[path, default: []]
        let source: FileState.Source
        if let index = known.lastIndex(where: { $0.bytes.isIdentical(to: bytes) }) {
            source = known.remove(at: index)
        } else {
            source = scans.source(bytes, of: path)
        }
        known.append(source)
        contents[path] = known.suffix(Self.depth)
        return source
    }

    /// Newest first.
    func versions(of path: FilePath) -> [FileState.Source] { (contents[path] ?? []).reversed() }
}

/// What reading a saved file gave.
enum Reading {
    /// It scans, so it can be compared.
    case source(FileState.Source)
    /// Our scanner refuses it; the compiler has the last word.
    case unscanned([UInt8], ScanError)
    /// Does not scan, and somebody still writes it: the rest comes with an event of its own.
    case unfinished
    /// It is missing, too big, or cannot be read.
    case failed(SourceReader.Failure)

    /// Nil unless it scans.
    var source: FileState.Source? {
        switch self {
        case .source(let source): source
        case .unscanned, .unfinished, .failed: nil
        }
    }
}

extension SourceShelf {
    /// The file's content with its outline, from the shelf where it is known.
    mutating func read(_ path: FilePath, in files: inout SavedFiles) -> Reading {
        let start = Monotonic.now
        let bytes: [UInt8]
        do throws(SourceReader.Failure) { bytes = try files.content(of: path).get() } catch {
            return .failed(error)
        }
        let scanStart = Monotonic.now
        readTime += scanStart - start
        defer { scanTime += Monotonic.now - scanStart }
        let source = place(bytes, of: path)
        if source.outline != nil { return .source(source) }
        do throws(ScanError) {
            return .source(FileState.Source(bytes, try Outline(reading: bytes)))
        } catch {
            return WriterProbe.hasWriter(path) ? .unfinished : .unscanned(bytes, error)
        }
    }
}
