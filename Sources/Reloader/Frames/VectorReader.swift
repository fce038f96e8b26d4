import CLinuxShims
import Glibc

/// Reads several places of a process in one system call, in the order given, into one buffer that is used again and
/// again.
///
/// One call is not one instant, but the places are read within about a microsecond.
final class VectorReader {
    /// The process that is read.
    let pid: Int32
    private let buffer: UnsafeMutableRawPointer
    private var local: [iovec] = []
    private var remote: [iovec] = []
    private var used = 0

    /// Bytes.
    private static let capacity = 1 << 18
    /// IOV_MAX of the kernel.
    static let mostParts = 1024

    /// Reads nothing yet.
    init(pid: Int32) {
        self.pid = pid
        buffer = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Forgets the places of the last read.
    func begin() {
        local.removeAll(keepingCapacity: true)
        remote.removeAll(keepingCapacity: true)
        used = 0
    }

    /// Where the bytes will be; nil if there is no room for them.
    func add(_ address: UInt64, count: Int) -> Int? {
        guard used + count <= Self.capacity, local.count < Self.mostParts else { return nil }
        local.append(iovec(iov_base: buffer + used, iov_len: count))
        remote.append(iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(address)), iov_len: count))
        defer { used += (count + 7) & ~7 }
        return used
    }

    /// False unless all could be read.
    func read() -> Bool {
        let wanted = local.reduce(0) { $0 + $1.iov_len }
        return midflight_read_vectors(pid, local, remote, local.count) == wanted
    }

    /// Reads one place more, and keeps what was read before; nil if it cannot be read.
    func more(_ address: UInt64, count: Int) -> Int? {
        let earlier = local.count
        guard let place = add(address, count: count) else { return nil }
        let moved = midflight_read_vectors(
            pid, Array(local[earlier...]), Array(remote[earlier...]), 1)
        return moved == count ? place : nil
    }

    /// Eight bytes of what was read, little-endian.
    func word(_ place: Int) -> UInt64 { buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
    /// Four bytes of it.
    func half(_ place: Int) -> UInt32 { buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
    /// One byte of it.
    func byte(_ place: Int) -> UInt8 { buffer.load(fromByteOffset: place, as: UInt8.self) }
    /// `count` bytes of it.
    func bytes(_ place: Int, count: Int) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: buffer + place, count: count))
    }
    /// Whether what was read there is `bytes`, the first `from` of them left out.
    func holds(_ bytes: [UInt8], at place: Int, from: Int) -> Bool {
        bytes.withUnsafeBytes { known in
            guard let start = known.baseAddress, from <= known.count else { return false }
            return memcmp(start + from, buffer + place + from, known.count - from) == 0
        }
    }

    /// One word, nil if it cannot be read.
    func word(at address: UInt64) -> UInt64? {
        begin()
        guard let place = add(address, count: 8), read() else { return nil }
        return word(place)
    }
}
