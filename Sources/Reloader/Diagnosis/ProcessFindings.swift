import Glibc
import SystemPackage

/// What of a process itself can stand in the way, looked at without touching it.
package struct ProcessFindings: Sendable {
    /// The process that is looked at. It is neither stopped nor written to.
    package let pid: Int32
    private let procFS: ProcFS
    private let status: ProcessStatus

    /// Nil if there is no such process.
    package init?(pid: Int32, procFS: ProcFS = ProcFS()) {
        guard let status = try? procFS.status(pid) else { return nil }
        self.pid = pid
        self.procFS = procFS
        self.status = status
    }

    /// All that was looked at, in the order of docs/doctor.md, with what is in order too.
    package var all: [Finding] {
        let permissions = PermissionFacts(pid: pid, procFS: procFS).findings
        return permissions + [tracer, state, frozen, interpreter, filter].compactMap { $0 } + namespaces
            + [controller].compactMap { $0 }
    }

    private var tracer: Finding {
        let tracer = status.tracerPID
        guard tracer != 0 else { return Finding("tracer", .ok, "nothing traces it") }
        let name = (try? procFS.stat(tracer))?.name ?? "?"
        return Finding(
            "tracer", .fail, "it is traced by process \(tracer) (\(name))",
            ["end process \(tracer) or let it detach, then try again"])
    }

    private var state: Finding {
        switch status["State"]?.first {
        case "T":
            Finding(
                "state", .fail, "it is stopped (SIGSTOP or Ctrl-Z)",
                ["continue it (kill -CONT \(pid)), then try again"])
        case "Z", "X": Finding("state", .fail, "it has ended", ["start it again and attach to the new pid"])
        default: Finding("state", .ok, "it runs")
        }
    }

    /// Nil where control groups tell nothing.
    package var frozen: Finding? {
        guard let group = Self.frozenGroup(of: (try? procFS.text(pid, "cgroup")) ?? "", procFS: procFS) else {
            return nil
        }
        return Finding(
            "frozen", .fail, "its control group \(group) is frozen (docker pause, systemctl freeze)",
            ["thaw it (docker unpause, systemctl thaw), then try again"])
    }

    /// The directory of the control group that freezes a process, by its /proc/PID/cgroup (cgroups(7)); nil if none
    /// does.
    private static func frozenGroup(of text: String, procFS: ProcFS) -> String? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let (roots, file, word): ([String], String, String)
            if fields[1].isEmpty {
                (roots, file, word) = (
                    ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"], "cgroup.events", "frozen 1"
                )
            } else if fields[1].split(separator: ",").contains("freezer") {
                (roots, file, word) = (["/sys/fs/cgroup/freezer"], "freezer.state", "FROZEN")
            } else {
                continue
            }
            for root in roots {
                let group = root + fields[2]
                let bytes = (try? procFS.contents(FilePath(group + "/" + file))) ?? []
                if String(decoding: bytes, as: UTF8.self).contains(word) { return group }
            }
        }
        return nil
    }

    /// What attaching would say before it touches the process.
    private var interpreter: Finding {
        do throws(AttachError) {
            let target = try Target(pid: pid, procFS: procFS)
            let name = target.executable.string
            guard let hint = PythonProcess.versionHint(target) else {
                return Finding("interpreter", .ok, "it is Python: \(name)")
            }
            let version = "\(hint.major).\(hint.minor)"
            guard SupportedPythons.includes(major: hint.major, minor: hint.minor) else {
                let error = AttachError.unsupportedPython(pid: pid, version: version)
                return Finding("interpreter", .fail, "it runs Python \(version)", error.actions)
            }
            return Finding("interpreter", .ok, "it runs Python \(version): \(name)")
        } catch {
            switch error {
            case .notPython, .unsupportedPython, .unsupportedBuild:
                return Finding("interpreter", .fail, error.message, error.actions)
            default:
                return Finding(
                    "interpreter", .warn, "which Python it runs cannot be seen before the rest is mended")
            }
        }
    }

    /// A filter that kills at an unknown system call would kill the program when its thread makes ours.
    private var filter: Finding? {
        guard status.seccompMode != 0 else { return nil }
        return Finding(
            "seccomp", .warn,
            "a seccomp filter holds it: attaching needs it to allow clone, mmap, pipe2 and prctl",
            ["in containers the usual filters do; try it on a process that may be lost"])
    }

    private var namespaces: [Finding] {
        let kinds = [
            ("pid", "sees other pids"), ("mnt", "sees other files"), ("user", "has users of its own"),
        ]
        return kinds.compactMap { kind, meaning in
            guard let own = procFS.link(getpid(), "ns/\(kind)"), let its = procFS.link(pid, "ns/\(kind)"),
                own != its
            else { return nil }
            return Finding(
                "\(kind)-namespace", .ok,
                "it is in another namespace (\(kind)) and \(meaning): midflight follows it")
        }
    }

    private var controller: Finding? {
        guard let holder = ControlLock.holder(of: pid, procFS: procFS) else { return nil }
        let error = AttachError.alreadyControlled(pid: pid, holder: holder)
        return Finding("controller", .fail, "it is already controlled by midflight \(holder)", error.actions)
    }
}
