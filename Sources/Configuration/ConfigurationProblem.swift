/// Something in a configuration file that cannot be used. Lines and columns count from 1, columns in Unicode scalars.
package struct ConfigurationProblem: Error, Sendable, Hashable {
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// What is wrong and what would be right, without a full stop.
    package var message: String

    /// `FILE:LINE:COLUMN: error: MESSAGE`
    package func text(file: String) -> String { "\(file):\(line):\(column): error: \(message)" }
}

/// All that is wrong with a file, in the order of its lines; not empty.
package struct ConfigurationError: Error, Sendable, Hashable {
    /// Not empty, in the order of the lines.
    package var problems: [ConfigurationProblem]

    init(_ problems: [ConfigurationProblem]) {
        self.problems = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }
}
