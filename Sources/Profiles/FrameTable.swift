/// The functions of a profile, each with a number.
package struct FrameTable: Sendable {
    /// Each once, in the order in which they came.
    package private(set) var frames: [ProfileFrame] = []
    private var places: [ProfileFrame: Int] = [:]

    /// Has no functions.
    package init() {}

    /// Where a frame is in `frames`, or is put now.
    package mutating func place(of frame: ProfileFrame) -> Int {
        if let known = places[frame] { return known }
        places[frame] = frames.count
        frames.append(frame)
        return frames.count - 1
    }
}
