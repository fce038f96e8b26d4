package import SystemPackage

/// A process that looks like Python from outside, without touching it.
package struct PythonProcess: Sendable {
    /// In our pid namespace.
    package var pid: Int32
    /// As in "3.11"; nil where neither the program's nor a library's name tells.
    package var version: String?
    /// Its words, as it was started or as it has renamed itself.
    package var commandLine: [String]
    /// Nil where we may not know it.
    package var workingDirectory: FilePath?
    /// TCP ports on which it listens, ascending.
    package var ports: [UInt16]
    /// Seconds since it started.
    package var uptime: Int
    /// Nil if one may attach.
    package var obstacle: AttachError?

    /// Every Python process that is visible here but this one, by pid.
    package static func all(procFS: ProcFS = ProcFS(), except own: Int32, now secondsSinceBoot: Int)
        -> [PythonProcess]
    {
        let listening = ListeningPorts(procFS: procFS)
        let known = KnownPrograms()  // fifty workers run one interpreter
        return procFS.processIDs().compactMap { pid in
            pid == own
                ? nil
                : PythonProcess(
                    pid: pid, procFS: procFS, listening: listening, known: known, now: secondsSinceBoot)
        }
    }

    /// Nil if the process does not look like Python, or is gone. `known`: what was found of others.
    package init?(
        pid: Int32, procFS: ProcFS, listening: ListeningPorts, known: KnownPrograms = KnownPrograms(),
        now secondsSinceBoot: Int
    ) {
        guard let stat = try? procFS.stat(pid), stat.state != "Z", let words = Self.commandLine(pid, procFS),
            let first = words.first
        else { return nil }
        let program =
            procFS.link(pid, "exe")?.lastComponent?.string ?? FilePath(first).lastComponent?.string ?? first
        let isNamed = program.hasPrefix("python")
        let named = isNamed ? Self.version(in: program) : nil
        let embedded = named == nil ? EmbeddedPython(pid: pid, procFS: procFS) : nil
        guard isNamed || embedded != nil else { return nil }
        self.pid = pid
        version = named ?? embedded?.version ?? Self.version(in: program)
        commandLine = words
        workingDirectory = procFS.link(pid, "cwd")
        ports = listening.ports(of: pid, procFS: procFS)
        uptime = max(0, secondsSinceBoot - Int(stat.startTime / 100))
        obstacle = known.obstacle(of: pid, procFS: procFS)
    }

    private static func commandLine(_ pid: Int32, _ procFS: ProcFS) -> [String]? {
        guard let bytes = try? procFS.contents(procFS.path(pid, "cmdline")), !bytes.isEmpty else {
            return nil
        }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Major and minor version by the names of the program and its libraries; nil where they do not tell.
    package static func versionHint(_ target: Target) -> (major: Int, minor: Int)? {
        let name = target.executable.lastComponent?.string ?? ""
        let named = version(in: name)
        let text =
            (name.hasPrefix("python") ? named : nil)
            ?? EmbeddedPython(pid: target.pid, procFS: target.procFS)?.version ?? named
        let parts = (text ?? "").split(separator: ".").compactMap { Int($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    /// "3.11" in "python3.11" or "libpython3.11.so.1.0".
    static func version(in name: String) -> String? {
        guard let start = name.range(of: "python")?.upperBound else { return nil }
        let parts = name[start...].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix(while: \.isNumber))
        else {
            return nil
        }
        return "\(major).\(minor)"
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
