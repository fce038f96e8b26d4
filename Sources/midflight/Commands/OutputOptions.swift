import ArgumentParser

struct ColorOptions: ParsableArguments {
    @Option(help: "Colour: auto, always or never.") var color = ColorChoice.auto
    @Flag(name: .customLong("no-color"), help: "The same as --color never.") var noColor = false

    func style(for descriptor: Int32) -> Style {
        Style(color: noColor ? .never : color, descriptor: descriptor)
    }
}

/// What every command that speaks for long has in common.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write one JSON object an event to standard output.") var json = false
    @OptionGroup var color: ColorOptions
    @Flag(name: .shortAndLong, help: "Only say what went wrong.") var quiet = false
    @Flag(name: .shortAndLong, help: "Name every definition and where the time went.") var verbose = false
}
