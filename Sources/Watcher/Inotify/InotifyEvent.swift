/// One record of the inotify queue.
struct InotifyEvent: Hashable, Sendable {
    /// nil: the event is about the queue (overflow), not about a watch.
    let watch: WatchID?
    /// One event bit, with flags of the kernel such as `isDirectory`.
    let mask: EventMask
    /// The same for the two halves of one rename, else 0.
    let cookie: UInt32
    /// The entry in the watched directory; nil if the event is about the watched inode itself.
    let name: EntryName?

    /// Bytes of `struct inotify_event` before its name: wd, mask, cookie and len, 4 each, host order.
    static let headerSize = 16
    /// With a name of 255 bytes, its NUL, and padding.
    static let largestSize = headerSize + 256

    /// All complete records in `bytes`. The kernel never splits a record; a torn one at the end is left out.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> [InotifyEvent] {
        var events: [InotifyEvent] = []
        var offset = 0
        while offset + headerSize <= bytes.count {
            let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
            let end = offset + headerSize + length
            guard end <= bytes.count else { break }
            events.append(decodeOne(bytes, at: offset, end: end))
            offset = end
        }
        return events
    }

    /// `end`: behind the record's name and its padding.
    private static func decodeOne(_ bytes: UnsafeRawBufferPointer, at offset: Int, end: Int) -> InotifyEvent {
        let watch = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
        // The name is padded with NULs to a multiple of the header's size.
        let name = bytes[(offset + headerSize)..<end].prefix { $0 != 0 }
        return InotifyEvent(
            watch: watch < 0 ? nil : WatchID(rawValue: watch),
            mask: EventMask(rawValue: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)),
            cookie: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self),
            name: name.isEmpty ? nil : EntryName(Array(name)))
    }
}
