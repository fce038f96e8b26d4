import ArgumentParser
import Glibc
import Reconciler
import Reloader
import Synchronization
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
        child.passSignalsOn { mailbox.post(.togglePause) }
        let renderer = EventRenderer(output: output)
        if let connection = attach(child) { serve(connection, mailbox, renderer) }
        let status = child.wait()
        renderer.finish()
        Glibc.exit(status)
    }

    /// Nil if the program ended, or cannot be patched, which is said.
    private func attach(_ child: LaunchedProgram) -> Connection? {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do throws(SessionError) { return try Connection(pid: child.pid) } catch {
                if child.hasEnded { return nil }
                guard Self.isStarting(error), ContinuousClock.now < end else {
                    tell(error)
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

    private func tell(_ error: SessionError) {
        let style = output.color.style(for: STDERR_FILENO)
        Terminal.standardError(
            "\(style.mark(.failed)) \(error.message.sanitized); it runs without midflight\n")
    }

    private func serve(
        _ connection: Connection, _ mailbox: Mailbox<SessionMessage>, _ renderer: EventRenderer
    ) {
        var options = SessionOptions()
        options.expectImports = true
        let service = Service(options: options, mailbox: mailbox) { renderer.show($0) }
        let loop = ServiceLoop(mailbox: mailbox, codec: ControlWire.codec)
        do throws(SessionError) { try loop.start(service, with: [connection]) } catch { return tell(error) }
        _ = loop.run()
    }
}

/// A child in our process group with our streams; reaped by `wait` alone.
final class LaunchedProgram: Sendable {
    let pid: pid_t
    private let isReaped = Mutex(false)

    struct Failure: Error {
        /// An errno.
        var number: Int32
    }

    init(_ command: [String]) throws(Failure) {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGIO] { sigaddset(&signals, number) }  // those that we ignore
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let arguments = command.map { strdup($0) } + [nil]
        let variables = ((try? ProcFS().contents("/proc/self/environ")) ?? []).split(separator: 0)
        let environment = variables.map { strdup(String(decoding: $0, as: UTF8.self)) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, command[0], nil, &attributes, arguments, environment)
        guard status == 0 else { throw Failure(number: status) }
        self.pid = pid
    }

    /// True once there is a status to be had; leaves it there.
    var hasEnded: Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
    }

    /// The exit status, or 128 + the signal's number. Not while a thread of it is traced: wait4(2) would take its stops.
    func wait() -> Int32 {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            guard waitpid(pid, &status, 0) == pid else { return ExitStatus.internalError.rawValue }
            isReaped = true
            return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        }
    }

    /// From a thread of its own; the signals have to be blocked. SIGUSR1 is ours. What the terminal sends (si_code > 0) goes
    /// to the whole process group, the program has it already.
    func passSignalsOn(toggle: @escaping @Sendable () -> Void) {
        let relay = SignalRelay(program: self, toggle: toggle)
        var thread = pthread_t()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            Unmanaged<SignalRelay>.fromOpaque(argument).takeRetainedValue().receive()
        }
        if pthread_create(&thread, nil, start, Unmanaged.passRetained(relay).toOpaque()) == 0 {
            pthread_detach(thread)
        }
    }

    /// Never to a pid that may be another process's by now.
    fileprivate func send(_ number: Int32) {
        isReaped.withLock { if !$0 { _ = kill(pid, number) } }
    }
}

private final class SignalRelay: Sendable {
    private let program: LaunchedProgram
    private let toggle: @Sendable () -> Void

    init(program: LaunchedProgram, toggle: @escaping @Sendable () -> Void) {
        self.program = program
        self.toggle = toggle
    }

    func receive() -> Never {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&set, number) }
        while true {
            var info = siginfo_t()
            let number = sigwaitinfo(&set, &info)
            if number == SIGUSR1 { toggle() } else if number > 0, info.si_code <= 0 { program.send(number) }
        }
    }
}
