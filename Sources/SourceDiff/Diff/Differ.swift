/// Compares two outlines.
struct Differ {
    /// Both sources.
    let pair: OutlinePair
    /// What was found of definitions.
    var definitions: [DefinitionChange] = []
    /// What was found of statements outside of functions.
    var statements: [StatementChange] = []
    /// Two definitions that both files have changed places.
    private(set) var reordered = false
    /// Both texts are equal in every byte.
    let isIdentical: Bool
    /// Something differs that has no meaning: blanks, comments, quotation marks.
    var sawFormatChange = false

    /// Bytes that are equal from the start and from the end on; the two never overlap.
    let prefix: Int
    /// Bytes; see `prefix`.
    let suffix: Int
    /// The common end has other line numbers.
    private let suffixIsRelined: Bool
    /// New definition index → old one, -1 for none; and the reverse.
    private(set) var oldOfNew: [Int32] = []
    /// Old definition index → new one, -1 for none.
    private(set) var newOfOld: [Int32] = []
    /// New definitions, the last of their name, whose old ones were not.
    private var rebound: Set<Int> = []

    /// The source before the edit.
    var old: OutlineStorage { pair.old }
    /// The source after it.
    var new: OutlineStorage { pair.new }

    /// `window`: where the two texts differ at all.
    init(old: OutlineStorage, new: OutlineStorage, window: EditWindow) {
        pair = OutlinePair(old: old, new: new)
        prefix = window.prefix
        suffix = window.suffix
        suffixIsRelined = old.lines.line(of: old.bytes.count) != new.lines.line(of: new.bytes.count)
        isIdentical = window.isWhole
    }

    /// Compares everything inside of the window.
    mutating func run() {
        if isIdentical { return }
        old.withSource { oldSource in
            new.withSource { newSource in
                compare(
                    CanonicalTokens(storage: old, source: oldSource),
                    CanonicalTokens(storage: new, source: newSource))
            }
        }
    }

    /// Definitions first: which statements belong together depends on which classes do.
    private mutating func compare(_ oldTokens: CanonicalTokens, _ newTokens: CanonicalTokens) {
        matchDefinitions()
        matchRepeatedNames(oldTokens, newTokens)
        compareDefinitions(oldTokens, newTokens)
        var comparison = StatementComparison(differ: self, old: oldTokens, new: newTokens)
        comparison.compareBodies()
        statements = comparison.changes
        sawFormatChange = sawFormatChange || comparison.sawFormatChange
    }

    /// True if the spans lie in the part of the texts that is known to be equal, at the same place.
    func isUntouched(_ oldSpan: Range<Int32>, _ newSpan: Range<Int32>) -> Bool {
        if Int(oldSpan.upperBound) <= prefix { return oldSpan == newSpan }
        let oldLimit = old.bytes.count - suffix
        guard Int(oldSpan.lowerBound) >= oldLimit else { return false }
        return Int(newSpan.lowerBound) - Int(oldSpan.lowerBound) == new.bytes.count - old.bytes.count
            && newSpan.count == oldSpan.count
    }

    /// Matches by qualified name and occurrence: index by index from both ends, by table between. Right for names that
    /// one definition has.
    private mutating func matchDefinitions() {
        let oldCount = old.definitions.count
        let newCount = new.definitions.count
        oldOfNew = Array(repeating: -1, count: newCount)
        newOfOld = Array(repeating: -1, count: oldCount)
        let limit = min(oldCount, newCount)
        var head = 0
        while head < limit, isSame(head, head) {
            link(head, head)
            head += 1
        }
        var tail = 0
        while tail < limit - head, isSame(oldCount - 1 - tail, newCount - 1 - tail) {
            link(oldCount - 1 - tail, newCount - 1 - tail)
            tail += 1
        }
        var table: [QualnameKey: Int] = [:]
        for index in head..<(oldCount - tail) {
            table[QualnameKey(old.qualnameHashes[index], old.definitions[index].occurrence)] = index
        }
        var last = -1
        for index in head..<(newCount - tail) {
            let key = QualnameKey(new.qualnameHashes[index], new.definitions[index].occurrence)
            guard let match = table[key] else { continue }
            link(match, index)
            if match < last { reordered = true }
            last = max(last, match)
        }
    }

    /// A definition by its name's hash and its place among those of the same name.
    private struct QualnameKey: Hashable {
        /// Of the qualified name, 64 bits: two names that share one would be taken for one name.
        var hash: UInt64
        /// From 0, in the order of the source.
        var occurrence: Int32

        init(_ hash: UInt64, _ occurrence: Int32) {
            self.hash = hash
            self.occurrence = occurrence
        }
    }

    /// Pairs definitions of one qualified name again, where the edit concerns one of them.
    private mutating func matchRepeatedNames(_ oldTokens: CanonicalTokens, _ newTokens: CanonicalTokens) {
        var repeated: Set<UInt64> = []
        for index in old.definitions.indices where old.definitions.occurrence(of: index) > 0 {
            repeated.insert(old.qualnameHashes[index])
        }
        for index in new.definitions.indices where new.definitions.occurrence(of: index) > 0 {
            repeated.insert(new.qualnameHashes[index])
        }
        guard !repeated.isEmpty else { return }
        var groups: [UInt64: (old: [Int], new: [Int])] = [:]
        for index in old.definitions.indices where repeated.contains(old.qualnameHashes[index]) {
            groups[old.qualnameHashes[index], default: ([], [])].old.append(index)
        }
        for index in new.definitions.indices where repeated.contains(new.qualnameHashes[index]) {
            groups[new.qualnameHashes[index], default: ([], [])].new.append(index)
        }
        let names = RepeatedNames(old: oldTokens, new: newTokens)
        // What stands around a definition comes before it.
        for group in groups.values.sorted(by: { ($0.new.first ?? 0) < ($1.new.first ?? 0) })
        where !isUntouched(group) {
            match(group, names)
        }
        var last: Int32 = -1
        reordered = oldOfNew.contains { match in
            defer { last = max(last, match) }
            return match >= 0 && match < last
        }
    }

    /// All definitions of the name lie in equal parts of the texts, so the match by occurrence is right.
    private func isUntouched(_ group: (old: [Int], new: [Int])) -> Bool {
        group.old.count == group.new.count
            && zip(group.old, group.new).allSatisfy {
                isUntouched(old.definitions.span($0), new.definitions.span($1))
            }
    }

    /// Takes the first match back and pairs again, scope by scope. Notes a last definition that was not the
    /// last one before.
    private mutating func match(_ group: (old: [Int], new: [Int]), _ names: RepeatedNames) {
        for index in group.old { newOfOld[index] = -1 }
        for index in group.new { oldOfNew[index] = -1 }
        // By scope: definitions of different classes, or functions, of one name are never one.
        let news = Dictionary(grouping: group.new) { scope(of: $0, in: new) }
        let olds = Dictionary(grouping: group.old) { index -> Int32 in
            let scope = scope(of: index, in: old)
            return scope < 0 ? scope : newOfOld[Int(scope)] < 0 ? -2 : newOfOld[Int(scope)]
        }
        for (scope, news) in news {
            guard let olds = olds[scope] else { continue }
            for pair in names.pairs(olds, news) { link(pair.old, pair.new) }
            guard let lastOld = olds.last, let lastNew = news.last else { continue }
            let match = oldOfNew[lastNew]
            if match >= 0, Int(match) != lastOld, newOfOld[lastOld] >= 0,
                !new.definitions[lastNew].isConditional
            {
                rebound.insert(lastNew)
            }
        }
    }

    /// The definition around one that its name is local to; -1 for the module.
    private func scope(of index: Int, in storage: OutlineStorage) -> Int32 {
        let record = storage.definitions[index]
        return record.isGlobal ? -1 : record.parent
    }

    /// Equal name and occurrence, by hash.
    private func isSame(_ oldIndex: Int, _ newIndex: Int) -> Bool {
        old.qualnameHashes[oldIndex] == new.qualnameHashes[newIndex]
            && old.definitions.occurrence(of: oldIndex) == new.definitions.occurrence(of: newIndex)
    }

    /// Notes the pair in both directions; an earlier partner of either must have been taken back.
    private mutating func link(_ oldIndex: Int, _ newIndex: Int) {
        oldOfNew[newIndex] = Int32(oldIndex)
        newOfOld[oldIndex] = Int32(newIndex)
    }

    /// Lists the changes in the order of the new file, removed definitions where they stood.
    private mutating func compareDefinitions(
        _ oldTokens: CanonicalTokens, _ newTokens: CanonicalTokens
    ) {
        let comparison = DefinitionComparison(old: oldTokens, new: newTokens)
        if prefix + suffix < new.bytes.count { definitions.reserveCapacity(new.definitions.count) }
        var nextOld = 0
        for index in new.definitions.indices {
            let match = Int(oldOfNew[index])
            guard match >= 0 else {
                definitions.append(
                    DefinitionChange(pair: pair, oldIndex: -1, newIndex: Int32(index), aspects: .added))
                continue
            }
            while nextOld <= match {
                if newOfOld[nextOld] < 0 { appendRemoved(nextOld) }
                nextOld += 1
            }
            var aspects = self.aspects(match, index, comparison)
            if rebound.contains(index) { aspects.insert(.rebound) }
            if !aspects.isEmpty {
                definitions.append(
                    DefinitionChange(
                        pair: pair, oldIndex: Int32(match), newIndex: Int32(index), aspects: aspects))
                if aspects.contains(.format) { sawFormatChange = true }
            }
        }
        while nextOld < old.definitions.count {
            if newOfOld[nextOld] < 0 { appendRemoved(nextOld) }
            nextOld += 1
        }
        Similarity(old: oldTokens, new: newTokens).mark(&definitions)
    }

    /// `index` counts in the old outline.
    private mutating func appendRemoved(_ index: Int) {
        definitions.append(
            DefinitionChange(pair: pair, oldIndex: Int32(index), newIndex: -1, aspects: .removed))
    }

    /// Reads no token of a definition that lies wholly in the equal start or end of the texts.
    private func aspects(_ oldIndex: Int, _ newIndex: Int, _ comparison: DefinitionComparison)
        -> Aspects
    {
        let left = old.definitions.span(oldIndex)
        let right = new.definitions.span(newIndex)
        if isUntouched(left, right) {
            return Int(left.upperBound) > prefix && suffixIsRelined ? .relined : []
        }
        var aspects = comparison.aspects(oldIndex, newIndex)
        let isRelined =
            old.lines.line(of: Int(left.lowerBound)) != new.lines.line(of: Int(right.lowerBound))
        if isRelined, aspects.isDisjoint(with: .semantic) { aspects.insert(.relined) }
        return aspects
    }
}
