import ArgumentParser

/// `midflight watch`: every process of every service of a watch.yaml.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Keep the services of a watch.yaml at the state of their files.",
        discussion: """
            midflight waits for a service that does not run, and finds one again that was restarted. It watches the file \
            too: what it says applies as soon as it is saved, and an error in it changes nothing. Without a terminal, \
            SIGHUP reads the file again; on a terminal it ends midflight.
            Exit status: 0 ended by you, 3 the configuration cannot be used (every error is named with its place).
            """)

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file (default: $MIDFLIGHT_CONFIG, then watch.yaml here or above).", valueName: "file"))
    var config: String?
    @OptionGroup var output: OutputOptions

    /// Stays until it is told to end; a service that ends is waited for.
    func run() throws {
        guard let watch = try WatchRun(file: config, output: output) else {
            Terminal.standardError(
                "no file descriptor is left for a pipe: raise the limit with `ulimit -n 1024`\n")
            throw ExitStatus.internalError
        }
        try watch.run()
    }
}
