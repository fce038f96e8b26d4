/// Statements of one file that did not change, but may hold or have used what a burst changes.
package struct Around: Sendable {
    /// One statement that did not change.
    package struct Statement: Sendable {
        /// 1-based.
        package var line: Int
        /// Names of the classes whose body it stands in, outermost first.
        package var owner: [String]
        /// Its source, UTF-8.
        package var text: [UInt8]

        /// Makes a statement; `line` is where it begins in the new file.
        package init(line: Int, owner: [String], text: [UInt8]) {
            self.line = line
            self.owner = owner
            self.text = text
        }
    }

    /// A name whose statement changed and is not run, which is known without asking the process.
    package struct Stale: Sendable, Hashable {
        /// Names of the classes whose body it stands in, outermost first.
        package var owner: [String]
        /// The name that the statement binds.
        package var name: String

        /// Makes an entry for a name in a module (no owner) or in a class.
        package init(owner: [String], name: String) {
            self.owner = owner
            self.name = name
        }
    }

    /// `co_filename`.
    package var path: String
    /// Names in `sys.modules` that were made from the file.
    package var modules: [String]
    /// What did not change, in the order of the file.
    package var statements: [Statement] = []
    /// Names whose value in the process is known to be an old one.
    package var stale: [Stale] = []

    /// Makes the entry of a file, without statements.
    package init(path: String, modules: [String]) {
        self.path = path
        self.modules = modules
    }

    /// As the twin gets it (docs/protocols.md, "Twin").
    package var message: MarshalValue {
        [
            "path": .string(path), "modules": .strings(modules),
            "statements": .list(
                statements.map { .list([.int(Int64($0.line)), .strings($0.owner), .bytes($0.text)]) }),
            "stale": .list(stale.map { .list([.strings($0.owner), .string($0.name)]) }),
        ]
    }
}
