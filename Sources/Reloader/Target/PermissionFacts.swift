import Glibc
import SystemPackage

/// What decides whether one process may trace another (ptrace(2), "Ptrace access mode checking").
package struct PermissionFacts: Sendable {
    package var pid: Int32
    package var program: String
    package var ownUserID: UInt32
    /// Effective user id of the target; nil if unknown.
    package var targetUserID: UInt32?
    /// kernel.yama.ptrace_scope; nil where Yama is not built in.
    package var yamaScope: Int?

    package init(pid: Int32, procFS: ProcFS) {
        self.pid = pid
        program = (try? procFS.stat(pid))?.name ?? "?"
        ownUserID = geteuid()
        targetUserID = (try? procFS.status(pid))?.userIDs.dropFirst().first
        let scope = try? procFS.contents(procFS.root.appending("sys/kernel/yama/ptrace_scope"))
        yamaScope = scope.flatMap { Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber)) }
    }

    package var actions: [String] {
        let sudo = "sudo midflight attach \(pid)"
        if let targetUserID, targetUserID != ownUserID, ownUserID != 0 {
            return ["you are uid \(ownUserID), the process runs as uid \(targetUserID): \(sudo)"]
        }
        if ownUserID == 0 {
            return ["root without CAP_SYS_PTRACE: in a container add --cap-add SYS_PTRACE"]
        }
        switch yamaScope {
        case 1?:
            return [
                "kernel.yama.ptrace_scope is 1, so that only parents may attach: \(sudo)",
                "or until the next reboot: sudo sysctl kernel.yama.ptrace_scope=0",
            ]
        case 2?: return ["kernel.yama.ptrace_scope is 2, so that only root may attach: \(sudo)"]
        case 3?: return ["kernel.yama.ptrace_scope is 3: attaching is switched off until the next reboot"]
        default: return ["the process is protected (set-uid, or not dumpable): \(sudo)"]
        }
    }
}
