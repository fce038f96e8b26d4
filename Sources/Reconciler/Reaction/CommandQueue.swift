import Reloader
import Subprocess
import Synchronization
import SystemPackage

/// Runs a service's commands one after the other, away from the loop's thread.
///
/// A command that still waits when it is asked for again runs once, for both.
final class CommandQueue: Sendable {
    /// What the lock guards.
    private struct State {
        var waiting: [Command] = []
        var isRunning = false
    }

    /// Bytes of a command's output that are kept, the last ones.
    private static let outputLimit = 64 << 10

    /// Never held while a command runs.
    private let state = Mutex(State())
    private let setting: CommandSetting
    private let deliver: @Sendable (CommandReport) -> Void

    /// `deliver` is called from any thread.
    init(_ setting: CommandSetting, deliver: @escaping @Sendable (CommandReport) -> Void) {
        self.setting = setting
        self.deliver = deliver
    }

    /// Runs the command when those before it have ended.
    func add(_ command: Command) {
        let isFirst = state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0.covers(command) }) {
                state.waiting[index].merge(command)
                return false
            }
            state.waiting.append(command)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if isFirst { Task.detached { await self.drain() } }
    }

    /// Runs in one task at a time, until nothing waits.
    private func drain() async {
        while let command = next() { deliver(await run(command)) }
    }

    /// nil ends the draining: the next `add` starts it again.
    private func next() -> Command? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Which of the two tasks of a run has ended.
    private enum Step { case ended(CommandReport.End, String), timeIsUp }

    /// Ends the command when its time is over, and waits for that end.
    private func run(_ command: Command) async -> CommandReport {
        let start = Monotonic.now
        let (end, output) = await withTaskGroup(of: Step.self) { group in
            group.addTask { await self.end(of: command) }
            group.addTask {
                try? await Task.sleep(for: self.setting.timeout)
                return .timeIsUp
            }
            var isTimedOut = false
            var result = (CommandReport.End.timedOut, "")
            while let step = await group.next() {
                group.cancelAll()
                switch step {
                case .ended(let end, let output): result = (isTimedOut ? .timedOut : end, output)
                case .timeIsUp: isTimedOut = true
                }
            }
            return result
        }
        return CommandReport(
            words: command.words, occasion: command.occasion, end: end, output: output,
            duration: Monotonic.now - start)
    }

    /// Runs the command to its end. A command that cannot be started has ended with `failed`.
    private func end(of command: Command) async -> Step {
        let all = command.variables.merging(setting.user?.variables ?? [:]) { own, _ in own }
        let variables = all.map { (Environment.Key(stringLiteral: $0), Optional($1)) }
        let configuration = Configuration(
            executable: executable(command.words[0]), arguments: Arguments(Array(command.words.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)),
            workingDirectory: setting.directory, platformOptions: platformOptions)
        var tail = OutputTail(limit: Self.outputLimit)
        do {
            let result = try await Subprocess.run(
                configuration, input: .none, output: .sequence, error: .combinedWithOutput
            ) { execution in
                for try await chunk in execution.standardOutput {
                    chunk.withUnsafeBytes { tail.append($0) }
                }
            }
            switch result.terminationStatus {
            case .exited(let status): return .ended(.exited(status), tail.text)
            case .signaled(let number): return .ended(.signaled(number), tail.text)
            }
        } catch {
            return .ended(.failed("\(error)"), tail.text)
        }
    }

    /// As execvp(3) finds it: a word with a slash is a path, from the directory that the command starts in.
    private func executable(_ word: String) -> Executable {
        word.contains("/") ? .path(setting.directory.pushing(FilePath(word))) : .name(word)
    }

    /// A process group of its own, so that what the command has started ends with it.
    private var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        if let user = setting.user {
            options.userID = user.userID
            options.groupID = user.groupID
            options.supplementaryGroups = user.groups
        }
        return options
    }
}
