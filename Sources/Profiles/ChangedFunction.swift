/// One row of the table of functions that a change made slower or faster.
package struct ChangedFunction: Sendable, Hashable {
    /// What became of the time that it takes itself.
    package enum Kind: String, Sendable, CaseIterable {
        case slower, faster
        /// It was on no stack before.
        case new
        /// It is on no stack any more.
        case gone
    }

    /// The function, with its line after the change if it is there.
    package var frame: ProfileFrame
    /// What became of it.
    package var kind: Kind
    /// Samples in which it ran itself.
    package var own: ProfileChange.Pair
    /// Samples in which it was on the stack; a recursion counts once.
    package var total: ProfileChange.Pair

    /// All functions that changed by more than chance explains, the largest change first. `alike`: how many others
    /// there are.
    package static func rows(of change: ProfileChange) -> (rows: [ChangedFunction], alike: Int) {
        var own = [ProfileChange.Pair](repeating: ProfileChange.Pair(), count: change.frames.count)
        var total = own
        for (stack, count) in zip(change.stacks, change.counts) {
            if let last = stack.last { own[last].add(count) }
            for frame in Set(stack) { total[frame].add(count) }
        }
        var rows: [ChangedFunction] = []
        var alike = 0
        for (place, frame) in change.frames.enumerated() where !frame.file.isEmpty {
            guard let kind = kind(own: own[place], total: total[place], of: change) else {
                alike += 1
                continue
            }
            rows.append(ChangedFunction(frame: frame, kind: kind, own: own[place], total: total[place]))
        }
        func size(_ row: ChangedFunction) -> (Double, Double) {
            (abs(change.difference(row.own)), abs(change.difference(row.total)))
        }
        rows.sort { one, other in
            let (left, right) = (size(one), size(other))
            return left == right ? one.frame.label < other.frame.label : left > right
        }
        return (rows, alike)
    }

    /// Nil where the difference may be chance.
    private static func kind(
        own: ProfileChange.Pair, total: ProfileChange.Pair, of change: ProfileChange
    ) -> Kind? {
        if total.before == 0 { return change.isMoreThanChance(total) ? .new : nil }
        if total.after == 0 { return change.isMoreThanChance(total) ? .gone : nil }
        guard change.isMoreThanChance(own) else { return nil }
        return change.difference(own) > 0 ? .slower : .faster
    }
}

extension ProfileChange.Pair {
    /// Counts the samples of another one too.
    mutating func add(_ other: ProfileChange.Pair) {
        before += other.before
        after += other.after
    }
}

extension ProfileChange {
    /// Smaller differences are reported for no function: half a percent of one thread's time.
    private static let least = 0.005

    /// The time of a pair after the change less that before it, as a part of one thread's time.
    package func difference(_ pair: Pair) -> Double {
        share(pair.after, of: after) - share(pair.before, of: before)
    }

    /// Samples as a part of one thread's time.
    package func share(_ samples: Int, of side: Side) -> Double {
        side.looks == 0 ? 0 : Double(samples) / Double(side.looks)
    }

    /// Whether the difference is more than three times the standard deviation of two counts of independent samples.
    func isMoreThanChance(_ pair: Pair) -> Bool {
        guard before.looks > 0, after.looks > 0 else { return false }
        func variance(_ samples: Int, _ looks: Int) -> Double {
            Double(samples) / (Double(looks) * Double(looks))
        }
        let deviation =
            (variance(pair.before, before.looks) + variance(pair.after, after.looks)).squareRoot()
        return abs(difference(pair)) > max(Self.least, 3 * deviation)
    }
}
