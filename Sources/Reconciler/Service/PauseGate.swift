import Watcher

/// Saves that are held back while a service is paused.
struct PauseGate {
    /// Begins open.
    private(set) var isPaused = false
    /// In the order of arrival; empty while it is open.
    private var held: [FileChange] = []

    /// The changes to be handled now: all of them, or none while the service is paused.
    mutating func admit(_ changes: [FileChange]) -> [FileChange] {
        guard isPaused else { return changes }
        held += changes
        return []
    }

    /// Pauses, or goes on; what was held back meanwhile.
    mutating func toggle() -> [FileChange] {
        isPaused.toggle()
        defer { held = [] }
        return held
    }
}
