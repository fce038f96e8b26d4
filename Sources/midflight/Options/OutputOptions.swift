import ArgumentParser

/// Whether text has colours.
struct ColorOptions: ParsableArguments {
    @Option(help: "Colour: auto, always or never.") var color = ColorChoice.auto
    @Flag(name: .customLong("no-color"), help: "The same as --color never.") var noColor = false

    /// How text looks on this descriptor.
    func style(for descriptor: Int32) -> Style {
        Style(color: noColor ? .never : color, descriptor: descriptor)
    }
}

/// What every command that speaks for long has in common.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write a JSON object for each event to standard output.") var json = false
    @OptionGroup var color: ColorOptions
    @Flag(name: .shortAndLong, help: "Only say what went wrong.") var quiet = false
    @Flag(name: .shortAndLong, help: "Name every definition and where the time went.") var verbose = false
    @Flag(help: "Tell the milliseconds of every stage of a save.") var traceTiming = false
    @Option(
        help: ArgumentHelp("Append what is said to this file too, with date and time.", valueName: "file"))
    var logFile: String?

    /// Nil if none is wanted; an error of usage if it cannot be written.
    func log() throws -> LogFile? {
        guard let logFile else { return nil }
        do throws(LogFile.Failure) { return try LogFile(logFile) } catch {
            throw ValidationError(
                "The log file '\(logFile.sanitized)' cannot be written: \(SystemError(error.number)).")
        }
    }
}
