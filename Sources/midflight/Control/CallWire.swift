import Reconciler
import Reloader

/// Watches as JSON on the control socket.
enum CallWire {
    /// What a request says of a watch.
    static func members(_ watch: CallWatch) -> [(String, JSON)] {
        [
            ("id", .integer(watch.identifier)), ("module", .optional(watch.function.module)),
            ("class", .optional(watch.function.className)), ("method", .string(watch.function.method)),
            ("nested", .optional(watch.function.nested)), ("file", .optional(watch.function.place?.file)),
            ("line", watch.function.place.map { .integer($0.line) } ?? .null),
            ("filter", .optional(watch.filter)),
            ("expressions", .array(watch.expressions.map { .string($0) })),
            ("only_errors", .bool(watch.onlyErrors)), ("before", .bool(watch.before)),
            ("callers", .integer(watch.callers)), ("limit", .integer(watch.limit)),
            ("budget_millionths", .integer(Int(watch.budget * 1_000_000))), ("depth", .integer(watch.depth)),
            ("verbose", .bool(watch.isVerbose)), ("redact", .bool(watch.redacts)),
            ("raw", .bool(watch.isRaw)),
            ("allow_calls", .bool(watch.allowsCalls)), ("trace", watch.trace.map(object) ?? .null),
            ("counts", .bool(watch.recording == .time)),
        ]
    }

    /// Milliseconds and levels, as the recorder takes them.
    private static func object(_ trace: TraceFacts) -> JSON {
        .object([
            ("depth", .integer(trace.depth)), ("folds", .bool(trace.folds)), ("least", .number(trace.least)),
            ("over", .number(trace.over)),
        ])
    }

    /// nil where the watch is none of calls below. Numbers out of range are brought into it: they come from
    /// another process.
    private static func trace(_ value: JSON?) -> TraceFacts? {
        guard let value, let depth = value["depth"]?.integer else { return nil }
        var trace = TraceFacts()
        trace.depth = max(0, min(depth, 1000))
        trace.folds = value["folds"]?.flag ?? true
        trace.least = max(0, min(value["least"]?.decimal ?? 0, 1e6))
        trace.over = value["over"]?.decimal ?? 0
        return trace
    }

    /// Nil if it is no watch.
    static func watch(_ value: JSON) -> CallWatch? {
        guard let identifier = value["id"]?.integer, let method = value["method"]?.text,
            let limit = value["limit"]?.integer, limit >= -1, let depth = value["depth"]?.integer,
            (-1...100).contains(depth), let callers = value["callers"]?.integer, (0...100).contains(callers)
        else { return nil }
        var watch = CallWatch(
            identifier: identifier,
            function: FunctionName(
                module: value["module"]?.text, className: value["class"]?.text, method: method))
        watch.function.nested = value["nested"]?.text
        if let file = value["file"]?.text, let line = value["line"]?.integer {
            watch.function.place = FunctionName.Place(file: file, line: line)
        }
        watch.filter = value["filter"]?.text
        watch.expressions = (value["expressions"]?.elements ?? []).compactMap(\.text)
        watch.onlyErrors = value["only_errors"]?.flag ?? false
        watch.before = value["before"]?.flag ?? false
        watch.callers = callers
        watch.limit = limit
        watch.budget = Double(value["budget_millionths"]?.integer ?? 20_000) / 1_000_000
        watch.depth = depth
        watch.isVerbose = value["verbose"]?.flag ?? false
        watch.redacts = value["redact"]?.flag ?? true
        watch.isRaw = value["raw"]?.flag ?? false
        watch.allowsCalls = value["allow_calls"]?.flag ?? false
        if let trace = trace(value["trace"]) { watch.recording = .trace(trace) }
        if value["counts"]?.flag == true { watch.recording = .time }
        return watch
    }

    /// What is answered to `watch`.
    static func members(_ start: CallWatch.Start) -> [(String, JSON)] {
        switch start {
        case .watching(let functions, let failed):
            [("functions", .array(functions.map { .string($0) })), ("failed", .array(failed.map(object)))]
        case .refused(.noModule(let name)): [("no_module", .string(name))]
        case .refused(.noFunction(let name, let module)):
            [
                ("no_function", .string(name.method)), ("class", .optional(name.className)),
                ("module", .string(module)),
            ]
        case .refused(.noFile(let name)): [("no_file", .string(name))]
        case .refused(.tooMany(let count)): [("too_many", .integer(count))]
        case .refused(.expression(let text, let reason, let message)):
            [("expression", .string(text)), ("reason", .string(reason)), ("message", .string(message))]
        case .refused(.functions(let failed)): [("failed", .array(failed.map(object)))]
        }
    }

    /// Why one function is not watched.
    private static func object(_ unwatched: Unwatched) -> JSON {
        .object([("name", .string(unwatched.name)), ("reason", .string(unwatched.reason))])
    }

    /// Reads such an answer; nil if it is none.
    static func start(_ value: JSON) -> CallWatch.Start? {
        guard value["answer"]?.text == "watch" else { return nil }
        let failed = (value["failed"]?.elements ?? []).map { row in
            Unwatched(name: row["name"]?.text ?? "", reason: row["reason"]?.text ?? "")
        }
        if let functions = value["functions"]?.elements {
            return .watching(functions: functions.compactMap(\.text), failed: failed)
        }
        if let name = value["no_module"]?.text { return .refused(.noModule(name)) }
        if let method = value["no_function"]?.text {
            let name = FunctionName(module: nil, className: value["class"]?.text, method: method)
            return .refused(.noFunction(name, module: value["module"]?.text ?? ""))
        }
        if let name = value["no_file"]?.text { return .refused(.noFile(name)) }
        if let count = value["too_many"]?.integer { return .refused(.tooMany(count)) }
        if let text = value["expression"]?.text {
            return .refused(
                .expression(
                    text: text, reason: value["reason"]?.text ?? "", message: value["message"]?.text ?? ""))
        }
        return .refused(.functions(failed))
    }

    /// What is answered to `drain`.
    static func members(_ answer: DrainAnswer) -> [(String, JSON)] {
        [
            ("calls", .array(answer.calls.map { .object(CallJSON.members($0)) })),
            ("counted", .integer(answer.counted)), ("passed", .integer(answer.passed)),
            ("dropped", .integer(answer.dropped)), ("hook_ns", .integer(answer.hookTime)),
            ("unwatched", .integer(answer.unwatched)), ("over", .bool(answer.isOverBudget)),
            ("gone", .bool(answer.isGone)), ("restored", .bool(answer.isRestored)),
            ("costs", .array(answer.costs.map(object))),
        ]
    }

    /// Reads such an answer; nil if it is none.
    static func drain(_ value: JSON) -> DrainAnswer? {
        guard value["answer"]?.text == "drain" else { return nil }
        var answer = DrainAnswer()
        answer.calls = (value["calls"]?.elements ?? []).compactMap(CallJSON.call)
        answer.counted = value["counted"]?.integer ?? 0
        answer.passed = value["passed"]?.integer ?? 0
        answer.dropped = value["dropped"]?.integer ?? 0
        answer.hookTime = value["hook_ns"]?.integer ?? 0
        answer.unwatched = value["unwatched"]?.integer ?? 0
        answer.isOverBudget = value["over"]?.flag ?? false
        answer.isGone = value["gone"]?.flag ?? false
        answer.isRestored = value["restored"]?.flag ?? false
        answer.costs = (value["costs"]?.elements ?? []).compactMap { row in
            guard let name = row["name"]?.text else { return nil }
            return CallCosts(
                name: name, returned: (row["returned"]?.elements ?? []).compactMap(\.decimal),
                raised: (row["raised"]?.elements ?? []).compactMap(\.decimal))
        }
        return answer
    }

    /// Milliseconds of each call that ended.
    private static func object(_ costs: CallCosts) -> JSON {
        .object([
            ("name", .string(costs.name)), ("returned", .array(costs.returned.map { .number($0) })),
            ("raised", .array(costs.raised.map { .number($0) })),
        ])
    }
}
