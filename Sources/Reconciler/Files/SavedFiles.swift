import SystemPackage

/// What files hold while one question is answered: each is read once, when it is first asked for, so that all processes
/// and all reasons speak of the same content.
struct SavedFiles {
    /// What a file holds, or why it cannot be read.
    typealias Content = Result<[UInt8], SourceReader.Failure>

    /// What was read already, failures included.
    private var contents: [FilePath: Content] = [:]
    /// From disk; in an undo, the source that is put back.
    private let reader: (FilePath) -> Content

    /// `reader`: reads a file from disk.
    init(reader: @escaping (FilePath) -> Content = SavedFiles.fromDisk) { self.reader = reader }

    /// Reads the file when it is asked for first; later the same answer.
    mutating func content(of path: FilePath) -> Content {
        if let known = contents[path] { return known }
        let content = reader(path)
        contents[path] = content
        return content
    }

    /// Nil if it cannot be read.
    mutating func bytes(of path: FilePath) -> [UInt8]? { try? content(of: path).get() }

    /// The default reader, with its error as a value.
    private static func fromDisk(_ path: FilePath) -> Content {
        do throws(SourceReader.Failure) { return .success(try SourceReader.read(path)) } catch {
            return .failure(error)
        }
    }
}
