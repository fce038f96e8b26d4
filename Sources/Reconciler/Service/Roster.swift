import Reloader

/// A process that can belong to a service.
protocol RosterProcess: AnyObject {
    /// The process's number.
    var pid: Int32 { get }
    /// What brought it in; nil for a process that was chosen.
    var parent: Int32? { get }
    /// Whether it has ended.
    var hasEnded: Bool { get }
}

/// Who belongs to a service: its processes, those that never will, and those that could not be had yet.
struct Roster<Process: RosterProcess> {
    /// In the order in which they joined; those without a parent were chosen, the others found below them.
    private(set) var members: [Process] = []
    /// Processes below the chosen one that cannot be members, each told once.
    private(set) var refused: Set<Int32> = []
    /// Why processes below the chosen one are no members yet.
    private var late: [Int32: SessionError] = [:]

    /// The service ends with the last of them.
    var chosen: [Process] { members.filter { $0.parent == nil } }

    /// Of the first of the chosen processes; 0 if there is none.
    var chosenPID: Int32 { members.first?.pid ?? 0 }

    /// Nil if it is no member.
    func member(_ pid: Int32?) -> Process? { members.first { $0.pid == pid } }

    /// It joins; whatever kept it out before is forgotten.
    mutating func add(_ member: Process) {
        late[member.pid] = nil
        members.append(member)
    }

    /// No later attempt will do better.
    mutating func refuse(_ pid: Int32) {
        late[pid] = nil
        refused.insert(pid)
    }

    /// It is tried again later. `error`: why it is no member yet; nil if nobody needs to know.
    mutating func postpone(_ pid: Int32, _ error: SessionError?) { late[pid] = error }

    /// Those of `relatives` that are no members and may become some.
    func strangers(among relatives: [ProcessFamily.Relative]) -> [ProcessFamily.Relative] {
        relatives.filter { member($0.pid) == nil && !refused.contains($0.pid) }
    }

    /// Those of `relatives` that belong here and could not be had yet.
    func awaited(among relatives: [ProcessFamily.Relative]) -> [(pid: Int32, error: SessionError)] {
        strangers(among: relatives).compactMap { stranger in late[stranger.pid].map { (stranger.pid, $0) } }
    }

    /// The members that have ended are members no more. Nil, and nothing changes, if no chosen process is left.
    mutating func removeEnded() -> [Process]? {
        let ended = members.filter(\.hasEnded)
        let rest = members.filter { member in !ended.contains { $0 === member } }
        guard ended.isEmpty || rest.contains(where: { $0.parent == nil }) else { return nil }
        members = rest
        return ended
    }

    /// Nobody is left, refused or awaited.
    mutating func removeAll() { self = Roster() }
}
