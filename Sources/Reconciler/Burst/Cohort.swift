import Reloader
import SourceDiff
import SystemPackage

/// Members that run the same source of the same files in the same interpreter, for the same account: planned once,
/// compiled once.
struct Cohort {
    /// At least one; empty once the twin could not compile for them.
    var members: [Member]
    /// The files that it is about.
    let paths: [FilePath]
    /// As the first member sees it; its report is every member's until the answers are there.
    var burst: Burst
    /// Decided by `BurstWork` when the burst was compiled.
    var content = Content.nothing

    /// What is sent to the processes.
    enum Content {
        /// Nothing has to be asked of the processes.
        case nothing
        /// As the twin has made it: the same bytes for every member.
        case request([UInt8])
    }

    /// `paths`: in the order in which they are planned.
    init(members: [Member], paths: [FilePath], burst: Burst) {
        self.members = members
        self.paths = paths
        self.burst = burst
    }

    /// Stands for all members when agent or twin are asked; nil if none is left.
    var head: Member? { members.first }

    /// The processes are asked, so that each member has an answer of its own.
    var isOnItsWay: Bool {
        switch content {
        case .nothing: false
        case .request: true
        }
    }

    /// Whether `member` needs the same plan for `paths` as this cohort's.
    func takes(_ member: Member, _ paths: [FilePath]) -> Bool {
        guard let head, head.connection.compilesLike(member.connection) else { return false }
        // What failed in one process may have gone in in another.
        guard head.files.pending.isEmpty, member.files.pending.isEmpty else { return false }
        return paths.allSatisfy { path in
            guard let mine = head.files[path], let other = member.files[path] else {
                return head.files[path] == nil && member.files[path] == nil
            }
            // Without a known source the plan depends on what the live code is.
            guard let source = mine.baseline, let otherSource = other.baseline else { return false }
            return mine.file == other.file && mine.display == other.display
                && source.bytes == otherSource.bytes
        }
    }
}
