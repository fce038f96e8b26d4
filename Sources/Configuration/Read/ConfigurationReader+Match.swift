extension ConfigurationReader {
    /// Ways to find or to launch a process; a service has exactly one.
    static let matchKeys = MatchKey.allCases.map(\.rawValue)

    private enum MatchKey: String, CaseIterable {
        case pid, pidfile, port, name, cmdline, container, unit, run
    }

    /// Exactly one way to find the process.
    mutating func match(_ node: Node) -> ServiceConfiguration.Match? {
        let before = problems.count
        guard let values = mapping(node, "match", keys: Self.matchKeys) else { return nil }
        guard values.count == 1, let (name, value) = values.first, let key = MatchKey(rawValue: name) else {
            // A misspelled key is a problem that was added before.
            if problems.count == before {
                let found = Self.matchKeys.filter { values[$0] != nil }.joined(separator: " and ")
                let known = Self.matchKeys.joined(separator: ", ")
                add(node, "match: give one of \(known)" + (found.isEmpty ? "" : " (found \(found))"))
            }
            return nil
        }
        switch key {
        case .pid: return integer(value, "pid", in: 1...Int(Int32.max)).map { .pid(Int32($0)) }
        case .port: return integer(value, "port", in: 1...65535).map { .port(UInt16($0)) }
        case .pidfile: return text(value, "pidfile").map { .pidfile(path($0)) }
        case .name: return text(value, "name").map { .name($0) }
        case .container: return text(value, "container").map { .container($0) }
        case .unit: return text(value, "unit").map { .unit($0) }
        case .run: return texts(value, "run", isEmptyRight: false).map { .run($0) }
        case .cmdline: return pattern(value)
        }
    }

    private mutating func pattern(_ node: Node) -> ServiceConfiguration.Match? {
        guard let text = text(node, "cmdline") else { return nil }
        guard (try? Regex(text)) != nil else {
            add(node, "cmdline is no regular expression: '\(text)'")
            return nil
        }
        return .cmdline(text)
    }

    /// What an action may say.
    static let actionKeys = ["files", "action", "signal", "exec"]

    private enum ActionName: String, CaseIterable { case restart, signal, exec, ignore }

    /// The list under `actions`. A problem with one of them leaves that one out.
    mutating func actions(_ node: Node) -> [ServiceConfiguration.FileAction] {
        guard case .sequence(let items) = node.content else {
            add(node, "actions must be a list, not \(node.kindName)")
            return []
        }
        return items.compactMap { action($0) }
    }

    private mutating func action(_ node: Node) -> ServiceConfiguration.FileAction? {
        guard
            let values = mapping(
                node, "an action", keys: Self.actionKeys, required: ["files", "action"]),
            let filesNode = values["files"], let files = texts(filesNode, "files"),
            let nameNode = values["action"], let name: ActionName = choice(nameNode, "action")
        else { return nil }
        let signalName = values["signal"].flatMap { signal($0) }
        let command = values["exec"].flatMap { texts($0, "exec", isEmptyRight: false) }
        if name == .exec, values["exec"] == nil {
            add(node, "action: exec needs 'exec', a list of words")
            return nil
        }
        let action: ServiceConfiguration.Action
        switch name {
        case .restart: action = .restart
        case .signal: action = .signal(signalName)
        case .exec: action = .execute(command ?? [])
        case .ignore: action = .ignore
        }
        return ServiceConfiguration.FileAction(files: files, action: action)
    }

    /// Without `SIG`.
    mutating func signal(_ node: Node) -> String? {
        guard let text = text(node, "signal") else { return nil }
        let name =
            text.uppercased().hasPrefix("SIG") ? String(text.uppercased().dropFirst(3)) : text.uppercased()
        if ServiceConfiguration.signals[name] != nil { return name }
        let known = ServiceConfiguration.signals.keys.sorted().map { $0.lowercased() }
        let near = Suggestion.text(for: name.lowercased(), among: known)
            .uppercased()
        add(node, "there is no signal '\(text)'" + near.replacing("DID YOU MEAN", with: "did you mean"))
        return nil
    }
}
