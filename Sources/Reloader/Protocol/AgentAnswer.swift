/// An answer of agent or twin that is not what was asked for: a fault of ours.
package enum ProtocolError: Error, Sendable, Hashable {
    case malformed(MarshalError)
    /// The answer to this request has another form.
    case unexpected(String)
    /// The other side's own words.
    case failed(String)
}

enum AgentAnswer {
    /// The second element of `(name, content)`.
    static func content(of bytes: [UInt8], named name: String) throws(ProtocolError) -> MarshalValue {
        let items: [MarshalValue]
        do throws(MarshalError) {
            items = try MarshalValue(marshalled: bytes).items ?? []
        } catch {
            throw .malformed(error)
        }
        if items.first == "failed" { throw .failed(items.dropFirst().first?.text ?? "") }
        guard items.count >= 2, items[0] == .string(name) else { throw .unexpected(name) }
        return items[1]
    }
}

/// What the agent found comparing live code with a file.
package struct LiveComparison: Sendable, Hashable {
    package struct Place: Sendable, Hashable {
        package var qualname: String
        package var line: Int
        /// The class or module lives and has no such name.
        package var isFree = false
        /// Nor can a metaclass have taken it away.
        package var isAbsent = false
    }

    package var path: String
    package var module: String
    package var differ: [Place]
    /// No live function behind the name: an untaken branch, a name bound to something else, or a definition that is
    /// not in the process.
    package var missing: [Place]
    /// Definitions that equal but lie on other lines.
    package var moved: Int
    package var definitions: Int

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

    package static func list(answer: [UInt8]) throws(ProtocolError) -> [LiveComparison] {
        guard let items = try AgentAnswer.content(of: answer, named: "compare").items else {
            throw .unexpected("compare")
        }
        return items.map { facts in
            LiveComparison(
                path: facts["path"]?.text ?? "", module: facts["module"]?.text ?? "",
                differ: places(facts["differ"]),
                missing: places(facts["missing"]), moved: facts["moved"]?.integer ?? 0,
                definitions: facts["definitions"]?.integer ?? 0)
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
