import CLinuxShims

/// The memory of a live process through process_vm_readv(2) and process_vm_writev(2).
///
/// Both need the permission that ptrace(2) needs. A process that is gone reads as nil.
package struct RemoteMemory: MemorySource, Sendable {
    /// The process whose memory it is.
    package let pid: Int32

    /// Opens nothing: each access is one system call of its own.
    package init(pid: Int32) { self.pid = pid }

    /// Exactly `count` bytes by process_vm_readv(2); nil where any of them is not mapped, or is not ours to read.
    package func read(_ address: RemoteAddress, count: Int) -> [UInt8]? {
        guard count > 0 else { return [] }
        var moved = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            moved = midflight_read_memory(pid, address.value, buffer.baseAddress, count)
            initialized = max(0, moved)
        }
        return moved == count ? bytes : nil
    }

    /// False where any byte could not be written; a part may have been.
    package func write(_ bytes: [UInt8], at address: RemoteAddress) -> Bool {
        bytes.withUnsafeBytes { midflight_write_memory(pid, address.value, $0.baseAddress, $0.count) }
            == bytes.count
    }

    /// Writes four bytes, little-endian. False where that page cannot be written.
    package func write(_ value: UInt32, at address: RemoteAddress) -> Bool {
        write(value.littleEndianBytes, at: address)
    }
}
