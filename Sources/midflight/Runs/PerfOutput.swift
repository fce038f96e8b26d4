import ArgumentParser
import Glibc
import Profiles
import Reconciler
import Reloader

/// Runs what `perf` was asked for, and shows what came of it.
struct PerfOutput {
    /// What stands on standard output.
    enum Form { case text, json, flight }

    /// Nil for none.
    var file: String?
    /// Chosen by `--json`, or by the way the command was named.
    var form: Form
    /// The process that was named.
    var pid: Int32
    /// Threads, rate, time and workers, for both kinds of runs.
    var request: PerfRun.Request
    var color: ColorOptions

    // MARK: A profile

    /// Looks at the process.
    func profile() throws(SessionError) -> PerfRun.Outcome {
        do throws(AttachError) {
            return try PerfRun(request, warn: warn).outcome(of: pid) {
                if form == .flight {
                    Terminal.standardOutput("ℹ Press Control-C to exit.\n")
                } else if request.seconds == nil {
                    Terminal.standardError("looking at process \(pid); Ctrl-C ends\n")
                }
            }
        } catch {
            throw .attach(error)
        }
    }

    /// Shows a profile, and writes it into the file.
    func show(_ outcome: PerfRun.Outcome) throws {
        switch form {
        case .text: Terminal.standardOutput(PerfText(style: style).text(outcome, request))
        case .json:
            let time = Timestamp.universal()
            Terminal.standardOutput(PerfJSON.line(outcome, request, pid: pid, at: time))
        case .flight: break
        }
        try write { form in
            let title = "midflight perf: \(outcome.profile.total) samples"
            return form.text(outcome.profile, title: title, period: request.period)
        }
    }

    // MARK: Before and after a save

    /// Looks at the process before and after a save; `window` in seconds.
    func comparison(window: Double) throws(SessionError) -> PerfSaveRun.Outcome {
        let text = PerfChangeText(style: color.style(for: STDERR_FILENO))
        return try PerfSaveRun(request, window: window, warn: warn).outcome(of: pid) { news in
            switch news {
            case .ready(let isOwn):
                Terminal.standardError(text.ready(pid, isOwn: isOwn))
            case .saved(let save): Terminal.standardError(text.saved(save, window: window))
            }
        }
    }

    /// Shows what a save changed, and writes it into the file; says so where nothing was saved.
    func show(_ outcome: PerfSaveRun.Outcome) throws {
        let time = Timestamp.universal()
        guard let change = outcome.change else {
            if form == .json {
                Terminal.standardOutput(PerfJSON.line(nothing: outcome, request, pid: pid, at: time))
            }
            let text = PerfChangeText(style: color.style(for: STDERR_FILENO))
            Terminal.standardError(text.nothing(outcome.end, pid, seconds: request.seconds))
            throw outcome.end == .interrupted ? ExitStatus.interrupted : .targetUnavailable
        }
        Terminal.standardOutput(
            form == .json
                ? PerfJSON.line(outcome, change, request, pid: pid, at: time)
                : PerfChangeText(style: style).text(outcome, change, request))
        try write { form in
            form.text(change, title: PerfChangeText.title(outcome), period: request.period)
        }
    }

    // MARK: Both

    /// Before anything is looked at: nobody waits for a profile that cannot be written.
    func checkFile() throws {
        guard let file else { return }
        do throws(OutputFile.Failure) { try OutputFile(file).check() } catch { throw unwritable(file, error) }
    }

    private func unwritable(_ file: String, _ failure: OutputFile.Failure) -> ValidationError {
        ValidationError("The file '\(file.sanitized)' cannot be written: \(SystemError(failure.number)).")
    }

    /// Of standard output.
    private var style: Style { color.style(for: STDOUT_FILENO) }

    /// To standard error, so that results stay clean.
    private func warn(_ message: String) {
        let style = color.style(for: STDERR_FILENO)
        Terminal.standardError("\(style.mark(.warning)) \(message.sanitized)\n")
    }

    /// Does nothing without a file. Called last: the text is made from the whole profile.
    private func write(_ text: (PerfFile) -> String) throws {
        guard let file, let kind = PerfFile(path: file) else { return }
        do throws(OutputFile.Failure) { try OutputFile(file).write(text(kind)) } catch {
            throw unwritable(file, error)
        }
        let name = file.sanitized
        switch form {
        case .text: Terminal.standardOutput("\(style.mark(.done)) wrote \(name)\n")
        case .flight:
            let done = "Flamegraph data has been successfully written to \(name)!"
            Terminal.standardOutput("\(style.mark(.done)) \(done)\n")
        case .json: break
        }
    }
}
