import ArgumentParser
import Reloader

/// `midflight vmtool`: the instances of a class, or a run of the collector.
struct VMToolCommand: ParsableCommand {
    /// PyFlightProfiler's names for them.
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case getInstances, forceGc
    }

    static let configuration = CommandConfiguration(
        commandName: "vmtool",
        abstract: "Show the living instances of a class in a running process, or collect garbage there.",
        discussion: """
            The expression may use `instances`, the list of what was found, and `target`, the class. The process waits \
            while its heap is searched: about 15 to 100 ms for a million objects.
            Exit status: 0 shown, 1 not there or refused (the text says why), 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var target: TargetOptions
    @Option(name: .shortAndLong, help: "getInstances or forceGc.") var action: Action
    @Option(
        name: [.short, .customLong("class")], parsing: .upToNextOption,
        help: ArgumentHelp("MODULE CLASS; CLASS may be dotted.", valueName: "name"))
    var classNames: [String] = []
    @Option(
        name: [.customShort("n"), .customLong("limits")], parsing: .unconditional,
        help: "Instances to show; -1 for all.")
    var limit = 10
    @Flag(help: "Leave out the instances of subclasses.") var exact = false
    @OptionGroup var options: LookOptions

    func validate() throws {
        guard action == .forceGc || classNames.count == 2 else {
            throw ValidationError("getInstances needs -c MODULE CLASS.")
        }
        guard limit >= -1 else { throw ValidationError("--limits is a number, or -1 for all.") }
    }

    func run() throws {
        let pid = try target.target.pid(options.color)
        let names = action == .forceGc ? ["", ""] : classNames
        let subject = Look.Subject.instances(
            module: names[0], className: names[1], limit: limit, isExact: exact)
        let look = options.look(subject, expression: "instances", depth: 1)
        let run = LookRun(pid: pid, look: look, options: options)
        if action == .forceGc { try run.collect() } else { try run.run() }
    }
}
