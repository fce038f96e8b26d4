import Reconciler

/// The text of `midflight reload`: PyFlightProfiler's, word for word, so that what reads one reads the other.
struct ReloadText {
    /// What became of the reload.
    var outcome: ReloadOutcome
    /// Whether the new source is shown.
    var isVerbose: Bool
    /// How it is painted.
    var style: Style

    /// Longer sources are shown without their middle unless asked for.
    private static let longest = 20
    /// Lines before the omitted ones, and as many behind them.
    private static let shownAtEachEnd = 10

    /// All that the user is told.
    var text: String {
        let tint: Style.Paint = outcome.error == nil ? .good : .bad
        var result: String
        if let error = outcome.error {
            result = "\(style.paint("Error", .bad)): \(error.sanitized).\n"
        } else {
            result = "Reload is done \(style.paint("successfully", .good)).\n"
        }
        if let path = outcome.path {
            result += "\(style.paint("Located file path", tint)): \(path.sanitized)\n"
        }
        if let source = outcome.source {
            result += "\(style.paint("Extracted method source", tint)):\n\(shortened(source))\n"
        }
        return result
    }

    /// Ends lines with `\n`, whatever the file has.
    private func shortened(_ source: String) -> String {
        let lines = source.split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n" || $0 == "\r"
        }
        guard !isVerbose, lines.count > Self.longest else { return lines.joined(separator: "\n") }
        let head = lines.prefix(Self.shownAtEachEnd).joined(separator: "\n")
        let tail = lines.suffix(Self.shownAtEachEnd).joined(separator: "\n")
        return "\(head)\n# ... [\(lines.count - Self.longest) lines omitted] ...\n\(tail)"
    }
}
