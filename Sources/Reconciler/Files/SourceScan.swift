import SourceDiff
package import SystemPackage

/// Python's part of the watcher's question whether a file is finished.
package enum SourceScan {
    /// Whether the bytes are a finished Python file: what is cut in the middle of a statement is not.
    package static let isComplete: @Sendable (FilePath, [UInt8]) -> Bool = { path, bytes in
        path.extension != "py" || (try? Outline(reading: bytes)) != nil
    }
}
