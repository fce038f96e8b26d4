/// What is recorded below each call of a traced function.
package struct TraceFacts: Sendable, Hashable {
    /// Levels of rows, the call itself is the first; 0 for all.
    package var depth = 0
    /// All calls of one function from one row are one row with a count; else each call has a row of its own.
    package var folds = true
    /// Milliseconds: single rows that take less are not recorded.
    package var least = 0.0
    /// Milliseconds: only traces of calls that take as long.
    package var over = 0.0

    /// All rows of all calls.
    package init() {}

    var message: MarshalValue {
        [
            "depth": .int(Int64(depth)), "folds": .bool(folds), "least": .int(Int64(least * 1e6)),
            "over": .float(over),
        ]
    }
}

/// What ran below one call of a traced function.
package struct TraceRecord: Sendable, Hashable {
    /// The calls of one function from one row; the first row is the traced call itself.
    package struct Row: Sendable, Hashable {
        /// 1 for the traced call.
        package var depth: Int
        /// Module and qualified name.
        package var name: String
        /// `co_filename`; empty for a function in C and for waiting.
        package var file: String
        /// Of the definition, 1-based; 0 where there is no file.
        package var line: Int
        /// Where it was called, in the file of the row above; 0 where there are several lines, or none.
        package var callLine: Int
        /// What ran.
        package var kind: Kind
        /// All calls together, with what they called and with their waiting.
        package var milliseconds: Double
        /// Of a generator its beginnings.
        package var count: Int
        /// The class of an exception that ended one of the calls; `?` where it was not seen, empty where none was.
        package var raised: String

        /// Makes a row that is shown as it is.
        package init(
            depth: Int, name: String, file: String, line: Int, callLine: Int, kind: Kind,
            milliseconds: Double,
            count: Int, raised: String
        ) {
            self.depth = depth
            self.name = name
            self.file = file
            self.line = line
            self.callLine = callLine
            self.kind = kind
            self.milliseconds = milliseconds
            self.count = count
            self.raised = raised
        }
    }

    /// What a row is about.
    package enum Kind: String, Sendable, Hashable {
        /// A function with code of Python, or one of C, which has no file.
        case python, c
        /// A coroutine waited; other tasks ran, or nothing.
        case await
        /// A generator had yielded and was not asked for more.
        case yield
    }

    /// Why rows are missing; programs read these ids.
    package enum Cut: String, Sendable, Hashable {
        /// The program profiles itself: nothing below the call was seen.
        case profiled
        /// An audit hook of the program would hear of it: nothing below the call was seen.
        case audited
        /// There were more than 10,000 rows.
        case rows
        /// There were more than 500,000 calls and returns.
        case events
        /// The program set a profile function of its own meanwhile, or the call went on in another thread.
        case lost
        /// Nobody asked for three seconds.
        case lease
        /// The recorder failed.
        case failed
    }

    /// Depth first, in the order of the first calls.
    package var rows: [Row]
    /// Nil if everything was seen.
    package var cut: Cut?
    /// `threading.get_ident()` of its thread.
    package var thread = 0
    /// The interpreter does not wait for its thread.
    package var isDaemon = false
    /// Milliseconds of processor time of its thread, with the recorder's own.
    package var processor = 0.0

    /// Makes a trace of rows that are shown as they are.
    package init(rows: [Row]) { self.rows = rows }
}

extension TraceRecord {
    /// Nil if these are not the agent's facts of a trace.
    init?(_ facts: MarshalValue) {
        guard let texts = facts["texts"]?.items?.map({ $0.text ?? "" }), let rows = facts["rows"]?.items
        else { return nil }
        self.init(rows: rows.compactMap { Row($0, texts) })
        cut = facts["cut"]?.text.flatMap { $0.isEmpty ? nil : Cut(rawValue: $0) ?? .failed }
        thread = facts["ident"]?.integer ?? 0
        isDaemon = facts["daemon"]?.flag ?? false
        processor = facts["cpu"]?.number ?? 0
    }
}

extension TraceRecord.Row {
    /// Nine numbers; those of texts are places in `texts`.
    fileprivate init?(_ value: MarshalValue, _ texts: [String]) {
        let numbers = (value.items ?? []).map { $0.integer ?? 0 }
        guard numbers.count == 9, [1, 2, 5, 8].allSatisfy({ texts.indices.contains(numbers[$0]) }),
            let kind = TraceRecord.Kind(rawValue: texts[numbers[5]])
        else { return nil }
        self.init(
            depth: numbers[0], name: texts[numbers[1]], file: texts[numbers[2]], line: numbers[3],
            callLine: numbers[4], kind: kind, milliseconds: Double(numbers[6]) / 1e6, count: numbers[7],
            raised: texts[numbers[8]])
    }
}
