import Reloader

/// A call in one of the watched processes.
struct SeenCall: Sendable, Hashable {
    /// What is known of it.
    var call: CallRecord
    /// The process.
    var pid: Int32
    /// How often a save had ended the watch of its process before.
    var save: Int

    /// The calls of one look in the order in which they ended. Where there is not room for all, processes take turns:
    /// the one that was asked first would fill it alone.
    static func fair(_ seen: [SeenCall], _ room: Int) -> [SeenCall] {
        var chosen = seen
        if seen.count > room {
            var turns: [Int32: Int] = [:]
            let ranked = seen.enumerated().map { index, one in
                turns[one.pid, default: 0] += 1
                return (turn: turns[one.pid, default: 0], index: index)
            }
            let first = ranked.sorted { ($0.turn, $0.index) < ($1.turn, $1.index) }.prefix(room)
            chosen = first.map(\.index).sorted().map { seen[$0] }
        }
        // Equal times keep their order: those of one process are sorted already.
        return chosen.enumerated().sorted {
            ($0.element.call.end, $0.offset) < ($1.element.call.end, $1.offset)
        }.map(\.element)
    }
}
