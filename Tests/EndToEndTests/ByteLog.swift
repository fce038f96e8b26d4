import Foundation
import Glibc
import Synchronization

/// Everything that arrives on a descriptor, lines or not, collected by a thread of its own.
final class ByteLog: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Takes over `descriptor` and closes it at its end.
    init(reading descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var chunk = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                bytes.withLock { $0 += chunk[..<count] }
            }
            close(descriptor)
        }
    }
}
