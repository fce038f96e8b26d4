import ArgumentParser
import Glibc
import Reconciler
import Reloader
import SystemPackage

/// `midflight module`: from a file to the module that a process made of it.
struct ModuleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "module",
        abstract: "Print the name of the module that a running process loaded from a file.",
        discussion:
            "Exit status: 0, 1 if the file does not exist or is not loaded, 4-8 as with attach, 130 interrupted."
    )

    @OptionGroup var options: TargetOptions
    @Argument(help: "A source file.") var file: String
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @OptionGroup var color: ColorOptions

    func run() throws {
        let pid = try options.target.pid(color)
        let there = ProcessRoot(pid: pid).here(WorkingDirectory.absolute(file))
        guard access(file, F_OK) == 0 || access(there.string, F_OK) == 0 else {
            report(nil, pid, "✗ Parse module argument failed: filepath \(file.sanitized) does not exist.")
            throw ExitStatus.notApplied
        }
        let wanted = ModuleFile.resolved(WorkingDirectory.absolute(file))
        let delegation = OneShot.Delegation<String?>(action: .module(wanted), value: ControlWire.module)
        let search = ModuleSearch(path: wanted, spelling: file)
        let name = try OneShot.ask(pid: pid, json: json, color: color, else: delegation) {
            () throws(SessionError) in
            try search.run(pid: pid)
        }
        report(name, pid, name?.sanitized ?? "filepath: \(file.sanitized) is not imported in target process.")
        try OneShot.finish(isDone: name != nil)
    }

    /// `name`: nil where no module was made from the file; then `text` says why.
    private func report(_ name: String?, _ pid: Int32, _ text: String) {
        guard json else {
            Terminal.standardOutput(text + "\n")
            return
        }
        let members: [(String, JSON)] = [
            ("v", .integer(1)), ("event", .string("module")), ("pid", .integer(Int(pid))),
            ("file", .string(file)),
            ("module", name.map { .string($0) } ?? .null), ("message", name == nil ? .string(text) : .null),
        ]
        Terminal.standardOutput(JSON.object(members).line + "\n")
    }
}
