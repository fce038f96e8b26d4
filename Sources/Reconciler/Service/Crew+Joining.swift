import Reloader

/// Processes below those that were chosen.
extension Crew {
    /// Python processes below the chosen ones, parents first.
    private var relatives: [ProcessFamily.Relative] {
        guard let depth = options.workers.depth else { return [] }
        return roster.chosen.flatMap { ProcessFamily().pythons(below: $0.pid, depth: depth) }
    }

    /// Of those: no members yet.
    func strangers() -> [ProcessFamily.Relative] { roster.strangers(among: relatives) }

    /// Processes that belong here and could not be had yet, although they may be later.
    var awaited: [(pid: Int32, error: SessionError)] { roster.awaited(among: relatives) }

    /// Attaches to the Python processes below those that are members already. Why some of them could not be had.
    func addRelatives() -> [SessionError] {
        var refused: [SessionError] = []
        for relative in strangers() {
            do throws(SessionError) { roster.add(try connect(relative)) } catch {
                if error.isWorthTelling { refused.append(error) }
            }
        }
        return refused
    }

    /// Attaches to a process that is no member yet. One that never can be had is not tried again; one that has ended
    /// leaves its number to another.
    func connect(_ relative: ProcessFamily.Relative) throws(SessionError) -> Member {
        do throws(SessionError) {
            let connection = try Connection(
                pid: relative.pid, sharing: members.map(\.connection.twin), kin: members.first?.connection,
                mappings: options.mappings)
            return Member(connection, parent: relative.parent, in: scope)
        } catch {
            if error.verdict == .final, error.isWorthTelling { roster.refuse(relative.pid) }
            throw error
        }
    }
}
