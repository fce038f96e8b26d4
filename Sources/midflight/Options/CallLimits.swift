import ArgumentParser
import Glibc
import Reconciler

/// Which calls `calls` and `trace` show, and for how long.
struct CallLimits: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("limits")], parsing: .unconditional,
        help: "End after this many; -1 for no end.")
    var limit = 10
    @Option(
        name: .customLong("for"), parsing: .unconditional,
        help: ArgumentHelp(
            "End after this time, like 30s; 60s where the output is no terminal.", valueName: "time"),
        transform: Span.read)
    var duration: Span?
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Only calls for which it is true.", valueName: "expression"))
    var filter: String?
    @Option(
        name: [.customLong("nm", withSingleDash: true), .customLong("nested-method")],
        help: ArgumentHelp("The function NAME that is defined in METHOD instead.", valueName: "name"))
    var nested: String?
    @Option(
        help: ArgumentHelp("Part of one processor that hooks may take, in percent.", valueName: "percent"))
    var budget = 2.0

    /// A length of time: `500ms`, `30s`, `2m`; a bare number is seconds.
    struct Span: CustomStringConvertible {
        /// Above 0.
        var seconds: Double

        /// For a default value.
        init(seconds: Double) { self.seconds = seconds }

        /// As it would be written.
        var description: String {
            seconds.rounded() == seconds ? "\(Int(seconds))s" : "\(Int(seconds * 1000))ms"
        }

        /// Says what is allowed where it is no time.
        static func read(_ argument: String) throws -> Span {
            if let span = Span(argument: argument) { return span }
            throw ValidationError("a time is a number above 0 with ms, s, m or h, like 500ms or 30s")
        }

        /// nil for another unit, for 0, and for numbers above a million.
        private init?(argument: String) {
            let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)]
            guard let unit = units.first(where: { argument.hasSuffix($0.0) }),
                let number = Double(argument.dropLast(unit.0.count)), number > 0, number <= 1e6
            else { return nil }
            seconds = number * unit.1
        }
    }

    /// When to end; nil for never.
    var seconds: Double? { duration?.seconds ?? (isatty(STDOUT_FILENO) == 1 ? nil : 60) }

    /// -1 calls mean no end; 0 would show nothing.
    func validate() throws {
        guard limit >= -1, limit != 0 else { throw ValidationError("--limits is a number from 1, or -1.") }
        guard budget > 0, budget <= 10_000 else { throw ValidationError("--budget is a percentage.") }
    }

    /// Throws where the words name no function: a module alone is none.
    static func check(_ names: [String]) throws {
        guard let name = FunctionName(words: names),
            names.count > 1 || name.place != nil || names[0].contains(".")
        else {
            throw ValidationError(
                "Give MODULE METHOD, MODULE CLASS METHOD, one word with dots, or FILE:LINE.")
        }
    }

    /// What is asked of the process for the calls of `function`.
    func watch(_ function: FunctionName) -> CallWatch {
        var function = function
        function.nested = nested
        var watch = CallWatch(identifier: Int(getpid()), function: function)
        watch.filter = filter
        watch.limit = limit
        watch.budget = budget / 100
        return watch
    }
}
