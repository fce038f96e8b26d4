import SystemPackage

/// What is said of a file that was mounted into a container by itself and then replaced.
struct StaleMount {
    static let action = "mount its directory instead of the file, and start the container again"

    var file: String
    /// As the process spells it.
    var mounted: FilePath

    var message: String {
        "\(mounted) in the container is not the saved \(file) any more: it is mounted by itself, and saving made a new file"
    }
}
