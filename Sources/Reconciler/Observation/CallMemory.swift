package import Reloader

/// The last calls that a watch has seen in one process; nothing where nobody watches.
package struct CallMemory: Sendable, Hashable {
    /// One call, with its number among all that were kept of the process.
    package struct Entry: Sendable, Hashable {
        /// From 1 on; never given twice.
        package var number: Int
        /// As the watch showed it.
        package var call: CallRecord

        /// Makes an entry.
        package init(number: Int, call: CallRecord) {
            self.number = number
            self.call = call
        }
    }

    /// The oldest first.
    package private(set) var entries: [Entry] = []
    /// How many calls were kept once and are not any more.
    package private(set) var dropped = 0
    /// Bytes of the entries, estimated.
    private var size = 0

    /// Most calls that are kept.
    static let mostEntries = 1000
    /// Most bytes of them.
    static let mostBytes = 4 << 20

    /// Knows no call.
    package init() {}

    /// Keeps what a watch has got; the oldest calls make room.
    package mutating func add(_ calls: [CallRecord]) {
        for call in calls where call.filterFailure == nil {
            entries.append(Entry(number: dropped + entries.count + 1, call: call))
            size += Self.size(of: call)
        }
        var excess = 0
        while excess < entries.count,
            entries.count - excess > Self.mostEntries || size > Self.mostBytes
        {
            size -= Self.size(of: entries[excess].call)
            excess += 1
        }
        entries.removeFirst(excess)
        dropped += excess
    }

    /// Bytes, estimated: texts as they are, and something for all the rest.
    private static func size(of call: CallRecord) -> Int {
        let values = (call.arguments + call.values).map {
            $0.expression.utf8.count + $0.type.utf8.count + $0.text.utf8.count + 60
        }
        let callers = call.callers.map { $0.function.utf8.count + $0.file.utf8.count + 60 }
        let raised = call.raised.map { $0.type.utf8.count + $0.text.utf8.count + $0.file.utf8.count } ?? 0
        let rows = (call.trace?.rows ?? []).map { $0.name.utf8.count + $0.file.utf8.count + 120 }
        return call.name.utf8.count + call.result.utf8.count + call.thread.utf8.count + raised + 300
            + (values + callers + rows).reduce(0, +)
    }
}

/// Which of the calls that are kept are asked for.
package enum Recall: Sendable, Hashable {
    /// The last ones, so many at most.
    case last(Int)
    /// One of them.
    case number(Int)
}

/// What of them there is.
package struct Recalled: Sendable, Hashable {
    /// The oldest first.
    package var entries: [CallMemory.Entry]
    /// How many are kept.
    package var kept: Int
    /// How many were kept once and are not any more.
    package var dropped: Int

    /// Makes an answer.
    package init(entries: [CallMemory.Entry], kept: Int, dropped: Int) {
        self.entries = entries
        self.kept = kept
        self.dropped = dropped
    }

    /// Picks what is asked for.
    package init(_ recall: Recall, in memory: CallMemory) {
        kept = memory.entries.count
        dropped = memory.dropped
        switch recall {
        case .last(let count): entries = Array(memory.entries.suffix(max(0, count)))
        case .number(let number): entries = memory.entries.filter { $0.number == number }
        }
    }
}
