import CLinuxShims
import SystemPackage

/// The processes below another one, as /proc shows them at this moment.
package struct ProcessFamily: Sendable {
    /// How /proc is read.
    let procFS: ProcFS

    /// Reads nothing yet.
    package init(procFS: ProcFS = ProcFS()) { self.procFS = procFS }

    /// A Python process below another one.
    package struct Relative: Sendable, Hashable {
        /// The process itself.
        package var pid: Int32
        /// The Python process above it; shells and supervisors between the two are passed over.
        package var parent: Int32
    }

    /// The Python processes below `root`, parents before their children. A program of another kind in between (a shell,
    /// a supervisor) is passed through.
    package func pythons(below root: Int32, depth: Depth) -> [Relative] {
        var found: [Relative] = []
        var level = [(pid: root, heir: root)]
        while !level.isEmpty {
            var next: [(pid: Int32, heir: Int32)] = []
            for (pid, heir) in level {
                for child in procFS.children(pid) {
                    let isPython = isPython(child, as: heir)
                    if isPython { found.append(Relative(pid: child, parent: heir)) }
                    next.append((child, isPython ? child : heir))
                }
            }
            switch depth {
            case .children: return found
            case .descendants: level = next
            }
        }
        return found
    }

    /// True between vfork(2) and the execution of a program; false where the kernel does not tell (kcmp(2)).
    package func sharesMemory(_ pid: Int32, with other: Int32) -> Bool {
        midflight_shares_memory(pid, other) == 1
    }

    /// How far below a process one looks.
    package enum Depth: Sendable, Hashable { case children, descendants }

    /// Of `pids` those that are below no other one of them; only Pythons.
    package func topmost(_ pids: [Int32]) -> [Int32] {
        let all = Set(pids)
        return pids.filter { pid in
            guard isPython(pid, as: 0) else { return false }
            var ancestor = (try? procFS.stat(pid))?.parent ?? 0
            while ancestor > 1 {
                if all.contains(ancestor), isPython(ancestor, as: 0) { return false }
                ancestor = (try? procFS.stat(ancestor))?.parent ?? 0
            }
            return true
        }
    }

    /// By the name of its program, by what of Python it has mapped, or because it runs the program of `relative`,
    /// which is known to be Python.
    package func isPython(_ pid: Int32, as relative: Int32) -> Bool {
        guard let program = procFS.link(pid, "exe") else { return false }
        if TwinLaunch.isInterpreter(program.string) || program == procFS.link(relative, "exe") { return true }
        return EmbeddedPython(pid: pid, procFS: procFS) != nil
    }
}
