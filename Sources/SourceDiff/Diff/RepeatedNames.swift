/// Pairs the definitions that share one qualified name and one scope: which of the old file is which of the new one.
///
/// Position alone would make one implementation of a dispatched function, or one event's handler, another one's as soon
/// as one is added above it. What is likely the same definition is found in steps, each in source order.
struct RepeatedNames {
    /// The source before the edit.
    let old: CanonicalTokens
    /// The source after it.
    let new: CanonicalTokens

    /// What a definition says, as canonical tokens.
    private struct Text {
        /// In its own outline's `definitions`.
        let index: Int
        /// All of them, in order; empty if there is none.
        let decorators: [UInt8]
        /// The kind, then everything between name and colon.
        let header: [UInt8]
        /// The docstring and nested definitions included.
        let body: [UInt8]
        /// A function that the name leads to whatever else is run.
        let isBare: Bool
        /// Stands in a branch of its scope.
        let isConditional: Bool

        init(of index: Int, in side: CanonicalTokens) {
            self.index = index
            let record = side.storage.definitions[index]
            decorators = side.storage.decoratorSpans(of: record, in: side.source).reduce(into: []) {
                $0 += side.bytes(of: $1, level: .meaning) + [CanonicalTokens.Mark.newline]
            }
            let kind: UInt8 = record.kind == .class ? 1 : record.kind == .function ? 2 : 3
            header = [kind] + side.bytes(of: Int(record.nameEnd)..<Int(record.colon), level: .meaning)
            body = side.bytes(of: Int(record.bodyStart)..<Int(record.end), level: .meaning)
            isConditional = record.isConditional
            isBare = record.decoratorCount == 0 && !record.isConditional && record.kind != .class
        }
    }

    /// Pairs of indices, each index once; what is in none was removed or added.
    ///
    /// Where the last definition has no decorator on both sides, it is the one that the name leads to, and the others
    /// (overloads, what was written first) are not: these two are one. Then equal text, then equal decorators and
    /// signature, then an equal function under other decorators, then, among equal decorators, position. A definition
    /// that differs in decorators and in more is another one: its function may be registered with something. Branches
    /// of statements keep their places: which text runs is their condition's to say.
    func pairs(_ olds: [Int], _ news: [Int]) -> [(old: Int, new: Int)] {
        var found: [(old: Int, new: Int)] = []
        var left = olds.map { Text(of: $0, in: old) }
        var right = news.map { Text(of: $0, in: new) }
        if let was = left.last, let now = right.last, was.isBare, now.isBare {
            found.append((was.index, now.index))
            left.removeLast()
            right.removeLast()
        }
        let branches = (left.filter(\.isConditional), right.filter(\.isConditional))
        if branches.0.count == branches.1.count {
            found += zip(branches.0, branches.1).map { ($0.index, $1.index) }
            left.removeAll(where: \.isConditional)
            right.removeAll(where: \.isConditional)
        }
        match(&left, &right, &found) { [$0.decorators, $0.header, $0.body] }
        match(&left, &right, &found) { [$0.decorators, $0.header] }
        match(&left, &right, &found) { [$0.header, $0.body] }
        match(&left, &right, &found) { [$0.decorators] }
        return found
    }

    /// Moves what has one key on both sides from the lists to the pairs: in order, or by likeness of the bodies where
    /// one side has more.
    private func match(
        _ left: inout [Text], _ right: inout [Text], _ found: inout [(old: Int, new: Int)],
        by key: (Text) -> [[UInt8]]
    ) {
        let olds = Dictionary(grouping: left, by: key)
        var matched: (old: Set<Int>, new: Set<Int>) = ([], [])
        for (key, news) in Dictionary(grouping: right, by: key) {
            guard let olds = olds[key] else { continue }
            let pairs = olds.count == news.count ? Array(zip(olds, news)) : Self.likest(olds, news)
            for (was, now) in pairs {
                found.append((was.index, now.index))
                matched.old.insert(was.index)
                matched.new.insert(now.index)
            }
        }
        left.removeAll { matched.old.contains($0.index) }
        right.removeAll { matched.new.contains($0.index) }
    }

    /// Pairs greedily by likeness. Beyond 4096 combinations it goes by position, because the comparison is
    /// quadratic.
    private static func likest(_ olds: [Text], _ news: [Text]) -> [(Text, Text)] {
        guard olds.count * news.count <= 4096 else { return Array(zip(olds, news)) }
        var candidates: [(old: Int, new: Int, likeness: Int)] = []
        for (was, old) in olds.enumerated() {
            for (now, new) in news.enumerated() {
                candidates.append((was, now, likeness(old.body, new.body)))
            }
        }
        // Ties keep source order.
        candidates.sort { ($1.likeness, $0.old, $0.new) < ($0.likeness, $1.old, $1.new) }
        var taken: (old: Set<Int>, new: Set<Int>) = ([], [])
        var pairs: [(Text, Text)] = []
        for candidate in candidates
        where !taken.old.contains(candidate.old) && !taken.new.contains(candidate.new) {
            taken.old.insert(candidate.old)
            taken.new.insert(candidate.new)
            pairs.append((olds[candidate.old], news[candidate.new]))
        }
        return pairs
    }

    /// Thousandths of the longer text that both begin or end with.
    private static func likeness(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let limit = min(left.count, right.count)
        var head = 0
        while head < limit, left[head] == right[head] { head += 1 }
        var tail = 0
        while tail < limit - head, left[left.count - 1 - tail] == right[right.count - 1 - tail] { tail += 1 }
        return 1000 * (head + tail) / max(1, left.count, right.count)
    }
}
