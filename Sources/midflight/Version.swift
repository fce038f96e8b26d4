import Reloader

/// Which midflight this is.
enum Version {
    /// The one place that says it: packages are named by this line (scripts/dist).
    static let number = "0.1.0"

    /// The number, and in packages the commit that they were built from.
    static var text: String {
        let commit = BuildCommit.text
        return commit.isEmpty ? number : "\(number) (\(commit.prefix(12)))"
    }
}
