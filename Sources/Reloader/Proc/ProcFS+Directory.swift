import Glibc
import SystemPackage

extension ProcFS {
    /// The entries of a directory whose names are decimal numbers, ascending; empty if it cannot be read.
    func numbers(in directory: FilePath) -> [Int32] {
        Self.names(in: directory.string).compactMap { Int32($0) }.sorted()
    }

    /// The names in a directory, in no order, `.` and `..` among them; empty if it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            found.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return found
    }

    /// Where a symbolic link leads, as it says; nil if the path is none, or may not be read.
    func readLink(_ path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path.string, &buffer, Int(PATH_MAX))
        guard count > 0 else { return nil }
        buffer[count] = 0
        return FilePath(platformString: buffer)
    }
}
