// The only names by which the rest of the watcher knows where its events come from. Another source of events (kqueue(2),
// fanotify(7)) defines the same names, with the same members, in a folder of its own.

/// Where events come from. It owns a kernel resource; `add`, `remove`, `read`.
///
/// The watcher polls instead where `init` throws `Errno.tooManyOpenFiles` or `.noFunction`, and where `add` throws
/// `.noSpace`: no more of them for this user.
typealias EventSource = Inotify

/// One event of the source: which watch, which name in it, and what it says (`meanings`).
typealias SourceEvent = InotifyEvent

/// A limit that the source's kernel sets, and how a user raises it.
typealias SourceLimit = InotifyLimit
