import ArgumentParser
import Glibc
import Reconciler

/// `midflight calls`: what some functions are called with, and what they answer.
struct CallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Show the calls of a function in a running process: arguments, result, exception, time.",
        discussion: """
            A function is MODULE [CLASS] METHOD or one word like shop.cart.Cart.total; METHOD may hold * and ?. FILE:LINE is \
            the function whose def stands there, or else that statement, with the variables as they are before it runs. \
            Expressions may use the parameters by name, and target, args, kwargs, return_obj, exc and cost (ms). \
            After a save of the function, its new code is watched. Nothing stays in the process, even if this command is killed.
            Exit status: 0 shown, 1 not found or refused, 7 no call in time, 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var target: TargetOptions
    @Argument(help: ArgumentHelp("MODULE [CLASS] METHOD, one word, or FILE:LINE.", valueName: "name"))
    var names: [String]
    @OptionGroup var limits: CallLimits
    @Option(
        name: .customLong("expr"),
        help: ArgumentHelp("What to show instead of arguments and result.", valueName: "expression"))
    var expressions: [String] = []
    @Flag(name: [.customShort("e"), .customLong("exception")], help: "Only calls that raised.")
    var onlyErrors = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Show no calls: how many there were, how many raised, and their times, once in each period like 5s; "
                + "-n counts periods.", valueName: "time"),
        transform: CallLimits.Span.read)
    var stats: CallLimits.Span?
    @Flag(help: "Read the values at entry, before the body can change them.") var before = false
    @Option(help: "Show this many frames that led to each call; 5 without a number.") var callers = 0
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

    /// `watch TARGET …` is this command, and `--callers` without a number means five.
    static func spelledOut(_ words: [String]) -> [String] {
        guard words.count > 1, words[0] == "calls" || words[0] == "watch" && !words[1].hasPrefix("-") else {
            return words
        }
        var words = words
        words[0] = "calls"
        if let at = words.firstIndex(of: "--callers"),
            at + 1 == words.count || Int(words[at + 1]) == nil
        {
            words.insert("5", at: at + 1)
        }
        return words
    }

    func validate() throws {
        try CallLimits.check(names)
        guard (0...100).contains(callers) else { throw ValidationError("--callers is a number up to 100.") }
        guard (-1...20).contains(depth) else {
            throw ValidationError("--expand is a number up to 20, or -1.")
        }
    }

    func run() throws {
        guard let function = FunctionName(words: names) else { return }
        let pid = try target.target.pid(color)
        var watch = limits.watch(function)
        watch.expressions = expressions.isEmpty && flightText ? ["args,kwargs"] : expressions
        watch.onlyErrors = onlyErrors
        watch.before = before
        watch.callers = callers
        watch.depth = depth
        watch.isVerbose = verbose
        watch.redacts = !noRedact
        watch.isRaw = raw
        watch.allowsCalls = allowCalls
        if stats != nil {
            watch.recording = .time
            watch.expressions = []
        }
        let view = CallsView(
            form: OutputFormat(json: json, flight: flightText), watch: watch, pid: pid, color: color,
            namesProcess: workers.choice != .none)
        try CallsRun(watch: watch, seconds: limits.seconds, period: stats?.seconds, view: view)
            .run(pid: pid, workers: workers.choice)
    }
}
