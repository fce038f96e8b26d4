import Watcher

/// The way of saves into a service: held back while it is paused, gathered while more may follow.
struct Intake {
    /// Comes first: while paused nothing is gathered.
    private var gate = PauseGate()
    /// Gathers what the gate lets through.
    private var settling = Settling()
    /// Whether git is at work in the service's project.
    var git = GitLock(roots: [])

    /// Whether saves are held back.
    var isPaused: Bool { gate.isPaused }

    /// What is to be handled now.
    mutating func add(_ changes: [FileChange], received: Int64) -> Settling.Ready? {
        let admitted = gate.admit(changes)
        guard !admitted.isEmpty else { return nil }
        return settling.add(admitted, received: received, isLocked: git.isHeld())
    }

    /// What has waited long enough; nil if nothing has.
    mutating func due(now: Int64) -> Settling.Ready? {
        settling.timeout(now: now) == nil ? nil : settling.due(now: now, isLocked: git.isHeld())
    }

    /// Milliseconds until `due` is to be asked; nil if nothing is held.
    func timeout(now: Int64) -> Int64? { settling.timeout(now: now) }

    /// Pauses, or goes on; what was held back meanwhile.
    mutating func togglePause() -> [FileChange] { gate.toggle() }
}
