import Reconciler
import SourceDiff
import SystemPackage

/// Reads and scans a file that the user named.
enum SourceFile {
    /// Why a source has no outline.
    struct Failure: Error, CustomStringConvertible {
        /// One line; the path in it is safe for a terminal.
        let description: String
    }

    /// A source file larger than this is not read: 64 MiB.
    static let sizeLimit = 64 << 20

    /// The file's outline, or what is wrong with the file, as PATH:LINE:COLUMN: MESSAGE where there is a place.
    static func outline(_ path: String) -> Result<Outline, Failure> {
        let bytes: [UInt8]
        do {
            bytes = try SourceReader.read(FilePath(path), limit: sizeLimit)
        } catch {
            return .failure(Failure(description: "\(path.sanitized): \(error.message)"))
        }
        do throws(ScanError) {
            return .success(try Outline(reading: bytes))
        } catch {
            return .failure(
                Failure(description: "\(path.sanitized):\(error.line):\(error.column): \(error.description)"))
        }
    }
}
