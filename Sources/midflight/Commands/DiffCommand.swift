import ArgumentParser
import Glibc
import Reconciler
import SystemPackage

/// `midflight diff`: what a save would do.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what applying the files on disk would do to a process, and change nothing.",
        discussion: """
            Compares the code that runs with the code of the files: bodies that differ and functions that are new. \
            Nothing of the program is run: no import, no default, no decorator.
            Exit status: 0 all of it could go in (or nothing differs), 1 something could not, 4-8 as with attach.
            """)

    @OptionGroup var options: TargetOptions
    @Argument(help: "Only these files (default: the program's own that are loaded).") var files: [String] = []
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @OptionGroup var patching: PatchingFlags
    @OptionGroup var color: ColorOptions

    /// Never patches: a midflight that controls the process is asked for the same dry run.
    func run() throws {
        let pid = try options.target.pid(color)
        let paths = files.map { ModuleFile.resolved(WorkingDirectory.absolute($0)) }
        let preview = SavePreview(files: paths, options: patching.options)
        let report = try OneShot.run(
            pid: pid, json: json, color: color,
            else: OneShot.Delegation(action: .diff(preview), value: PreviewWire.report)
        ) {
            (connection) throws(SessionError) in
            try preview.run(in: connection)
        }
        if json {
            Terminal.standardOutput(EventJSON.preview(report, pid: pid).line + "\n")
        } else {
            Terminal.standardOutput(DiffText(style: color.style(for: STDOUT_FILENO)).text(report))
        }
        try OneShot.finish(isDone: report.kept.isEmpty && report.rejected.isEmpty)
    }
}
