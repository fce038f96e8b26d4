import Reconciler

/// Calls that a running midflight keeps, as JSON, on the control socket and for `--json`.
enum RecallWire {
    /// What a request says.
    static func members(_ recall: Recall) -> [(String, JSON)] {
        switch recall {
        case .last(let count): [("do", "recall"), ("last", .integer(count))]
        case .number(let number): [("do", "recall"), ("number", .integer(number))]
        }
    }

    /// Nil if it asks for nothing.
    static func recall(_ value: JSON) -> Recall? {
        if let number = value["number"]?.integer { return .number(number) }
        return value["last"]?.integer.flatMap { $0 > 0 ? .last($0) : nil }
    }

    /// What is answered to `recall`, and what the event has beside its head.
    static func members(_ recalled: Recalled) -> [(String, JSON)] {
        let calls = recalled.entries.map { entry in
            JSON.object([("number", .integer(entry.number))] + CallJSON.members(entry.call))
        }
        return [
            ("kept", .integer(recalled.kept)), ("dropped", .integer(recalled.dropped)),
            ("calls", .array(calls)),
        ]
    }

    /// Nil if it is no such answer.
    static func recalled(_ value: JSON) -> Recalled? {
        guard value["answer"]?.text == "recall", let rows = value["calls"]?.elements,
            let kept = value["kept"]?.integer
        else { return nil }
        let entries = rows.compactMap { row -> CallMemory.Entry? in
            guard let number = row["number"]?.integer, let call = CallJSON.call(row) else { return nil }
            return CallMemory.Entry(number: number, call: call)
        }
        return Recalled(entries: entries, kept: kept, dropped: value["dropped"]?.integer ?? 0)
    }
}
