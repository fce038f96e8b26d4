import Configuration
import Glibc
import SystemPackage

/// A watch.yaml that was found and read, or an end with status 3 and everything that is wrong with it.
struct LoadedConfiguration {
    /// The file, with its owner.
    var file: ConfigurationFile
    /// What it says.
    var configuration: WatchConfiguration

    /// As users see it: relative to the working directory where it lies below.
    var name: String { Self.shortened(file.path) }

    /// Ends with status 3 and every problem if it cannot be used. `chosen`: what the user named; nil to look for it.
    init(chosen: String?) throws {
        do throws(ConfigurationFile.Failure) {
            file = try ConfigurationFile(
                chosen: chosen, directory: WorkingDirectory.path.string, environment: Self.variable)
        } catch {
            Terminal.standardError("\(error)\n")
            throw ExitStatus.invalidConfiguration
        }
        do throws(ConfigurationError) {
            configuration = try WatchConfiguration(
                text: file.text, directory: file.directory, environment: Self.variable)
        } catch {
            let name = Self.shortened(file.path)
            let lines = error.problems.map { $0.text(file: name).sanitized + "\n" }.joined()
            let count = error.problems.count == 1 ? "1 error" : "\(error.problems.count) errors"
            Terminal.standardError(lines + "\(count); nothing was started.\n")
            throw ExitStatus.invalidConfiguration
        }
    }

    /// A variable of our environment; nil if it is not set.
    static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// By the text alone; links are not followed.
    private static func shortened(_ path: String) -> String {
        let here = WorkingDirectory.path.string + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }
}
