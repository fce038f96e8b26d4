/// Longest matching blocks, recursively: what is left over is what a reader would call removed and added.
///
/// Texts of few distinct elements would take cubic time. The search has a budget of steps, linear in the elements; what
/// is left when it is used up is matched by position, which is coarser and as correct.
struct SequenceMatcher {
    /// Elements as numbers; a number may occur often.
    private let left: [Int]
    /// Elements in the same numbering as `left`.
    private let right: [Int]
    /// Where each number stands in the right sequence, ascending.
    private let places: [Int: [Int]]
    /// Elements compared so far.
    private(set) var steps = 0
    /// Length of the common block that ends at a place of the right sequence; one row for each parity of `row`.
    private var lengths: [[Int]]
    /// The row that wrote a length.
    private var rows: [[Int]]
    /// Counts through all searches, so that old lengths need not be cleared.
    private var row = 1

    /// Steps that the search for longest blocks may take. Pairs of real files need less than a tenth.
    private var budget: Int { 100_000 + 64 * (left.count + right.count) }

    /// Two sequences of numbers; equal numbers are equal things.
    init(_ left: [Int], _ right: [Int]) {
        self.left = left
        self.right = right
        var places: [Int: [Int]] = [:]
        for (index, key) in right.enumerated() { places[key, default: []].append(index) }
        self.places = places
        lengths = Array(repeating: Array(repeating: 0, count: right.count), count: 2)
        rows = lengths
    }

    /// Indexes of the elements of the left sequence and of the right one that are in no matching block, ascending.
    mutating func difference() -> (removed: [Int], added: [Int]) {
        var keptLeft = [Bool](repeating: false, count: left.count)
        var keptRight = [Bool](repeating: false, count: right.count)
        var queue = [(left.indices, right.indices)]
        while let (leftRange, rightRange) = queue.popLast() {
            guard !leftRange.isEmpty, !rightRange.isEmpty else { continue }
            guard let match = longestMatch(leftRange, rightRange) else {
                for (leftIndex, rightIndex) in positionalMatches(leftRange, rightRange) {
                    keptLeft[leftIndex] = true
                    keptRight[rightIndex] = true
                }
                continue
            }
            guard match.length > 0 else { continue }
            for step in 0..<match.length {
                keptLeft[match.left + step] = true
                keptRight[match.right + step] = true
            }
            queue.append((leftRange.lowerBound..<match.left, rightRange.lowerBound..<match.right))
            queue.append(
                (
                    match.left + match.length..<leftRange.upperBound,
                    match.right + match.length..<rightRange.upperBound
                ))
        }
        return (left.indices.filter { !keptLeft[$0] }, right.indices.filter { !keptRight[$0] })
    }

    /// The longest common block; the earliest in the left sequence, then in the right one. Nil if the budget is used
    /// up.
    private mutating func longestMatch(_ leftRange: Range<Int>, _ rightRange: Range<Int>) -> (
        left: Int, right: Int, length: Int
    )? {
        var best = (left: leftRange.lowerBound, right: rightRange.lowerBound, length: 0)
        // One row stays unwritten, so that no length of another search counts.
        row += 1
        for index in leftRange {
            row += 1
            steps += 1
            guard let found = places[left[index]] else { continue }
            let parity = row & 1
            var next = found.partitioningIndex { $0 >= rightRange.lowerBound }
            while next < found.count, found[next] < rightRange.upperBound {
                guard steps < budget else { return nil }
                let place = found[next]
                let isContinued = place > 0 && rows[1 - parity][place - 1] == row - 1
                let length = isContinued ? lengths[1 - parity][place - 1] + 1 : 1
                lengths[parity][place] = length
                rows[parity][place] = row
                if length > best.length { best = (index - length + 1, place - length + 1, length) }
                next += 1
                steps += 1
            }
        }
        return steps < budget ? best : nil
    }

    /// Equal elements at the same distance from the start, or in the equal tail of both ranges.
    private mutating func positionalMatches(_ leftRange: Range<Int>, _ rightRange: Range<Int>) -> [(Int, Int)]
    {
        let limit = min(leftRange.count, rightRange.count)
        steps += limit
        var tail = 0
        while tail < limit, left[leftRange.upperBound - 1 - tail] == right[rightRange.upperBound - 1 - tail] {
            tail += 1
        }
        var matches: [(Int, Int)] = []
        for offset in 0..<(limit - tail) {
            let pair = (leftRange.lowerBound + offset, rightRange.lowerBound + offset)
            if left[pair.0] == right[pair.1] { matches.append(pair) }
        }
        for offset in 1..<(tail + 1) {
            matches.append((leftRange.upperBound - offset, rightRange.upperBound - offset))
        }
        return matches
    }
}
