import Reconciler

/// Where the time of a burst went, a line a stage.
enum TimingText {
    /// The stages of a burst, in the order in which they happened.
    static func lines(_ outcome: BurstOutcome) -> String {
        outcome.reports.map { report in
            let head = outcome.reports.count > 1 ? "  process \(report.pid)\n" : ""
            return head + lines(report.timing)
        }.joined()
    }

    /// The stages in one process.
    static func lines(_ timing: BurstReport.Timing) -> String {
        timing.stages.map { stage in
            let microseconds = (stage.nanoseconds + 500) / 1000
            let fraction = String(microseconds % 1000)
            let number =
                "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
            return "  " + padded(stage.name) + String(repeating: " ", count: max(1, 10 - number.count))
                + number
                + " ms\n"
        }.joined()
    }

    /// To eight characters: the longest stage has seven.
    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(0, 8 - name.count))
    }
}
