import Glibc
import SystemPackage

extension ProcFS {
    /// The entries of a directory whose names are decimal numbers, ascending; empty if it cannot be read.
    func numbers(in directory: FilePath) -> [Int32] {
        guard let stream = opendir(directory.string) else { return [] }
        defer { closedir(stream) }
        var found: [Int32] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int32(name) { found.append(number) }
        }
        return found.sorted()
    }

    func readLink(_ path: FilePath) -> FilePath? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink(path.string, &buffer, Int(PATH_MAX))
        guard count > 0 else { return nil }
        buffer[count] = 0
        return FilePath(platformString: buffer)
    }
}
