import Profiles

/// A profile as the file that was asked for: its form follows from the ending of its name.
enum PerfFile: Sendable, Hashable {
    /// An SVG, JSON for speedscope.app, or one line for each stack with its samples.
    case flameGraph, speedscope, collapsed

    /// Nil for an ending that stands for no form.
    init?(path: String) {
        if path.hasSuffix(".svg") {
            self = .flameGraph
        } else if path.hasSuffix(".json") {
            self = .speedscope
        } else if [".collapsed", ".folded", ".txt"].contains(where: path.hasSuffix) {
            self = .collapsed
        } else {
            return nil
        }
    }

    /// What is written. `period`: nanoseconds from look to look.
    func text(_ profile: Profile, title: String, period: Int64) -> String {
        switch self {
        case .flameGraph: FlameGraph.svg(profile, title: title)
        case .speedscope: Speedscope.text(profile, name: title, period: period)
        case .collapsed: CollapsedStacks.text(profile)
        }
    }

    /// Two profiles as one file: a flame graph of their difference, or both with their names.
    func text(_ change: ProfileChange, title: String, period: Int64) -> String {
        switch self {
        case .flameGraph: ChangeGraph.svg(change, title: title)
        case .speedscope: Speedscope.text(change, name: title, period: period)
        case .collapsed: CollapsedStacks.text(change)
        }
    }
}
