/// Walks the nodes of a file and notes everything that is wrong with it.
struct ConfigurationReader {
    /// Where relative paths begin.
    let directory: String
    /// The value of a variable; nil if it is not set.
    let environment: (String) -> String?
    /// All that was found wrong so far.
    var problems: [ConfigurationProblem] = []

    /// `directory`: absolute; relative paths of the file begin there.
    init(directory: String, environment: @escaping (String) -> String?) {
        self.directory = directory
        self.environment = environment
    }

    /// Remembers a problem at the place of `node`.
    mutating func add(_ node: Node, _ message: String) {
        problems.append(ConfigurationProblem(line: node.line, column: node.column, message: message))
    }

    /// The values of a mapping by key; wrong keys are problems. Nil if it is none.
    mutating func mapping(_ node: Node, _ what: String, keys known: [String], required: [String] = [])
        -> [String: Node]?
    {
        guard let pairs = pairs(of: node, what) else { return nil }
        var values: [String: Node] = [:]
        for (key, name, value) in pairs {
            guard known.contains(name) else {
                add(key, "unknown key '\(name)'" + Suggestion.text(for: name, among: known))
                continue
            }
            values[name] = value
        }
        let missing = required.filter { values[$0] == nil }
        if !missing.isEmpty {
            add(node, "\(what) needs \(missing.map { "'\($0)'" }.joined(separator: " and "))")
        }
        return values
    }

    /// In the order of the file. Keys that are there twice, or are no text, are problems, and are left out.
    mutating func pairs(of node: Node, _ what: String) -> [(key: Node, name: String, value: Node)]? {
        guard case .mapping(let mapping) = node.content else {
            add(node, "\(what) must be a mapping, not \(node.kindName)")
            return nil
        }
        var pairs: [(key: Node, name: String, value: Node)] = []
        var seen: Set<String> = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key.content else {
                add(key, "a key must be text, not \(key.kindName)")
                continue
            }
            if seen.insert(scalar.text).inserted {
                pairs.append((key, scalar.text, value))
            } else {
                add(key, "the key '\(scalar.text)' is there twice: keep one of them")
            }
        }
        return pairs
    }

    /// With its references expanded. Nil if it is no scalar, or a variable is missing.
    mutating func value(_ node: Node, _ what: String, _ expected: String) -> NodeValue? {
        guard case .scalar(let scalar) = node.content else {
            add(node, "\(what) must be \(expected), not \(node.kindName)")
            return nil
        }
        do throws(Expansion.Failure) {
            return NodeValue(scalar, expanded: try Expansion.expand(scalar.text, environment))
        } catch {
            switch error {
            case .unset(let name, let message?) where !message.isEmpty: add(node, "\(name): \(message)")
            case .unset(let name, _):
                add(node, "the environment variable \(name) is not set; set it, or write ${\(name):-default}")
            case .malformed(let text): add(node, text)
            }
            return nil
        }
    }

    /// A text that is not empty. Nil where it is not, which is then a problem; the same holds below.
    mutating func text(_ node: Node, _ what: String) -> String? {
        guard let value = value(node, what, "text") else { return nil }
        guard value.kind == .text else {
            let quoted = value.kind == .null ? "" : ": write \"\(value.text)\" in quotes"
            add(node, "\(what) must be text, not \(node.kindName)\(quoted)")
            return nil
        }
        guard !value.text.isEmpty else {
            add(node, "\(what) is empty")
            return nil
        }
        guard !value.text.unicodeScalars.contains(where: { $0.value == 0 }) else {
            add(node, "\(what) contains a NUL")
            return nil
        }
        return value.text
    }

    /// A whole number in a range.
    mutating func integer(_ node: Node, _ what: String, in range: ClosedRange<Int>) -> Int? {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        guard let value = value(node, what, expected) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            add(node, "\(what) must be \(expected), not '\(value.text)'")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    mutating func boolean(_ node: Node, _ what: String) -> Bool? {
        guard let value = value(node, what, "true or false") else { return nil }
        guard let boolean = value.boolean else {
            add(node, "\(what) must be true or false, not '\(value.text)'")
            return nil
        }
        return boolean
    }

    /// Milliseconds of `200ms`, `2s`; a day at most.
    mutating func duration(_ node: Node, _ what: String) -> Int64? {
        guard let value = value(node, what, "a time such as 200ms or 2s") else { return nil }
        let digits = value.text.prefix { $0.isASCII && $0.isNumber }
        let unit: Int64? = ["ms": 1, "s": 1000][String(value.text.dropFirst(digits.count))]
        guard let unit, let count = Int64(digits), count <= 86_400_000 / unit else {
            add(node, "\(what) must be a time such as 200ms or 2s, not '\(value.text)'")
            return nil
        }
        return count * unit
    }

    /// One of a closed list of words.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ node: Node, _ what: String) -> Choice?
    where Choice.RawValue == String {
        let known = Choice.allCases.map(\.rawValue)
        let list = known.joined(separator: ", ")
        guard let value = value(node, what, "one of \(list)") else { return nil }
        if let choice = Choice(rawValue: value.text) { return choice }
        let near = Suggestion.text(for: value.text, among: known)
        add(node, "\(what) must be one of \(list), not '\(value.text)'\(near)")
        return nil
    }

    /// `isEmptyRight`: whether a list without items means something.
    mutating func texts(_ node: Node, _ what: String, isEmptyRight: Bool = true) -> [String]? {
        guard case .sequence(let items) = node.content else {
            add(node, "\(what) must be a list of text, not \(node.kindName)")
            return nil
        }
        if items.isEmpty, !isEmptyRight {
            add(node, "\(what) is empty")
            return nil
        }
        return items.compactMap { text($0, "an item of \(what)") }
    }

    /// Absolute; relative paths begin at the file's directory.
    func path(_ text: String) -> String {
        var parts: [Substring] = []
        for part in (text.hasPrefix("/") ? text : directory + "/" + text).split(separator: "/")
        where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
