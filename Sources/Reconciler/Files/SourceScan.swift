import SourceDiff

/// Python's part of the watcher's question whether a file is finished.
package enum SourceScan {
    package static let isComplete: @Sendable ([UInt8]) -> Bool = { bytes in
        (try? Outline(reading: bytes)) != nil
    }
}
