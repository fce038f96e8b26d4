import Reloader
import SystemPackage

/// Copies of saved files that the process has made since its heap was looked at last: plugins, files that it executed.
///
/// No save waits for that look: it comes when nothing was saved for a while, just before the agent leaves.
extension Member {
    /// A look that is under way.
    struct CopyLook {
        /// What its answer is asked for with.
        var ticket: AgentSession.Ticket
        /// CLOCK_MONOTONIC in nanoseconds, when it is not waited for any longer.
        var end: Int64
    }

    /// Milliseconds between two glances at a look that is under way.
    static let glance: Int64 = 10
    /// Nanoseconds for which the answer of one look is waited for.
    private static let patience: Int64 = 5_000_000_000

    /// Begins the look, or goes on with it; never waits. True if nothing is left to be found. `found`: called with the
    /// copies that were behind.
    func lookForCopies(now: Int64, found: ([CopySearch.Copy]) -> Void) -> Bool {
        guard target.isSame, agent.isAttached else { return true }
        do throws(SessionError) {
            if let look = copyLook {
                guard let search = try agent.copies(look.ticket) else { return now >= look.end }
                copyLook = nil
                found(search.late)
                if search.isDone { hasNewSaves = false }
            }
            guard hasNewSaves else { return true }
            copyLook = CopyLook(ticket: try agent.askForCopies(), end: now + Self.patience)
            return false
        } catch {
            copyLook = nil
            return true  // nothing of it was begun, or the process has ended
        }
    }

    /// The file with this `co_filename`.
    func path(ofCode name: String) -> FilePath {
        files.first { $0.value.file.codePath == name }?.key ?? FilePath(name)
    }
}

extension Service {
    /// What does not follow is told; what does is as the save said.
    func tell(_ copies: [CopySearch.Copy], in member: Member) {
        for copy in copies where !copy.kept.isEmpty {
            let file = crew.display(member.path(ofCode: copy.file))
            emit(
                .change(
                    files: [file], reason: .otherCopy,
                    message: "a copy that was made shortly before the save: \(copy.kept)"))
        }
    }

    /// Lets agents go whose time has come, once they have looked.
    func letGoUnused(now: Int64) {
        for member in members where member.isToLeave(now: now) {
            if member.lookForCopies(now: now, found: { tell($0, in: member) }) {
                member.leave()
            } else {
                member.stay(Member.glance, now: now)
            }
        }
    }

    /// The same for all agents at once, within a second: they are gone when this returns.
    func letGo() {
        let end = Monotonic.now + 1_000_000_000
        var looking = members.filter(\.hasNewSaves)
        while !looking.isEmpty, Monotonic.now < end {
            looking.removeAll { member in
                member.lookForCopies(now: Monotonic.now) { tell($0, in: member) }
            }
            if !looking.isEmpty { Monotonic.nap(microseconds: 2_000) }
        }
        members.forEach { $0.leave() }
    }
}
