import SystemPackage

/// What users are told about a file that was mounted into a container alone and then replaced.
struct StaleMount {
    /// What the user can do.
    static let action = "mount its directory instead of the file, and start the container again"

    /// As users see it.
    var file: String
    /// As the process spells it.
    var mounted: FilePath

    /// What is wrong, without a full stop.
    var message: String {
        "\(mounted) in the container is not the saved \(file) any more: it is mounted as a single file, and saving made a new one"
    }
}
