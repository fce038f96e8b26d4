package import SystemPackage
import Watcher

/// Reads source files, and says in words why one cannot be read.
package enum SourceReader {
    /// Larger files are not patched: 8 MiB. CPython's own largest source has 0.6 MiB.
    package static let sizeLimit = 8 << 20

    /// Why a source was not read.
    package struct Failure: Error, Sendable, Hashable {
        /// What kind of failure it is.
        package var reason: Reason
        /// One sentence without a full stop.
        package var message: String
    }

    /// What stands in the way of reading.
    package enum Reason: Sendable, Hashable { case missing, unreadable, tooBig }

    /// The file's bytes. A pipe or a device is refused, not waited for. `limit`: the most bytes that a file may have.
    package static func read(_ path: FilePath, limit: Int = sizeLimit) throws(Failure) -> [UInt8] {
        do throws(FileReadError) {
            return try FileReader.read(path, limit: limit).bytes
        } catch {
            throw failure(error, limit: limit)
        }
    }

    /// The failure in words.
    static func failure(_ error: FileReadError, limit: Int) -> Failure {
        switch error {
        case .missing: Failure(reason: .missing, message: "the file does not exist")
        case .notRegular: Failure(reason: .unreadable, message: "it is not a regular file")
        case .tooBig(let size):
            Failure(
                reason: .tooBig,
                message: "\(size / 1024) KiB are more than the \(limit / 1024) KiB that are read")
        case .unreadable(let cause): Failure(reason: .unreadable, message: "\(cause)")
        case .unstable: Failure(reason: .unreadable, message: "it changed while it was read, again and again")
        }
    }
}
