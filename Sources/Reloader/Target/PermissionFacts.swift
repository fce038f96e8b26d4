import Glibc
import SystemPackage

/// What decides whether one process may trace another (ptrace(2), "Ptrace access mode checking").
package struct PermissionFacts: Sendable {
    /// The process that is to be attached to.
    package var pid: Int32
    /// The name of its program.
    package var program: String
    /// Our effective user id.
    package var ownUserID: UInt32
    /// Our effective group id.
    package var ownGroupID: UInt32
    /// Whether we have CAP_SYS_PTRACE, in our own user namespace.
    package var hasTraceCapability: Bool
    /// Whether our user namespace is the first one of the machine, so that our capabilities count for every process.
    package var isInFirstNamespace: Bool
    /// Whether a seccomp filter holds us, as in a container.
    package var isFiltered: Bool
    /// Real, effective, saved and file-system id of the target's user; empty if unknown.
    package var targetUserIDs: [UInt32]
    /// The same of its group.
    package var targetGroupIDs: [UInt32]
    /// Whether the target has capabilities that we have not.
    package var targetMayMore: Bool
    /// Whether the kernel protects the target's memory (PR_SET_DUMPABLE 0: it changed its user, or asked for it). Nil
    /// for programs of root, of which /proc does not tell.
    package var isProtected: Bool?
    /// kernel.yama.ptrace_scope; nil where Yama is not built in.
    package var yamaScope: Int?

    /// Linux capability 19.
    private static let traceCapability: UInt64 = 1 << 19
    /// The one line of /proc/self/uid_map in the first user namespace.
    private static let wholeMap: [UInt32] = [0, 0, .max]

    /// The effective user of the target; nil if unknown.
    package var targetUserID: UInt32? { targetUserIDs.dropFirst().first }

    /// Looks at what decides whether ptrace(2) is permitted; attaches to nothing.
    package init(pid: Int32, procFS: ProcFS) {
        self.pid = pid
        program = (try? procFS.stat(pid))?.name ?? "?"
        ownUserID = geteuid()
        ownGroupID = getegid()
        let own = try? procFS.status(getpid())
        let target = try? procFS.status(pid)
        let ownCapabilities = own?.capabilities("CapEff") ?? 0
        hasTraceCapability = ownCapabilities & Self.traceCapability != 0
        let map = (try? procFS.text(getpid(), "uid_map")) ?? ""
        isInFirstNamespace = map.split { " \n".contains($0) }.compactMap { UInt32($0) } == Self.wholeMap
        isFiltered = own?.seccompMode == 2
        targetUserIDs = target?.userIDs ?? []
        targetGroupIDs = target?.groupIDs ?? []
        targetMayMore = (target?.capabilities("CapPrm") ?? 0) & ~(own?.capabilities("CapPrm") ?? 0) != 0
        // proc(5): what lies in /proc/PID belongs to root if the process is not dumpable.
        var status = Glibc.stat()
        let effective = target?.userIDs.dropFirst().first
        isProtected =
            effective == 0 || stat(procFS.path(pid, "stat").string, &status) != 0
            ? nil : effective.map { status.st_uid != $0 }
        let scope = try? procFS.contents(procFS.root.appending("sys/kernel/yama/ptrace_scope"))
        yamaScope = scope.flatMap { Int(String(decoding: $0, as: UTF8.self).filter(\.isNumber)) }
    }

    /// What mends a refusal, most likely first.
    package var actions: [String] {
        let found = findings.filter { $0.verdict == .fail }.flatMap(\.actions)
        guard found.isEmpty else { return found }
        return ownUserID == 0
            ? ["root without CAP_SYS_PTRACE: in a container add --cap-add SYS_PTRACE"]
            : ["the process is protected (set-uid, or not dumpable): \(sudo)"]
    }

    private var sudo: String { "sudo midflight attach \(pid)" }
}

extension PermissionFacts {
    /// In the order in which the kernel asks.
    package var findings: [Finding] {
        [account, memory, capabilities, yama, namespace, filter].compactMap { $0 }
    }

    private var isSameAccount: Bool {
        targetUserIDs.prefix(3).allSatisfy { $0 == ownUserID }
            && targetGroupIDs.prefix(3).allSatisfy { $0 == ownGroupID }
    }

    private var account: Finding? {
        guard let targetUserID else { return nil }
        if isSameAccount { return Finding("account", .ok, "it runs as you do (uid \(ownUserID))") }
        if hasTraceCapability {
            return Finding("account", .ok, "it runs as uid \(targetUserID); you have CAP_SYS_PTRACE")
        }
        if ownUserID == 0 {
            return Finding(
                "account", .fail, "it runs as uid \(targetUserID), and root has no CAP_SYS_PTRACE here",
                ["root without CAP_SYS_PTRACE: in a container add --cap-add SYS_PTRACE"])
        }
        return Finding(
            "account", .fail, "you are uid \(ownUserID), it runs as uid \(targetUserID)",
            ["you are uid \(ownUserID), the process runs as uid \(targetUserID): \(sudo)"])
    }

    private var memory: Finding? {
        guard let isProtected, isSameAccount || hasTraceCapability else { return nil }
        if isProtected, !hasTraceCapability {
            return Finding(
                "dumpable", .fail, "the kernel protects its memory: it has changed its user, or asked for it",
                ["the process is protected (set-uid, or not dumpable): \(sudo)"])
        }
        return Finding(
            "dumpable", .ok, "its memory is \(isProtected ? "protected, but not from you" : "not protected")")
    }

    private var capabilities: Finding? {
        guard targetMayMore, isSameAccount, !hasTraceCapability else { return nil }
        return Finding(
            "capabilities", .fail, "it has capabilities that you have not",
            ["the process has more rights than you: \(sudo)"])
    }

    private var yama: Finding? {
        guard let yamaScope else { return Finding("yama", .ok, "this kernel has no Yama") }
        let what = "kernel.yama.ptrace_scope is \(yamaScope)"
        switch yamaScope {
        case 3...:
            return Finding("yama", .fail, what, ["\(what): attaching is switched off until the next reboot"])
        case _ where hasTraceCapability || yamaScope <= 0: return Finding("yama", .ok, what)
        case 2: return Finding("yama", .fail, what, ["\(what), so that only root may attach: \(sudo)"])
        default:
            return Finding(
                "yama", .fail, what,
                [
                    "\(what), so that only parents may attach: \(sudo)",
                    "or start the program with midflight, which needs no rights: midflight run -- CMD",
                    "or until the next reboot: sudo sysctl kernel.yama.ptrace_scope=0",
                ])
        }
    }

    private var namespace: Finding? {
        guard !isInFirstNamespace else { return nil }
        return Finding(
            "user-namespace", .warn,
            "you are in a user namespace (a rootless container, unshare -U): your capabilities count in it only",
            ["for a process outside of it, run midflight outside of it"])
    }

    private var filter: Finding? {
        guard isFiltered else { return nil }
        return Finding(
            "own-seccomp", .warn, "a seccomp filter holds your session: it may refuse ptrace(2)",
            ["in a container add --cap-add SYS_PTRACE, or run midflight outside of it"])
    }
}
