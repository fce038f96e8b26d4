import ArgumentParser
import Glibc

/// Whether a stream gets colour: the flag, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then what the stream is.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    /// Only `auto` looks at the environment and at the stream.
    case auto, always, never

    /// Whether text on this descriptor has colours. `environment`: the value of a variable; nil if it is not set.
    func isOn(
        for descriptor: Int32, environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) -> Bool {
        func isSet(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            if isSet("NO_COLOR") { return false }
            if isSet("FORCE_COLOR") || isSet("CLICOLOR_FORCE") { return true }
            return isatty(descriptor) == 1 && environment("TERM") != "dumb"
        }
    }
}
