import ArgumentParser
import Glibc
import Reconciler

/// `midflight calls`: what some functions are called with, and what they answer.
struct CallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Show the calls of a function in a running process: arguments, result, exception, time.",
        discussion: """
            A function is MODULE [CLASS] METHOD or one word like shop.cart.Cart.total; METHOD may hold * and ?. \
            Expressions may use the parameters by name, and target, args, kwargs, return_obj, exc and cost (ms). \
            After a save of the function, its new code is watched. Nothing stays in the process, even if this command is killed.
            Exit status: 0 shown, 1 not found or refused, 7 no call in time, 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var target: TargetOptions
    @Argument(help: ArgumentHelp("MODULE [CLASS] METHOD, or one word.", valueName: "name"))
    var names: [String]
    @Option(
        name: [.customShort("n"), .customLong("limits")], parsing: .unconditional,
        help: "End after this many calls; -1 for no end.")
    var limit = 10
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "End after this time, like 30s; 60s where the output is no terminal.", valueName: "time"))
    var duration: Span?
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Only calls for which it is true.", valueName: "expression"))
    var filter: String?
    @Option(
        name: .customLong("expr"),
        help: ArgumentHelp("What to show instead of arguments and result.", valueName: "expression"))
    var expressions: [String] = []
    @Flag(name: [.customShort("e"), .customLong("exception")], help: "Only calls that raised.")
    var onlyErrors = false
    @Flag(help: "Read the values at entry, before the body can change them.") var before = false
    @Option(help: "Show this many frames that led to each call.") var callers = 0
    @Option(
        help: ArgumentHelp("Part of one processor that hooks may take, in percent.", valueName: "percent"))
    var budget = 2.0
    @Option(
        name: [.customShort("x"), .customLong("expand")], parsing: .unconditional,
        help: ArgumentHelp("Levels of containers to expand; -1 for all.", valueName: "depth"))
    var depth = 1
    @Flag(
        name: [.customShort("r"), .customLong("raw")], help: "Show repr(), which runs code of the program.")
    var raw = false
    @Flag(name: .shortAndLong, help: "Cut containers and texts later.") var verbose = false
    @Flag(help: "Let expressions call the program and use its globals.") var allowCalls = false
    @Flag(help: "Show the values of keys like password and token.") var noRedact = false
    @Flag(help: "Write a JSON object for each event.") var json = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    /// A length of time: `500ms`, `30s`, `2m`; a bare number is seconds.
    struct Span: ExpressibleByArgument {
        var seconds: Double

        init?(argument: String) {
            let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
            guard let unit = units.first(where: { argument.hasSuffix($0.0) }),
                let number = Double(argument.dropLast(unit.0.count)), number > 0, number <= 1e6
            else { return nil }
            seconds = number * unit.1
        }
    }

    func validate() throws {
        guard FunctionName(words: names) != nil else {
            throw ValidationError("Give MODULE METHOD, MODULE CLASS METHOD, or one dotted word.")
        }
        guard limit >= -1, limit != 0 else { throw ValidationError("--limits is a number from 1, or -1.") }
        guard (0...100).contains(callers) else { throw ValidationError("--callers is a number up to 100.") }
        guard budget > 0, budget <= 10_000 else { throw ValidationError("--budget is a percentage.") }
        guard (-1...20).contains(depth) else {
            throw ValidationError("--expand is a number up to 20, or -1.")
        }
    }

    func run() throws {
        guard let function = FunctionName(words: names) else { return }
        let pid = try target.target.pid(color)
        var watch = CallWatch(identifier: Int(getpid()), function: function)
        watch.filter = filter
        watch.expressions = expressions.isEmpty && flightText ? ["args,kwargs"] : expressions
        watch.onlyErrors = onlyErrors
        watch.before = before
        watch.callers = callers
        watch.limit = limit
        watch.budget = budget / 100
        watch.depth = depth
        watch.isVerbose = verbose
        watch.redacts = !noRedact
        watch.isRaw = raw
        watch.allowsCalls = allowCalls
        let seconds = duration?.seconds ?? (isatty(STDOUT_FILENO) == 1 ? nil : 60)
        let view = CallsView(
            form: json ? .json : flightText ? .flight : .text, watch: watch, pid: pid, color: color,
            namesProcess: workers.choice != .none)
        try CallsRun(watch: watch, seconds: seconds, view: view).run(pid: pid, workers: workers.choice)
    }
}
