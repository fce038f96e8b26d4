import ArgumentParser
import Glibc
import Reconciler
import Reloader

/// `midflight trace`: what the calls of a function call, and how long each part takes.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Show the call tree of a function in a running process, with times.",
        discussion: """
            A function is MODULE [CLASS] METHOD or one word like shop.cart.Cart.total; METHOD may hold * and ?. \
            Calls of one function from one place are one row with their number; waiting of a coroutine is a row. \
            The filter may use the parameters by name, and target, args, kwargs, return_obj, exc and cost (ms). \
            Nothing stays in the process, even if this command is killed.
            Exit status: 0 shown, 1 not found or refused, 7 no call in time, 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var target: TargetOptions
    @Argument(
        help: ArgumentHelp("MODULE [CLASS] METHOD, one word, or FILE:LINE of its def.", valueName: "name"))
    var names: [String]
    @Option(
        name: [.customShort("i"), .customLong("interval")],
        help: ArgumentHelp(
            "Tell rows that take less together; 0.1, or 0 with -d or --json.", valueName: "ms"))
    var interval: Double?
    @Option(
        name: [.customLong("et", withSingleDash: true), .customLong("entrance-time")],
        help: ArgumentHelp("Only calls that take as long.", valueName: "ms"))
    var over = 0.0
    @Option(name: .shortAndLong, help: ArgumentHelp("Levels; the call itself is the first.", valueName: "n"))
    var depth: Int?
    @OptionGroup var limits: CallLimits
    @Flag(help: "Let the filter call the program and use its globals.") var allowCalls = false
    @Flag(help: "Write a JSON object for each event.") var json = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        try CallLimits.check(names)
        guard (0...1e6).contains(interval ?? 0), (0...1e6).contains(over) else {
            throw ValidationError("-i and -et are milliseconds.")
        }
        guard (1...1000).contains(depth ?? 1) else { throw ValidationError("--depth is a number from 1.") }
    }

    func run() throws {
        guard let function = FunctionName(words: names) else { return }
        let pid = try target.target.pid(color)
        var watch = limits.watch(function)
        watch.allowsCalls = allowCalls
        var trace = TraceFacts()
        trace.depth = depth ?? 0
        trace.folds = !flightText
        trace.least = interval ?? (json || depth != nil ? 0 : 0.1)
        trace.over = over
        watch.recording = .trace(trace)
        let view = CallsView(
            form: OutputFormat(json: json, flight: flightText), watch: watch, pid: pid, color: color,
            namesProcess: workers.choice != .none)
        try CallsRun(watch: watch, seconds: limits.seconds, view: view).run(pid: pid, workers: workers.choice)
    }
}
