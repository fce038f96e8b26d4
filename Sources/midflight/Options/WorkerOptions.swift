import ArgumentParser
import Reconciler

extension Workers: ExpressibleByArgument {}

/// Which processes below the chosen one are taken with it.
struct WorkerOptions: ParsableArguments {
    @Option(help: "Which processes below the chosen one are included: none, children or descendants.")
    var workers = Workers.descendants
    @Flag(name: .customLong("no-workers"), help: "The same as --workers none.") var noWorkers = false

    /// What both options come to.
    var choice: Workers { noWorkers ? .none : workers }
}
