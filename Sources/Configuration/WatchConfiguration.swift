/// A whole watch.yaml.
package struct WatchConfiguration: Sendable, Hashable {
    /// In the order of the file; not empty.
    package var services: [ServiceConfiguration]

    /// The newest schema version that is read.
    package static let version = 1

    /// Reads `text`. `directory`: of the file, absolute; relative paths begin there. `environment`: what `${NAME}` is.
    package init(
        text: String, directory: String, environment: @escaping (String) -> String?
    ) throws(ConfigurationError) {
        let yaml = YAMLText(text)
        guard let root = yaml.root else { throw ConfigurationError(yaml.problems) }
        var reader = ConfigurationReader(directory: directory, environment: environment)
        reader.problems = yaml.problems
        let services = reader.services(of: root)
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
        self.services = services
    }
}
