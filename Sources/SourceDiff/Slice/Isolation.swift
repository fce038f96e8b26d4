/// Lines that an edit moved and did not change.
public struct MovedLines: Sendable, Hashable {
    /// First and last line in the old text, 1-based; the last may lie behind the text's end.
    public let first: Int
    /// The last of them.
    public let last: Int
    /// Lines down; negative for up.
    public let distance: Int
}

extension Outline {
    /// Where the lines of this text went if `new` differs from it in nothing but the definitions `pairs`
    /// (indices in this outline and in the new one), byte for byte; nil if it differs in more.
    ///
    /// A text that compiles, with definitions in it replaced by others that compile as slices, compiles as a
    /// whole: what the compiler refuses outside of a function does not depend on what stands inside of one,
    /// and the reverse.
    public func isolation(
        of pairs: [(old: Int, new: Int)], in new: Outline
    ) -> [MovedLines]? {
        guard storage.isVerbatim, new.storage.isVerbatim, futureFlags == new.futureFlags,
            encoding == new.encoding
        else { return nil }
        var walk = IsolationWalk(old: storage, new: new.storage)
        for pair in pairs.sorted(by: { $0.old < $1.old }) {
            guard walk.skip(pair.old, pair.new) else { return nil }
        }
        return walk.finish() ? walk.moved : nil
    }
}

/// Goes through two texts at once, from one pair of definitions to the next.
private struct IsolationWalk {
    /// The text that the process runs.
    let old: OutlineStorage
    /// The saved text.
    let new: OutlineStorage
    /// Up to here the old text is compared.
    private var oldPosition = 0
    /// Up to here the new text is compared.
    private var newPosition = 0
    /// How far down the lines from `line` on have gone.
    private var distance = 0
    /// First old line behind the last pair.
    private var line = 1
    /// In the order of the text; lines that stayed where they were are left out.
    private(set) var moved: [MovedLines] = []

    /// Begins at the start of both.
    init(old: OutlineStorage, new: OutlineStorage) {
        self.old = old
        self.new = new
    }

    /// False if the texts differ before the two definitions, or if these lie before an earlier pair's end.
    ///
    /// The comparison includes a definition's indentation.
    mutating func skip(_ oldIndex: Int, _ newIndex: Int) -> Bool {
        let (was, now) = (old.definitions[oldIndex], new.definitions[newIndex])
        guard isEqual(upTo: Int(was.start), Int(now.start)) else { return false }
        end(at: old.lines.line(of: Int(was.start)) - 1)
        oldPosition = Int(was.end)
        newPosition = Int(now.end)
        line = old.lines.line(of: oldPosition - 1) + 1
        distance = new.lines.line(of: newPosition - 1) + 1 - line
        return true
    }

    /// Goes on to the ends of both texts; false if they differ there.
    mutating func finish() -> Bool {
        guard isEqual(upTo: old.bytes.count, new.bytes.count) else { return false }
        end(at: Int(Int32.max))
        return true
    }

    /// Files the lines from `line` to `last`, if they moved.
    private mutating func end(at last: Int) {
        guard distance != 0, line <= last else { return }
        moved.append(MovedLines(first: line, last: last, distance: distance))
    }

    /// Whether both texts hold the same bytes from their positions to these ends.
    private func isEqual(upTo oldEnd: Int, _ newEnd: Int) -> Bool {
        let count = oldEnd - oldPosition
        guard count >= 0, newEnd - newPosition == count else { return false }
        return old.withSource { left in
            new.withSource { right in
                left.commonPrefix(from: oldPosition, right, from: newPosition, limit: count) == count
            }
        }
    }
}
