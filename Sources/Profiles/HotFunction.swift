/// One row of the table of functions with most time of their own.
package struct HotFunction: Sendable, Hashable {
    /// The function.
    package var frame: ProfileFrame
    /// Samples in which it ran itself.
    package var own: Int
    /// Samples in which it was on the stack; a recursion counts once.
    package var total: Int

    /// The first `most` functions: most samples of their own first, then most samples, then by name.
    package static func hottest(of profile: Profile, most: Int = 15) -> [HotFunction] {
        var own = [Int](repeating: 0, count: profile.frames.count)
        var total = own
        for (stack, count) in zip(profile.stacks, profile.counts) {
            if let last = stack.last { own[last] += count }
            for frame in Set(stack) { total[frame] += count }
        }
        let rows = profile.frames.indices.map {
            HotFunction(frame: profile.frames[$0], own: own[$0], total: total[$0])
        }
        let sorted = rows.filter { !$0.frame.file.isEmpty }.sorted {
            ($1.own, $1.total, $0.frame.label) < ($0.own, $0.total, $1.frame.label)
        }
        return Array(sorted.prefix(most))
    }
}
