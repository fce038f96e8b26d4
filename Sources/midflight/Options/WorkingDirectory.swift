import Glibc
import SystemPackage

/// Where this process was started.
enum WorkingDirectory {
    /// Absolute; relative arguments begin there.
    static var path: FilePath {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return FilePath(platformString: path)
    }

    /// A path that the user gave, as seen from here.
    static func absolute(_ path: String) -> FilePath {
        FilePath(path).isAbsolute ? FilePath(path) : self.path.pushing(FilePath(path))
    }
}
