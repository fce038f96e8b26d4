/// The samples of the last seconds. Older ones are forgotten, so that it may be filled for days.
package struct SampleWindow: Sendable {
    /// A stretch of time, forgotten as a whole.
    private struct Part {
        var start: Int64
        var looks: [Int64] = []
        var samples: [(time: Int64, stack: Int, thread: String)] = []
        var stacks: [[Int]] = []
        var index: [[Int]: Int] = [:]
    }

    /// Nanoseconds; what is older may be forgotten.
    package let length: Int64
    private var parts: [Part] = []

    /// Is empty. `length`: nanoseconds.
    package init(length: Int64) { self.length = length }

    /// Begins a look at all threads; what is added belongs to it. `time`: nanoseconds, later than all before.
    package mutating func look(at time: Int64) {
        if parts.last.map({ time - $0.start >= length / 2 }) ?? true {
            parts.removeAll { $0.start + length / 2 < time - length }
            parts.append(Part(start: time))
        }
        parts[parts.count - 1].looks.append(time)
    }

    /// Adds a stack, oldest first, as places in a `FrameTable`, to the last look.
    package mutating func add(places: [Int], thread: String) {
        guard let time = parts.last?.looks.last else { return }
        let last = parts.count - 1
        let stack: Int
        if let known = parts[last].index[places] {
            stack = known
        } else {
            stack = parts[last].stacks.count
            parts[last].index[places] = stack
            parts[last].stacks.append(places)
        }
        parts[last].samples.append((time, stack, thread))
    }

    /// What was seen from `start` to before `end`. `period`: nanoseconds from look to look.
    package func side(from start: Int64, to end: Int64, period: Int64, names: FrameTable)
        -> ProfileChange.Side
    {
        var profile = Profile()
        var looks: [Int64] = []
        for part in parts {
            looks += part.looks.filter { $0 >= start && $0 < end }
            for sample in part.samples where sample.time >= start && sample.time < end {
                profile.add(
                    places: part.stacks[sample.stack], thread: sample.thread, at: sample.time, period: period)
            }
        }
        profile.names = names
        let span = looks.isEmpty ? 0 : (looks.last ?? 0) - (looks.first ?? 0) + period
        return ProfileChange.Side(profile: profile, looks: looks.count, nanoseconds: span)
    }
}
