/// Identifies a watched directory or file within one source of events. inotify counts upwards and gives a
/// number again only after INT_MAX others (inotify(7)), so an event that was queued before its watch went is
/// not taken for another's.
struct WatchID: Hashable, Sendable {
    /// A watch descriptor of the kernel; never negative.
    let rawValue: Int32
}
