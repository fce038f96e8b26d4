import ArgumentParser
import Glibc
import Reconciler
import SystemPackage
import Watcher

/// `midflight observe`: what the watcher sees, without a process.
struct ObserveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe", abstract: "Print one line for every saved file below directories.",
        discussion: "Touches no process: it answers \"why did nothing happen?\". Ctrl-C ends it.")

    @Flag(
        name: [.customShort("0"), .customLong("null")],
        help: "End paths with a null byte instead of a line break.")
    var null = false
    @Flag(help: "Print a JSON object for each file.") var json = false
    @Option(help: ArgumentHelp("Do not watch what matches this gitignore pattern.", valueName: "glob"))
    var ignore: [String] = []
    @OptionGroup var color: ColorOptions
    @Argument(help: "Directories (default: this one).") var directories: [String] = ["."]

    func run() throws {
        let format = ObservedLine(null: null, json: json)
        var options = WatchOptions(isComplete: SourceScan.isComplete)
        options.ignore += ignore
        let style = color.style(for: STDERR_FILENO)
        Signals.block(except: [SIGTSTP, SIGCONT])
        let watcher: FileWatcher
        do throws(WatcherError) {
            watcher = try FileWatcher(options: options) { batch in
                for notice in batch.notices { Terminal.standardError(notice.lines(style: style)) }
                let lines = batch.changes.map(format.text).joined()
                if !Terminal.standardOutput(lines) { Signals.endSelf() }
            }
            for directory in directories {
                try watcher.addRoot(WorkingDirectory.absolute(directory), recursive: true)
            }
        } catch {
            let hint = error.hint.map { "  \(style.arrow) \($0)\n" } ?? ""
            Terminal.standardError("\(style.mark(.failed)) \(error.description.sanitized)\n" + hint)
            throw ExitStatus.usage
        }
        Terminal.standardError("watching with \(watcher.watchCount) inotify watches; Ctrl-C ends\n")
        Signals.waitForEnd()
        watcher.stop()
    }
}

extension WatchNotice {
    /// What happened, and below it what to do where there is something to do.
    func lines(style: Style) -> String {
        "\(style.mark(.warning)) \(description.sanitized)\n" + (hint.map { "  \(style.arrow) \($0)\n" } ?? "")
    }
}
