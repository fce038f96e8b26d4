import Profiles

/// A profile as the file that was asked for: its form follows from the ending of its name.
enum PerfFile: Sendable, Hashable, CaseIterable {
    /// An SVG, JSON for speedscope.app, or one line for each stack with its samples.
    case flameGraph, speedscope, collapsed

    /// Nil for an ending that stands for no form.
    init?(path: String) {
        guard let form = Self.allCases.first(where: { $0.endings.contains(where: path.hasSuffix) }) else {
            return nil
        }
        self = form
    }

    /// The endings that stand for this form.
    private var endings: [String] {
        switch self {
        case .flameGraph: [".svg"]
        case .speedscope: [".json"]
        case .collapsed: [".collapsed", ".folded", ".txt"]
        }
    }

    /// How the form is called in a help text.
    private var description: String {
        switch self {
        case .flameGraph: "a flame graph"
        case .speedscope: "for speedscope"
        case .collapsed: "collapsed stacks"
        }
    }

    /// What `py-spy record --format` calls the form.
    var formatOfPySpy: String {
        switch self {
        case .flameGraph: "flamegraph"
        case .speedscope: "speedscope"
        case .collapsed: "raw"
        }
    }

    /// All endings, for a message.
    static var allEndings: String { allCases.flatMap(\.endings).joined(separator: ", ") }

    /// All forms with their endings, for a help text.
    static var help: String {
        allCases.map { "\($0.endings.joined(separator: ", ")) \($0.description)" }.joined(separator: "; ")
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
