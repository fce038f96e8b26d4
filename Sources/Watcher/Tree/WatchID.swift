/// Identifies a watched directory or file within one source of events, which never uses a number again.
struct WatchID: Hashable, Sendable {
    let rawValue: Int32
}
