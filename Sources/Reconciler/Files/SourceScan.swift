import SourceDiff
package import SystemPackage

/// Python's part of the watcher's question whether a file is finished.
package enum SourceScan {
    package static let isComplete: @Sendable (FilePath, [UInt8]) -> Bool = { path, bytes in
        path.extension != "py" || (try? Outline(reading: bytes)) != nil
    }
}
