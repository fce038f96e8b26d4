import ArgumentParser
import Glibc
import Reconciler
import SystemPackage

/// `midflight attach`: a running process has every save from now on.
struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Attach to a running Python process and patch it at every save.",
        discussion: """
            Ctrl-C or SIGTERM ends it; the process goes on with the code it has, and nothing of midflight stays in it. \
            Ctrl-Z stops midflight, never the process; fg brings it back and applies what was saved meanwhile. \
            SIGUSR1 holds saves back until the next one.
            Exit status: 0 ended by you, 4 no such process, 5 not permitted, 6 not a Python that can be patched, \
            7 busy or ended, 8 already controlled.
            """)

    @OptionGroup var first: TargetOptions
    @Argument(
        help: ArgumentHelp(
            "Directories of your own code (default: the project of the process).", valueName: "dir"))
    var directories: [String] = []
    @Option(help: ArgumentHelp("Do not watch what matches this gitignore pattern.", valueName: "glob"))
    var ignore: [String] = []
    @Option(
        name: [.customShort("t"), .customLong("target")],
        help: ArgumentHelp("One more process, named like the first.", valueName: "target"),
        transform: { try TargetArgument($0) })
    var more: [TargetArgument] = []
    @Option(
        name: .customLong("path-map"),
        help: ArgumentHelp(
            "A directory of ours, and where the process sees it.", valueName: "local:process"),
        transform: { try PathMapping(argument: $0) })
    var mappings: [PathMapping] = []
    @Flag(help: "Bring code that differs from its file to the file's state at once.") var sync = false
    @Flag(help: "Look at the files twice a second instead of waiting for the kernel's word.") var poll = false
    @Option(help: "Quiet time before a patch, as 50ms.") var debounce = TimeSpan(milliseconds: 0)
    @OptionGroup var patching: PatchingFlags
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var output: OutputOptions

    /// Refuses a directory that is not there, before anything is attached to.
    func validate() throws {
        for directory in directories {
            var status = stat()
            guard stat(directory, &status) == 0 else {
                throw ValidationError("There is no directory '\(directory.sanitized)'.")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw ValidationError("'\(directory.sanitized)' is a file: give the directory that holds it.")
            }
        }
    }

    /// Stays until its user ends it or the last chosen process has ended.
    func run() throws {
        var options = SessionOptions()
        options.directories = directories.map { ModuleFile.resolved(WorkingDirectory.absolute($0)) }
        options.ignore = ignore
        options.syncOnAttach = sync
        options.mappings = mappings
        options.debounce = .milliseconds(debounce.milliseconds)
        if poll { options.poll = .milliseconds(500) }
        options.keepCaches = patching.keepCaches
        options.atomic = patching.atomic
        options.force = patching.force
        options.strict = patching.strict
        options.workers = workers.choice
        var pids: [Int32] = []
        for target in [first.target] + more {
            let pid = try target.pid(output.color)
            if !pids.contains(pid) { pids.append(pid) }
        }
        try AttachRun(pids: pids, options: options, output: output).run()
    }
}
