import ArgumentParser

/// A command's one process.
struct TargetOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(stringLiteral: TargetArgument.help), transform: { try TargetArgument($0) })
    var target: TargetArgument
}
