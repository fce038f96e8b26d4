/// Longest matching blocks, recursively: what is left over is what a reader would call removed and added.
struct SequenceMatcher {
    private let left: [Int]
    private let right: [Int]
    private let places: [Int: [Int]]

    init(_ left: [Int], _ right: [Int]) {
        self.left = left
        self.right = right
        var places: [Int: [Int]] = [:]
        for (index, key) in right.enumerated() { places[key, default: []].append(index) }
        self.places = places
    }

    /// Indexes of the elements of the left sequence and of the right one that are in no matching block, ascending.
    func difference() -> (removed: [Int], added: [Int]) {
        var keptLeft = [Bool](repeating: false, count: left.count)
        var keptRight = [Bool](repeating: false, count: right.count)
        var queue = [(left.indices, right.indices)]
        while let (leftRange, rightRange) = queue.popLast() {
            let match = longestMatch(leftRange, rightRange)
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

    /// The longest common block; the earliest in the left sequence, then in the right one.
    private func longestMatch(_ leftRange: Range<Int>, _ rightRange: Range<Int>) -> (
        left: Int, right: Int, length: Int
    ) {
        var best = (left: leftRange.lowerBound, right: rightRange.lowerBound, length: 0)
        var lengths: [Int: Int] = [:]
        for index in leftRange {
            var next: [Int: Int] = [:]
            for place in places[left[index]] ?? [] {
                if place < rightRange.lowerBound { continue }
                if place >= rightRange.upperBound { break }
                let length = (lengths[place - 1] ?? 0) + 1
                next[place] = length
                if length > best.length { best = (index - length + 1, place - length + 1, length) }
            }
            lengths = next
        }
        return best
    }
}
