/// One call of a watched function.
package struct CallRecord: Sendable, Hashable {
    /// A parameter or an expression, with what it was in this call.
    package struct Value: Sendable, Hashable {
        /// The name of the parameter, or the text of the expression.
        package var expression: String
        /// As Python writes a class; empty if the expression failed: `text` says why then.
        package var type: String
        /// What is shown: repr() within the bounds of the observer, or why the expression failed.
        package var text: String

        /// Makes a value that is shown as it is.
        package init(expression: String, type: String, text: String) {
            self.expression = expression
            self.type = type
            self.text = text
        }
    }

    /// The exception that ended a call.
    package struct Raised: Sendable, Hashable {
        /// The name of its class.
        package var type: String
        /// Its arguments as text; its own `__str__` is not called.
        package var text: String
        /// Of the innermost frame of its traceback.
        package var file: String
        /// 1-based.
        package var line: Int

        /// Makes an exception that is shown as it is.
        package init(type: String, text: String, file: String, line: Int) {
            self.type = type
            self.text = text
            self.file = file
            self.line = line
        }
    }

    /// A frame that led to the call.
    package struct Caller: Sendable, Hashable {
        /// `co_name`.
        package var function: String
        /// `co_filename`.
        package var file: String
        /// The line of the call, 1-based.
        package var line: Int

        /// Makes a frame that is shown as it is.
        package init(function: String, file: String, line: Int) {
            self.function = function
            self.file = file
            self.line = line
        }
    }

    /// Module and qualified name.
    package var name: String
    /// Where it is defined; empty if that is not known.
    package var file = ""
    /// Of the `def`, or of the statement.
    package var line = 0
    /// A statement that was about to run, and no call: `arguments` are the variables.
    package var isPoint = false
    /// How long the call took; of a generator until it ended.
    package var milliseconds = 0.0
    /// Seconds since 1970 when it ended.
    package var end = 0.0
    /// What `threading` calls its thread; empty if it knows none.
    package var thread = ""
    /// Name and text of each parameter; empty where expressions were given.
    package var arguments: [Value] = []
    /// What it returned, as text; empty if it raised.
    package var result = ""
    /// What was asked for; empty where no expressions were given.
    package var values: [Value] = []
    /// Nil if the call returned.
    package var raised: Raised?
    /// How many values a generator has yielded.
    package var yielded = 0
    /// Nearest first; as many as were asked for.
    package var callers: [Caller] = []
    /// The filter raised for this call: why. Nothing else is known of it then.
    package var filterFailure: String?
    /// What ran below it, where a trace was asked for.
    package var trace: TraceRecord?

    /// Makes the record of a call of which nothing else is known yet.
    package init(name: String) { self.name = name }
}

extension CallRecord {
    /// Nil if the agent's facts have no name.
    init?(_ facts: MarshalValue) {
        guard let name = facts["name"]?.text else { return nil }
        self.init(name: name)
        filterFailure = facts["filter_failed"]?.text
        file = facts["file"]?.text ?? ""
        line = facts["line"]?.integer ?? 0
        isPoint = facts["point"]?.flag ?? false
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
        trace = facts["trace"].flatMap(TraceRecord.init)
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
