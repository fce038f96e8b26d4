/// Samples of threads, equal stacks counted once. A value: it knows of no process and no clock.
package struct Profile: Sendable {
    /// The functions, each with the number that stacks name it by.
    package var names = FrameTable()
    /// Each once, as places in `frames`, oldest first.
    package private(set) var stacks: [[Int]] = []
    /// How often each of `stacks` was seen.
    package private(set) var counts: [Int] = []
    /// In the order of their first samples.
    package private(set) var tracks: [Track] = []

    private var stackIndex: [[Int]: Int] = [:]
    private var trackIndex: [String: Int] = [:]

    /// What one thread did, in the order of time.
    package struct Track: Sendable, Hashable {
        /// Names the thread.
        package var name: String
        /// Places in `stacks`.
        package var samples: [Sample] = []
    }

    /// One stack for a while.
    package struct Sample: Sendable, Hashable {
        /// Place in `stacks`.
        package var stack: Int
        /// Of its first look, in nanoseconds from the start of the profile.
        package var start: Int64
        /// How many looks in a row found it.
        package var count: Int
        /// Of its last look.
        var last: Int64
    }

    /// Has no samples.
    package init() {}

    /// Each once, in the order in which they came.
    package var frames: [ProfileFrame] { names.frames }

    /// Those that are in a stack.
    package var usedFrames: [ProfileFrame] { Set(stacks.joined()).sorted().map { frames[$0] } }

    /// All samples.
    package var total: Int { counts.reduce(0, +) }

    /// Counts a stack, oldest first. `time`: nanoseconds from the start; `period`: nanoseconds from look to look.
    package mutating func add(_ stack: [ProfileFrame], thread: String, at time: Int64, period: Int64) {
        add(places: stack.map { names.place(of: $0) }, thread: thread, at: time, period: period)
    }

    /// The same with places in `frames`, as `names` gives them: nothing is looked up by its name.
    package mutating func add(places: [Int], thread: String, at time: Int64, period: Int64) {
        let index: Int
        if let known = stackIndex[places] {
            index = known
        } else {
            index = stacks.count
            stackIndex[places] = index
            stacks.append(places)
            counts.append(0)
        }
        counts[index] += 1
        let track = trackIndex[thread] ?? tracks.count
        if track == tracks.count {
            trackIndex[thread] = track
            tracks.append(Track(name: thread))
        }
        let latest = tracks[track].samples.count - 1
        if latest >= 0, tracks[track].samples[latest].stack == index,
            time - tracks[track].samples[latest].last < 2 * period
        {
            tracks[track].samples[latest].count += 1
            tracks[track].samples[latest].last = time
        } else {
            tracks[track].samples.append(Sample(stack: index, start: time, count: 1, last: time))
        }
    }
}
