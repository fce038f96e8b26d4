import Glibc
import SystemPackage

/// Whom a process runs as and which files it sees: what its interpreter may be trusted with.
///
/// The program that a process executes belongs to the user who runs it. It is started again with no more rights than
/// the process has, and what it answers is used for no process of another account.
struct ProcessAccount: Sendable, Hashable {
    /// Effective.
    var userID: UInt32?
    /// Nil where it is not known.
    var groupID: UInt32?
    /// All of its groups.
    var groups: Set<UInt32>
    /// The capabilities that its programs can have at most (capabilities(7)), as the kernel writes them.
    var boundingSet: String?
    /// Nil where it cannot be looked at.
    var tree: ProcessRoot.View?
    /// Its file tree is not ours.
    var isForeign: Bool

    /// Reads /proc/PID/status; of a process that has ended nothing is known.
    init(pid: Int32, procFS: ProcFS = ProcFS()) {
        let status = try? procFS.status(pid)
        userID = status?.userIDs.dropFirst().first
        groupID = status?.groupIDs.dropFirst().first
        groups = Set(status?.supplementaryGroups ?? [])
        boundingSet = status?["CapBnd"]
        let root = ProcessRoot(pid: pid, procFS: procFS)
        tree = root.view
        isForeign = root.isForeign
    }

    /// A program that we start as we are has the rights that this process has, or fewer.
    ///
    /// Without root our groups count as the process's: nobody but root could set them, and the debugger's access check
    /// (ptrace(2)) asks only for equal user and group ids.
    var isOurs: Bool {
        guard !isForeign else { return false }
        let own = ProcessAccount(pid: getpid())
        guard userID == own.userID, groupID == own.groupID else { return false }
        return geteuid() != 0 || groups == own.groups && boundingSet == own.boundingSet
    }
}
