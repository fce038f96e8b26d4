/// A function in a stack of a profile.
package struct ProfileFrame: Sendable, Hashable {
    /// With its classes and the functions around it, where that is known.
    package var name: String
    /// Path of its source; empty where it has none.
    package var file: String
    /// Where it begins, 1-based.
    package var line: Int

    /// Makes a frame with all that is shown of it.
    package init(name: String, file: String, line: Int) {
        self.name = name
        self.file = file
        self.line = line
    }

    /// What stands for it in one line of text: `name (file:line)`.
    package var label: String { file.isEmpty ? name : "\(name) (\(file):\(line))" }
}
