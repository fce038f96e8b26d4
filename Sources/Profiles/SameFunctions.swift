/// Which functions of two profiles are the same, though a change has moved their lines.
///
/// Functions of one name in a file are told from each other by their lines. Where a call still runs the old code
/// after the change, the old line stands beside the new one there, and both are one function.
struct SameFunctions {
    /// What functions are called, where it is not as they were seen: before the change, and after it.
    private(set) var before: [ProfileFrame: ProfileFrame] = [:]
    private(set) var after: [ProfileFrame: ProfileFrame] = [:]

    /// Finds them by name, file and the order of their lines.
    init(before old: [ProfileFrame], after new: [ProfileFrame]) {
        let (earlier, later) = (Self.lines(old), Self.lines(new))
        for (key, lines) in earlier {
            guard let others = later[key], others != lines else { continue }
            func frame(_ line: Int) -> ProfileFrame {
                ProfileFrame(name: key.name, file: key.file, line: line)
            }
            if lines.count == others.count {
                for (line, next) in zip(lines, others) { before[frame(line)] = frame(next) }
            } else if lines.count == 1, others.count == 2, others.contains(lines[0]) {
                let next = others.first { $0 != lines[0] } ?? lines[0]
                before[frame(lines[0])] = frame(next)
                after[frame(lines[0])] = frame(next)
            }
        }
    }

    /// The lines of the functions of each name and file, the first one first.
    private static func lines(_ frames: [ProfileFrame]) -> [ProfileFrame: [Int]] {
        Dictionary(grouping: frames) { ProfileFrame(name: $0.name, file: $0.file, line: 0) }
            .mapValues { $0.map(\.line).sorted() }
    }
}
