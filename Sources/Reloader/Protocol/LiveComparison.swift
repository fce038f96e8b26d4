/// What the agent found comparing live code with a file.
package struct LiveComparison: Sendable, Hashable {
    /// A function whose live code is not that of the file.
    package struct Place: Sendable, Hashable {
        /// `__qualname__`, without the module.
        package var qualname: String
        /// Of the `def` in the file, 1-based.
        package var line: Int
        /// The class or module lives and has no such name.
        package var isFree = false
        /// Nor can a metaclass have taken it away.
        package var isAbsent = false
    }

    /// Something that a file says of a name beyond the code of its functions, and that the process does not have.
    package struct Fact: Sendable, Hashable {
        /// What kind of thing a fact is about.
        package enum Kind: String, Sendable, Hashable {
            /// A literal; the process has another plain value there.
            case value
            /// The default values of a function, all of them literals.
            case defaults
            /// The bases of a class.
            case bases
            /// An import; the process has something else under the name than it would give now.
            case taken
            /// An import or an assignment whose name is free.
            case bound
        }

        /// What it is about.
        package var kind: Kind
        /// The qualified name of the definition in the file.
        package var qualname: String
        /// Of the definition, 1-based.
        package var line: Int
    }

    /// `co_filename` of the file, as the request spelled it.
    package var path: String
    /// The module that was compared.
    package var module: String
    /// Functions that run other code than the file has.
    package var differ: [Place]
    /// No live function behind the name: an untaken branch, a name bound to something else, or a definition that is
    /// not in the process.
    package var missing: [Place]
    /// Definitions that equal but lie on other lines.
    package var moved: Int
    /// Definitions of the file that were compared.
    package var definitions: Int
    /// What to know of definitions besides their code.
    package var facts: [Fact]
    /// Names of the module that an empty file would not give it.
    package var names: Int
    /// Live functions whose code no compiler makes of a source: a tool has changed it. They are in no other list.
    package var rewritten: Int

    /// Asks whether any live function is behind a name: it is then listed in `differ`.
    package static func request(_ file: CompilerTwin.Baseline, qualname: String, name: String) -> [UInt8] {
        let owner = qualname.split(separator: ".").dropLast().map(String.init)
        let unit: MarshalValue = [
            "owner": .strings(owner), "bind": .string(name), "name": .string(name),
            "qualname": .string(qualname),
            "line": 0, "old": .bytes([]),
        ]
        let facts: MarshalValue = [
            "path": .string(file.path), "paths": .strings(file.paths), "modules": .strings(file.modules),
            "units": .list([unit]),
        ]
        return MarshalValue.tuple(["compare", .list([facts])]).marshalled
    }

    /// Reads the agent's answer. Throws `unexpected` if it is none to a `compare`.
    package static func list(answer: [UInt8]) throws(ProtocolError) -> [LiveComparison] {
        guard let items = try AgentAnswer.content(of: answer, named: "compare").items else {
            throw .unexpected("compare")
        }
        return items.map { facts in
            LiveComparison(
                path: facts["path"]?.text ?? "", module: facts["module"]?.text ?? "",
                differ: places(facts["differ"]),
                missing: places(facts["missing"]), moved: facts["moved"]?.integer ?? 0,
                definitions: facts["definitions"]?.integer ?? 0,
                facts: (facts["facts"]?.items ?? []).compactMap(Fact.init),
                names: facts["names"]?.integer ?? 0, rewritten: facts["rewritten"]?.integer ?? 0)
        }
    }

    private static func places(_ value: MarshalValue?) -> [Place] {
        (value?.items ?? []).compactMap { place in
            guard let parts = place.items, parts.count >= 2, let name = parts[0].text,
                let line = parts[1].integer
            else { return nil }
            return Place(
                qualname: name, line: line, isFree: parts.count > 2 && parts[2].flag == true,
                isAbsent: parts.count > 3 && parts[3].flag == true)
        }
    }
}
