import Reloader

/// Calls with their variables as JSON, on the control socket and for `--json`.
enum LocalsWire {
    /// What a request says.
    static func members(_ facts: LocalsFacts) -> [(String, JSON)] {
        [("do", "locals"), ("verbose", .bool(facts.isVerbose)), ("redact", .bool(facts.redacts))]
    }

    /// A member that is missing is as usual.
    static func facts(_ value: JSON) -> LocalsFacts {
        var facts = LocalsFacts()
        facts.isVerbose = value["verbose"]?.flag ?? false
        facts.redacts = value["redact"]?.flag ?? true
        return facts
    }

    /// What is answered to `locals`, and what the event has beside its head.
    static func members(_ stacks: LocalStacks) -> [(String, JSON)] {
        [
            ("python", .string(stacks.version)), ("audited", .bool(stacks.isAudited)),
            ("left_out", .integer(stacks.leftOut)), ("threads", .array(stacks.threads.map(object))),
        ]
    }

    /// `cut`: older calls that are left out.
    private static func object(_ thread: LocalStacks.Thread) -> JSON {
        .object([
            ("id", thread.id.map { .integer($0) } ?? .null), ("name", .string(thread.name)),
            ("cut", .integer(thread.cut)), ("calls", .array(thread.calls.map(object))),
        ])
    }

    /// `count`: of the variables, whether they are shown or not.
    private static func object(_ call: LocalStacks.Call) -> JSON {
        let variables = call.variables.map { value in
            JSON.object([
                ("name", .string(value.expression)), ("type", .string(value.type)),
                ("text", .string(value.text)),
            ])
        }
        return .object([
            ("function", .string(call.frame.function)), ("qualname", .string(call.frame.qualifiedName)),
            ("file", .string(call.frame.file)), ("line", .integer(call.frame.line)),
            ("locals", .array(variables)), ("count", .integer(call.count)),
            ("unread", .optional(call.unread?.rawValue)),
        ])
    }

    /// Nil if it is no answer to `locals`.
    static func stacks(_ value: JSON) -> LocalStacks? {
        guard value["answer"]?.text == "locals", let version = value["python"]?.text,
            let threads = value["threads"]?.elements
        else { return nil }
        var stacks = LocalStacks(version: version)
        stacks.isAudited = value["audited"]?.flag ?? false
        stacks.leftOut = value["left_out"]?.integer ?? 0
        stacks.threads = threads.map { element in
            var thread = LocalStacks.Thread(
                id: element["id"]?.integer, name: element["name"]?.text ?? "")
            thread.cut = element["cut"]?.integer ?? 0
            thread.calls = (element["calls"]?.elements ?? []).map(call)
            return thread
        }
        return stacks
    }

    private static func call(_ value: JSON) -> LocalStacks.Call {
        var call = LocalStacks.Call(
            frame: ThreadStack.Frame(
                function: value["function"]?.text ?? "", qualifiedName: value["qualname"]?.text ?? "",
                file: value["file"]?.text ?? "", line: value["line"]?.integer ?? 0))
        call.variables = (value["locals"]?.elements ?? []).map { row in
            CallRecord.Value(
                expression: row["name"]?.text ?? "", type: row["type"]?.text ?? "",
                text: row["text"]?.text ?? "")
        }
        call.count = value["count"]?.integer ?? 0
        call.unread = value["unread"]?.text.flatMap(LocalStacks.Unread.init)
        return call
    }
}
