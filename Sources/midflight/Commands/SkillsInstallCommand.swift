import ArgumentParser
import Glibc
import Reloader
import SystemPackage

/// `midflight skills install DIR`: AGENTS.md as a skill, `DIR/midflight/SKILL.md`.
struct SkillsInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Write a skill file for coding agents into a directory of skills.",
        usage: "midflight skills install DIR",
        discussion: """
            Writes DIR/midflight/SKILL.md, and makes DIR where it is missing (.claude/skills, for example). A file that is \
            there is replaced only if an earlier midflight wrote it. Exit status: 0 written, 1 it could not be.
            """)

    @Argument(help: ArgumentHelp("Where the agent looks for skills.", valueName: "dir")) var directory: String

    /// What a skill's file begins with, and how we know one of ours again.
    private static let head = """
        ---
        name: midflight
        description: Change code of a running Python process without a restart. Use it to try an edit in a live server, \
        to keep its state while debugging, and to check that a saved file is what runs.
        ---

        """

    /// A file of somebody else is never replaced: ours is known by its first bytes.
    func run() throws {
        let folder = WorkingDirectory.absolute(directory).appending("midflight")
        let file = folder.appending("SKILL.md").string
        try makeDirectories(folder.string)
        if let old = try? ProcFS().contents(FilePath(file)), !old.starts(with: Self.head.utf8.prefix(20)) {
            throw failed(file, "is there already, and no midflight wrote it; remove it first")
        }
        let opened = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw failed(file, String(cString: strerror(errno))) }
        let bytes = Array(Self.head.utf8) + PackageResources.AGENTS_md
        let written = write(opened, bytes, bytes.count)
        let reason = errno
        guard written == bytes.count, close(opened) == 0 else {
            unlink(file)
            throw failed(file, written < 0 ? String(cString: strerror(reason)) : "no space is left")
        }
        Terminal.standardOutput("\(file.sanitized)\n")
    }

    /// As `mkdir -p`; throws with the first directory that cannot be made.
    private func makeDirectories(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST {
                throw failed(made, String(cString: strerror(errno)))
            }
        }
    }

    /// Says why, and gives the status to throw.
    private func failed(_ path: String, _ reason: String) -> ExitStatus {
        Terminal.standardError("\(path.sanitized): \(reason.sanitized)\n")
        return .notApplied
    }
}
