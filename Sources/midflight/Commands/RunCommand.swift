import ArgumentParser
import Glibc
import Reconciler
import Reloader
import SystemPackage

/// `midflight run`: a program of one's own, patched from its start; a child may be attached to under Yama 1.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Launch a program and patch it at every save.",
        usage: "midflight run [--json] [--quiet] [--verbose] [--] CMD...",
        discussion: """
            The program has this terminal; midflight speaks on standard error. SIGINT, SIGTERM and SIGHUP are the \
            program's, and midflight ends when it does. Options of midflight stand before CMD.
            Exit status: the program's, or 128 + the number of the signal that ended it; 126 or 127 if it could not be \
            launched.
            """)

    @OptionGroup var output: OutputOptions
    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The program and its arguments.", valueName: "cmd"))
    var words: [String] = []

    /// Without the `--` that may stand before it.
    private var command: [String] { Array(words.first == "--" ? words.dropFirst() : words[...]) }

    func validate() throws {
        // What is passed through is also what would have asked for help.
        if let word = words.first, ["--help", "-h"].contains(word) { throw CleanExit.helpRequest(self) }
        if let word = words.first, word != "--", word.hasPrefix("-") {
            throw ValidationError(
                "There is no option '\(word.sanitized)': midflight's own stand before CMD, and -- ends them.")
        }
        guard !command.isEmpty else { throw ValidationError("Give a program: midflight run -- CMD...") }
    }

    /// Does not return: ends with the program's status, patched or not.
    func run() throws {
        guard let mailbox = Mailbox<SessionMessage>() else {
            Terminal.standardError(
                "no file descriptor is left for a pipe: raise the limit with `ulimit -n 1024`\n")
            throw ExitStatus.internalError
        }
        Signals.block(except: [SIGTSTP, SIGCONT])
        let child: LaunchedProgram
        do throws(LaunchedProgram.Failure) { child = try LaunchedProgram(command) } catch {
            let style = output.color.style(for: STDERR_FILENO)
            let reason = String(cString: strerror(error.number))
            Terminal.standardError(
                "\(style.mark(.failed)) cannot launch \(command[0].sanitized): \(reason)\n")
            Glibc.exit(error.number == ENOENT ? 127 : 126)
        }
        SignalRelay.start(for: child) { mailbox.post(.togglePause) }
        let renderer = try EventRenderer(output: output, isAlone: false)
        if let connection = attach(child) { serve(connection, child, mailbox, renderer) }
        let status = child.wait()
        renderer.finish()
        Glibc.exit(status ?? ExitStatus.internalError.rawValue)
    }

    /// Nil if the program ended, or cannot be patched, which is said.
    private func attach(_ child: LaunchedProgram) -> Connection? {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do throws(SessionError) { return try Connection(pid: child.pid) } catch {
                if child.hasEnded { return nil }
                guard Self.isStarting(error), ContinuousClock.now < end else {
                    tell(error, of: child)
                    return nil
                }
                usleep(20_000)
            }
        }
    }

    /// Between its launch and the end of its interpreter's start a program looks like this.
    private static func isStarting(_ error: SessionError) -> Bool {
        switch error {
        case .attach(.notPython), .attach(.targetBusy), .attach(.unsupportedBuild(_, .symbolsMissing)): true
        case .attach, .twin, .wrongAnswer: false
        }
    }

    /// Nothing where the program has just ended: its exit status says enough.
    private func tell(_ error: SessionError, of child: LaunchedProgram) {
        if child.hasEnded || Self.isEnd(error) { return }
        let style = output.color.style(for: STDERR_FILENO)
        Terminal.standardError(
            "\(style.mark(.failed)) \(error.message.sentence); the program goes on without midflight\n")
    }

    /// The program has ended or is about to: that is no error of an attach.
    private static func isEnd(_ error: SessionError) -> Bool {
        switch error {
        case .attach(.targetGone), .attach(.targetExiting), .attach(.noSuchProcess): true
        case .attach, .twin, .wrongAnswer: false
        }
    }

    /// Patches until the program ends. Ctrl-C goes to the program and not to us.
    private func serve(
        _ connection: Connection, _ child: LaunchedProgram, _ mailbox: Mailbox<SessionMessage>,
        _ renderer: EventRenderer
    ) {
        var options = SessionOptions()
        options.expectImports = true
        let loop = ServiceLoop(mailbox: mailbox, codec: ControlWire.codec)
        let service = Service(options: options, mailbox: mailbox, number: loop.makeNumber()) {
            renderer.show($0)
        }
        do throws(SessionError) { try loop.start(service, with: [connection]) } catch {
            return tell(error, of: child)
        }
        _ = loop.run()
    }
}
