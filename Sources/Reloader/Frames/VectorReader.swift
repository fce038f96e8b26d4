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
    // Pointers, not arrays: this runs thousands of times a second, and an array in a class is checked at each access.
    private let local: UnsafeMutablePointer<iovec>
    private let remote: UnsafeMutablePointer<iovec>
    /// Places that were added.
    private(set) var count = 0
    private var used = 0

    /// Bytes.
    private static let capacity = 1 << 20
    /// IOV_MAX of the kernel.
    static let mostParts = 1024

    /// Reads nothing yet.
    init(pid: Int32) {
        self.pid = pid
        buffer = .allocate(byteCount: Self.capacity, alignment: 16)
        local = .allocate(capacity: Self.mostParts)
        remote = .allocate(capacity: Self.mostParts)
    }

    deinit {
        buffer.deallocate()
        local.deallocate()
        remote.deallocate()
    }

    /// Forgets the places of the last read.
    func begin() {
        (count, used) = (0, 0)
    }

    /// Where the bytes will be; nil if there is no room for them.
    func add(_ address: UInt64, count bytes: Int) -> Int? {
        let place = used
        guard place + bytes <= Self.capacity, count < Self.mostParts else { return nil }
        local[count] = iovec(iov_base: buffer + place, iov_len: bytes)
        remote[count] = iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(address)), iov_len: bytes)
        count += 1
        used = place + (bytes + 7) & ~7
        return place
    }

    /// False unless all could be read. `first`: places that were added before it were read already, and stay as they are.
    func read(from first: Int = 0) -> Bool {
        var wanted = 0
        for index in first..<count { wanted += local[index].iov_len }
        return midflight_read_vectors(pid, local + first, remote + first, count - first) == wanted
    }

    /// Reads one place more, and keeps what was read before; nil if it cannot be read.
    func more(_ address: UInt64, count bytes: Int) -> Int? {
        let earlier = count
        guard let place = add(address, count: bytes) else { return nil }
        return read(from: earlier) ? place : nil
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
