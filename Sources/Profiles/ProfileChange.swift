/// Two profiles of one program, and which functions take more or less time in the second.
///
/// Times are parts of the looks: 1 is one thread all the time. So a function that goes on as before has the same number
/// though another one takes more.
package struct ProfileChange: Sendable {
    /// One of the two.
    package struct Side: Sendable {
        /// What was seen.
        package var profile: Profile
        /// How often all threads were looked at.
        package var looks: Int
        /// From the first look to the last.
        package var nanoseconds: Int64

        /// Makes a side of what was seen in so many looks.
        package init(profile: Profile, looks: Int, nanoseconds: Int64) {
            self.profile = profile
            self.looks = looks
            self.nanoseconds = nanoseconds
        }
    }

    /// A function or a stack in both.
    package struct Pair: Sendable, Hashable {
        /// Samples before the change.
        package var before = 0
        /// Samples after it.
        package var after = 0
    }

    /// The first profile.
    package let before: Side
    /// The second one.
    package let after: Side
    /// The functions of both, each once.
    package private(set) var frames: [ProfileFrame] = []
    /// The stacks of both, each once, as places in `frames`, oldest first.
    package private(set) var stacks: [[Int]] = []
    /// How often each of `stacks` was seen.
    package private(set) var counts: [Pair] = []

    /// Compares two profiles. A function whose line has moved is the same one.
    package init(before: Side, after: Side) {
        self.before = before
        self.after = after
        let same = SameFunctions(
            before: before.profile.usedFrames, after: after.profile.usedFrames)
        var table = FrameTable()
        // By the name that it has after the change, if it has one.
        func places(_ profile: Profile, _ name: (ProfileFrame) -> ProfileFrame) -> [Int] {
            let used = Set(profile.stacks.joined())
            return profile.frames.indices.map {
                used.contains($0) ? table.place(of: name(profile.frames[$0])) : -1
            }
        }
        let oldPlaces = places(before.profile) { same.before[$0] ?? $0 }
        let newPlaces = places(after.profile) { same.after[$0] ?? $0 }
        var index: [[Int]: Int] = [:]
        func slot(_ stack: [Int]) -> Int {
            if let known = index[stack] { return known }
            index[stack] = stacks.count
            stacks.append(stack)
            counts.append(Pair())
            return stacks.count - 1
        }
        for (stack, count) in zip(before.profile.stacks, before.profile.counts) {
            counts[slot(stack.map { oldPlaces[$0] })].before += count
        }
        for (stack, count) in zip(after.profile.stacks, after.profile.counts) {
            counts[slot(stack.map { newPlaces[$0] })].after += count
        }
        frames = table.frames
    }
}
