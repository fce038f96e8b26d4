import Glibc
import Reloader

/// Hands our signals on to the program that we launched.
final class SignalRelay: Sendable {
    /// Whom signals are handed on to.
    private let program: LaunchedProgram
    /// Called on the relay's thread at SIGUSR1.
    private let toggle: @Sendable () -> Void

    /// Relays nothing yet.
    private init(program: LaunchedProgram, toggle: @escaping @Sendable () -> Void) {
        self.program = program
        self.toggle = toggle
    }

    /// On a thread of its own; the signals have to be blocked. SIGUSR1 is ours. What the terminal sends (si_code > 0)
    /// goes to the whole process group, the program has it already.
    static func start(for program: LaunchedProgram, toggle: @escaping @Sendable () -> Void) {
        let relay = SignalRelay(program: program, toggle: toggle)
        var thread = pthread_t()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            Unmanaged<SignalRelay>.fromOpaque(argument).takeRetainedValue().receive()
        }
        if pthread_create(&thread, nil, start, Unmanaged.passRetained(relay).toOpaque()) == 0 {
            pthread_detach(thread)
        }
    }

    /// Never ends: the thread goes with the process.
    private func receive() -> Never {
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
