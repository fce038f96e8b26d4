import Glibc
package import Reloader

/// Keeps the program of a service running that is ours: launches it, and launches it again when it has ended.
package final class Launcher {
    /// Milliseconds until a program that has ended is launched again: doubled while it does not stay up.
    private static let pauses: ClosedRange<Int64> = 250...5000
    /// Milliseconds for which a program must run to count as one that stays up.
    private static let proof: Int64 = 10_000
    /// Milliseconds between SIGTERM and SIGKILL of a restart.
    private static let patience: Int64 = 10_000

    /// What its owner is told.
    package enum News: Sendable {
        /// As a shell tells it: 128 + the signal's number.
        case ended(pid: Int32, status: Int32)
        /// Told once until a launch has worked. `errno`: what execve(2) or the fork said.
        case failed(errno: Int32)
    }

    /// The program and its arguments.
    private let command: [String]
    private let surroundings: LaunchedProgram.Surroundings
    /// nil while none runs.
    private var program: LaunchedProgram?
    /// CLOCK_MONOTONIC in nanoseconds of the last launch.
    private var launched: Int64 = 0
    /// CLOCK_MONOTONIC in nanoseconds: no launch before; `.max` after `stop`.
    private var next: Int64 = 0
    /// Milliseconds of the next pause.
    private var pause = Launcher.pauses.lowerBound
    private var isToldOfFailure = false
    /// When it is killed if it has not ended before.
    private(set) var deadline: Int64?
    /// What its owner is to be told.
    var tell: (News) -> Void = { _ in }

    /// `directory`: absolute; the program starts there. `user`: whom it runs as; nil: as we do.
    package init(_ command: [String], directory: String, as user: UserIdentity? = nil) {
        self.command = command
        surroundings = .service(directory: directory, user: user)
    }

    /// The program's pid, after a launch if it is time for one; none while it has to wait.
    func runningOrLaunch() -> [Int32] {
        reap()
        if let program { return [program.pid] }
        guard next <= Monotonic.now else { return [] }
        do throws(LaunchedProgram.Failure) {
            let program = try LaunchedProgram(command, surroundings)
            launched = Monotonic.now
            isToldOfFailure = false
            self.program = program
            return [program.pid]
        } catch {
            if !isToldOfFailure { tell(.failed(errno: error.number)) }
            isToldOfFailure = true
            next = Monotonic.now + Self.pauses.upperBound * 1_000_000
            return []
        }
    }

    /// Takes the exit status of a program that has ended, and decides when it is launched again: at once
    /// after a restart.
    private func reap() {
        guard let program, program.hasEnded else { return }
        let status = program.wait() ?? 0
        self.program = nil
        let wasAsked = deadline != nil
        deadline = nil
        if wasAsked || Monotonic.now - launched > Self.proof * 1_000_000 {
            pause = Self.pauses.lowerBound
        } else {
            pause = min(2 * pause, Self.pauses.upperBound)
        }
        next = wasAsked ? 0 : Monotonic.now + pause * 1_000_000
        tell(.ended(pid: program.pid, status: status))
    }

    /// Asks the program to end; it is launched again when it has.
    func restart() {
        guard let program, deadline == nil else { return }
        program.sendToGroup(SIGTERM)
        deadline = Monotonic.now + Self.patience * 1_000_000
    }

    /// Ends a program by force that had its time to end.
    func handleTimeout(now: Int64) {
        guard let program, let deadline, deadline <= now else { return }
        program.sendToGroup(SIGKILL)
        self.deadline = .max
    }

    /// Asks the program to end, for good; waits for that for less than a second.
    func stop() {
        guard let program else { return }
        program.sendToGroup(SIGTERM)
        for _ in 0..<35 where !program.hasEnded { usleep(20_000) }
        if program.hasEnded { _ = program.wait() }
        self.program = nil
        next = .max
    }
}
