/// The boxes of a flame graph: equal calls from equal places are one, callees stand above their callers.
package struct FlameBox: Sendable, Hashable {
    /// What it is called with its number of samples.
    package var frame: ProfileFrame
    /// Samples left of it, and in it.
    package var left: Int
    package var count: Int
    /// 0 for the box of all samples.
    package var depth: Int

    /// Boxes of at least `least` samples, callers before callees, siblings by their names.
    package static func boxes(of profile: Profile, root: String, least: Int = 1) -> [FlameBox] {
        var boxes = [
            FlameBox(frame: ProfileFrame(name: root, file: "", line: 0), left: 0, count: 0, depth: 0)
        ]
        let labels = profile.frames.map(\.label)
        var open: [(stack: [Int], count: Int)] = zip(profile.stacks, profile.counts).map { ($0, $1) }
        open.sort { one, other in
            for (left, right) in zip(one.stack, other.stack) where left != right {
                return labels[left] == labels[right] ? left < right : labels[left] < labels[right]
            }
            return one.stack.count < other.stack.count
        }
        // Places of the boxes that the stack before this one is in, and the stack.
        var path = [0]
        var before: [Int] = []
        var position = 0
        for (stack, count) in open {
            let common = zip(before, stack).prefix { $0 == $1 }.count
            path.removeLast(path.count - 1 - common)
            for depth in common..<stack.count {
                path.append(boxes.count)
                boxes.append(
                    FlameBox(
                        frame: profile.frames[stack[depth]], left: position, count: 0, depth: depth + 1))
            }
            for place in path { boxes[place].count += count }
            position += count
            before = stack
        }
        return boxes.filter { $0.count >= least }
    }
}
