import ArgumentParser

/// A duration with its unit: a bare number is an error, because tools disagree on what it means.
struct TimeSpan: ExpressibleByArgument, CustomStringConvertible, Sendable {
    /// At most an hour.
    var milliseconds: Int64

    /// Makes one for a default value.
    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Nil without a unit, for a fraction, and beyond an hour.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number <= 3_600_000 else { return nil }
        switch argument.dropFirst(digits.count) {
        case "ms": milliseconds = number
        case "s" where number <= 3600: milliseconds = number * 1000
        default: return nil
        }
    }

    /// As it would be written.
    var description: String {
        milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
    /// What `--help` shows.
    var defaultValueDescription: String { description }
}
