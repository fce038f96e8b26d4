import Reloader
import Subprocess

/// The last bytes of a stream.
struct OutputTail {
    /// Bytes.
    private let limit: Int
    /// Up to twice the limit, so that not every chunk moves what is kept.
    private var bytes: [UInt8] = []

    /// `limit`: bytes that are kept.
    init(limit: Int) { self.limit = limit }

    /// Takes in more output; what is too much is dropped from the beginning.
    mutating func append(_ more: UnsafeRawBufferPointer) {
        bytes += more
        if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// What is kept, as UTF-8; a character may be cut at the beginning.
    var text: String { String(decoding: bytes.suffix(limit), as: UTF8.self) }
}
