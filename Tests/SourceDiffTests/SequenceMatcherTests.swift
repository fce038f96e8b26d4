import TestSupport
import Testing

@testable import SourceDiff

@Suite("SequenceMatcher")
struct SequenceMatcherTests {
    private static func elements(_ count: Int, of kinds: Int, seed: UInt64) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Int.random(in: 0..<kinds, using: &generator) }
    }

    @Test(
        "longest blocks first",
        arguments: [
            ([1, 2, 3, 4], [1, 2, 3, 4], [], []), ([1, 2, 3], [1, 9, 3], [1], [1]),
            ([], [1, 2], [], [0, 1]),
            ([5, 1, 2, 3], [1, 2, 3, 5], [0], [3]), ([1, 1, 1, 2], [1, 2], [0, 1], []),
            ([1, 2], [3], [0, 1], [0]),
        ] as [([Int], [Int], [Int], [Int])])
    func blocks(left: [Int], right: [Int], removed: [Int], added: [Int]) {
        var matcher = SequenceMatcher(left, right)
        let difference = matcher.difference()
        #expect(difference.removed == removed)
        #expect(difference.added == added)
    }

    @Test("steps are linear in the elements, whatever these are", arguments: [1, 2, 3, 10, 1_000_000])
    func steps(kinds: Int) {
        for count in [4_000, 40_000] {
            var matcher = SequenceMatcher(
                Self.elements(count, of: kinds, seed: 1), Self.elements(count, of: kinds, seed: 2))
            _ = matcher.difference()
            #expect(matcher.steps <= 100_000 + 132 * count)
        }
    }

    @Test("what is kept is the same on both sides, in the same order", arguments: [1, 2, 3, 10, 5_000])
    func kept(kinds: Int) {
        let left = Self.elements(5_000, of: kinds, seed: 3)
        let right = Self.elements(5_000, of: kinds, seed: 4)
        var matcher = SequenceMatcher(left, right)
        let (removed, added) = matcher.difference()
        let gone = Set(removed)
        let fresh = Set(added)
        let keptLeft = left.indices.filter { !gone.contains($0) }.map { left[$0] }
        let keptRight = right.indices.filter { !fresh.contains($0) }.map { right[$0] }
        #expect(keptLeft == keptRight)
    }

    @Test("an inserted element among thousands of equal ones is the only difference")
    func insertion() {
        let left = Array(repeating: 1, count: 4_000)
        var right = left
        right.insert(2, at: 1_000)
        var matcher = SequenceMatcher(left, right)
        let (removed, added) = matcher.difference()
        #expect(removed == [])
        #expect(added == [1_000])
    }

    @Test("4,000 lines of three kinds, all in another order, change nothing but their order")
    func nearDuplicates() throws {
        let calls = ["call(1)\n", "call(2)\n", "call(3)\n"]
        let old = (0..<4_000).map { calls[$0 % 3] }
        let changes = try changes(old.joined(), old.reversed().joined())
        #expect(
            changes.statements.allSatisfy {
                $0.change == .reordered || $0.change == .added || $0.change == .removed
            })
        #expect(changes.statements.count(where: { $0.change == .added }) <= 1)
    }
}
