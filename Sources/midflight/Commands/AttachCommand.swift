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
            SIGUSR1 holds saves back until the next one.
            Exit status: 0 ended by you, 4 no such process, 5 not permitted, 6 not a Python that can be patched, \
            7 busy or ended, 8 already controlled.
            """)

    @Argument(help: "The process to attach to.") var pid: Int32
    @Argument(help: ArgumentHelp("Directories of your own code (default: the project of the process).", valueName: "dir"))
    var directories: [String] = []
    @Option(help: ArgumentHelp("Do not watch what matches this gitignore pattern.", valueName: "glob"))
    var ignore: [String] = []
    @Flag(help: "Keep what lru_cache has stored when the cached function changes.") var keepCaches = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard pid > 0 else { throw ValidationError("A pid is a positive number.") }
        for directory in directories where access(directory, F_OK) != 0 {
            throw ValidationError("There is no directory '\(directory.sanitized)'.")
        }
    }

    func run() throws {
        let renderer = EventRenderer(output: output)
        guard let mailbox = Mailbox<SessionMessage>() else { throw ExitStatus.internalError }
        Signals.forward { number in mailbox.post(number == SIGUSR1 ? .togglePause : .end) }
        let end: SessionEnd
        do throws(SessionError) {
            let session = Session(try Connection(pid: pid), options: options, mailbox: mailbox) { renderer.show($0) }
            try session.start()
            end = session.run()
        } catch {
            renderer.show(.refused(error))
            throw ExitStatus(error)
        }
        renderer.finish()
        if end == .targetLost { throw ExitStatus.targetUnavailable }
    }

    private var options: SessionOptions {
        var options = SessionOptions()
        options.directories = directories.map { path in
            ModuleFile.resolved(FilePath(path).isAbsolute ? FilePath(path) : WorkingDirectory.path.pushing(FilePath(path)))
        }
        options.ignore = ignore
        options.keepCaches = keepCaches
        return options
    }
}
