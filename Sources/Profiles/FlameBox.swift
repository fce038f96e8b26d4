/// The boxes of a flame graph: equal calls from equal places are one, callees stand above their callers.
package struct FlameBox: Sendable, Hashable {
    /// What it is called with its number of samples.
    package var frame: ProfileFrame
    /// Samples left of it: its distance from the left edge of the picture.
    package var left: Int
    /// Samples in it, those of the boxes above it included.
    package var count: Int
    /// Of `count`: what belongs to the second of two profiles; 0 where there is one.
    package var second = 0
    /// 0 for the box of all samples.
    package var depth: Int

    /// Boxes of at least `least` samples, callers before callees, siblings by their names.
    package static func boxes(of profile: Profile, root: String, least: Int = 1) -> [FlameBox] {
        let stacks = zip(profile.stacks, profile.counts).map { Stack(places: $0, count: $1) }
        return boxes(of: stacks, frames: profile.frames, root: root, least: least)
    }

    /// Boxes of both profiles together: each sample of one counts as much as all looks of the other, so that a box is
    /// as wide as the mean of its parts of the time.
    package static func boxes(of change: ProfileChange, root: String, least: Int = 1) -> [FlameBox] {
        let stacks = zip(change.stacks, change.counts).map { places, pair in
            let second = pair.after * max(1, change.before.looks)
            return Stack(
                places: places, count: pair.before * max(1, change.after.looks) + second, second: second)
        }
        return boxes(of: stacks, frames: change.frames, root: root, least: least)
    }

    /// One stack with its weight.
    private struct Stack {
        /// Oldest first.
        var places: [Int]
        var count: Int
        var second = 0
    }

    private static func boxes(
        of stacks: [Stack], frames: [ProfileFrame], root: String, least: Int
    ) -> [FlameBox] {
        var boxes = [
            FlameBox(frame: ProfileFrame(name: root, file: "", line: 0), left: 0, count: 0, depth: 0)
        ]
        let labels = frames.map(\.label)
        var open = stacks
        open.sort { one, other in
            for (left, right) in zip(one.places, other.places) where left != right {
                return labels[left] == labels[right] ? left < right : labels[left] < labels[right]
            }
            return one.places.count < other.places.count
        }
        // Places of the boxes that the stack before this one is in, and the stack.
        var path = [0]
        var before: [Int] = []
        var position = 0
        for item in open {
            let stack = item.places
            let common = zip(before, stack).prefix { $0 == $1 }.count
            path.removeLast(path.count - 1 - common)
            for depth in common..<stack.count {
                path.append(boxes.count)
                boxes.append(
                    FlameBox(
                        frame: frames[stack[depth]], left: position, count: 0, depth: depth + 1))
            }
            for place in path {
                boxes[place].count += item.count
                boxes[place].second += item.second
            }
            position += item.count
            before = stack
        }
        return boxes.filter { $0.count >= least }
    }
}
