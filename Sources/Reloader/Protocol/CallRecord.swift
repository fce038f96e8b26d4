/// One call of a watched function.
package struct CallRecord: Sendable, Hashable {
    package struct Value: Sendable, Hashable {
        package var expression: String
        /// As Python writes a class; empty if the expression failed: `text` says why then.
        package var type: String
        package var text: String

        package init(expression: String, type: String, text: String) {
            self.expression = expression
            self.type = type
            self.text = text
        }
    }

    package struct Raised: Sendable, Hashable {
        package var type: String
        package var text: String
        package var file: String
        package var line: Int

        package init(type: String, text: String, file: String, line: Int) {
            self.type = type
            self.text = text
            self.file = file
            self.line = line
        }
    }

    package struct Caller: Sendable, Hashable {
        package var function: String
        package var file: String
        package var line: Int

        package init(function: String, file: String, line: Int) {
            self.function = function
            self.file = file
            self.line = line
        }
    }

    /// Module and qualified name.
    package var name: String
    /// Of the `def`.
    package var line = 0
    package var milliseconds = 0.0
    /// Seconds since 1970 when it ended.
    package var end = 0.0
    package var thread = ""
    /// Name and text of each parameter; empty where expressions were given.
    package var arguments: [Value] = []
    package var result = ""
    package var values: [Value] = []
    package var raised: Raised?
    package var yielded = 0
    package var callers: [Caller] = []
    /// The filter raised for this call: why. Nothing else is known of it then.
    package var filterFailure: String?

    package init(name: String) { self.name = name }
}

extension CallRecord {
    init?(_ facts: MarshalValue) {
        guard let name = facts["name"]?.text else { return nil }
        self.init(name: name)
        filterFailure = facts["filter_failed"]?.text
        line = facts["line"]?.integer ?? 0
        milliseconds = facts["ms"]?.number ?? 0
        end = facts["end"]?.number ?? 0
        thread = facts["thread"]?.text ?? ""
        yielded = facts["yielded"]?.integer ?? 0
        result = facts["result"]?.text ?? ""
        arguments = Self.rows(facts["arguments"], 2).map { row in
            Value(expression: row[0].text ?? "", type: "", text: row[1].text ?? "")
        }
        values = Self.rows(facts["values"], 3).map { row in
            Value(expression: row[0].text ?? "", type: row[1].text ?? "", text: row[2].text ?? "")
        }
        callers = Self.rows(facts["callers"], 3).map { row in
            Caller(function: row[0].text ?? "", file: row[1].text ?? "", line: row[2].integer ?? 0)
        }
        if let row = facts["exception"]?.items, row.count == 4 {
            raised = Raised(
                type: row[0].text ?? "", text: row[1].text ?? "", file: row[2].text ?? "",
                line: row[3].integer ?? 0)
        }
    }

    private static func rows(_ value: MarshalValue?, _ width: Int) -> [[MarshalValue]] {
        (value?.items ?? []).compactMap(\.items).filter { $0.count == width }
    }
}
