import ArgumentParser
import Reloader

/// How a value is shown, for every command that shows some.
struct LookOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("expr")],
        help: ArgumentHelp("The expression to show; it may use the names above.", valueName: "expression"))
    var expression: String?
    @Option(
        name: [.customShort("x"), .customLong("expand")], parsing: .unconditional,
        help: ArgumentHelp("Levels of containers to expand; -1 for all.", valueName: "depth"))
    var depth: Int?
    @Flag(
        name: [.customShort("r"), .customLong("raw")], help: "Show repr(), which runs code of the program.")
    var raw = false
    @Flag(name: .shortAndLong, help: "Cut containers and texts later.") var verbose = false
    @Flag(help: "Let the expression call the program and use its globals.") var allowCalls = false
    @Flag(help: "Show the values of keys like password and token.") var noRedact = false
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @OptionGroup var color: ColorOptions

    /// Refuses options that mean nothing together.
    func validate() throws {
        if let depth, !(-1...20).contains(depth) {
            throw ValidationError("--expand is a number from 0 to 20, or -1 for all, and not \(depth).")
        }
    }

    /// What is asked of the process. `usual`: the depth without `--expand`.
    func look(_ subject: Look.Subject, expression name: String, depth usual: Int) -> Look {
        var look = Look(subject, expression: expression ?? name, depth: depth ?? usual)
        look.isVerbose = verbose
        look.redacts = !noRedact
        look.allowsCalls = allowCalls
        look.isRaw = raw
        return look
    }
}
