extension ConfigurationReader {
    /// What a watch.yaml may say.
    static let topKeys = ["version", "defaults", "services"]
    /// What a service may say.
    static let serviceKeys = [
        "path", "match", "workers", "path_map", "actions", "restart", "signal", "settings",
    ]

    /// All services of the file. They are complete only if no problem was found.
    mutating func services(of root: Node) -> [ServiceConfiguration] {
        guard let top = mapping(root, "the file", keys: Self.topKeys, required: ["version", "services"])
        else { return [] }
        if let node = top["version"], !isReadable(node) { return [] }
        let defaults =
            top["defaults"].map { settings($0, "defaults", over: ServiceSettings()) } ?? ServiceSettings()
        guard let node = top["services"], let pairs = pairs(of: node, "services") else { return [] }
        if pairs.isEmpty { add(node, "services is empty: name one") }
        return pairs.compactMap { key, name, value in
            let isName =
                !name.isEmpty && name.unicodeScalars.allSatisfy { $0.isASCII && Self.isNameLetter($0) }
            if !isName {
                add(key, "the service name '\(name)' may have letters, digits, '.', '_' and '-' only")
            }
            return service(value, name, defaults)
        }
    }

    private static func isNameLetter(_ letter: Unicode.Scalar) -> Bool {
        letter.properties.isAlphabetic || ("0"..."9").contains(letter)
            || "._-".unicodeScalars.contains(letter)
    }

    /// A file for a newer midflight is not looked at further: what it says may mean something else.
    private mutating func isReadable(_ node: Node) -> Bool {
        guard let version = integer(node, "version", in: 1...Int(Int32.max)) else { return true }
        guard version > WatchConfiguration.version else { return true }
        add(
            node,
            "version \(version) is written for a newer midflight; this one reads version \(WatchConfiguration.version)"
        )
        return false
    }

    private mutating func service(
        _ node: Node, _ name: String, _ defaults: ServiceSettings
    ) -> ServiceConfiguration? {
        let what = "the service '\(name)'"
        guard let values = mapping(node, what, keys: Self.serviceKeys, required: ["path", "match"]) else {
            return nil
        }
        var service = ServiceConfiguration(name: name, paths: [], match: .pid(0), settings: defaults)
        if let node = values["path"] { service.paths = paths(node) }
        if let node = values["workers"] { service.workers = choice(node, "workers") ?? .descendants }
        if let node = values["path_map"] { service.pathMap = pathMap(node) }
        if let node = values["actions"] { service.actions = actions(node) }
        if let node = values["restart"] { service.restart = texts(node, "restart", isEmptyRight: false) }
        if let node = values["signal"] { service.signal = signal(node) ?? "HUP" }
        if let node = values["settings"] { service.settings = settings(node, "settings", over: defaults) }
        guard let matchNode = values["match"], let match = match(matchNode) else { return nil }
        service.match = match
        checkRestart(service, values)
        return service
    }

    private mutating func paths(_ node: Node) -> [String] {
        if case .sequence = node.content {
            return (texts(node, "path", isEmptyRight: false) ?? []).map(path)
        }
        return text(node, "path").map { [path($0)] } ?? []
    }

    /// A service that asks for a restart must say how it is done.
    private mutating func checkRestart(_ service: ServiceConfiguration, _ values: [String: Node]) {
        if case .run = service.match { return }
        guard service.restart == nil, values["restart"] == nil else { return }
        let way = "needs 'restart' (a command) or 'match: {run: …}'"
        let place = values["settings"] ?? values["match"]
        if let place, service.settings.onKept == .restart { add(place, "on_kept: restart \(way)") }
        if let place, service.settings.onRejected == .restart { add(place, "on_rejected: restart \(way)") }
        if let node = values["actions"], service.actions.contains(where: { $0.action == .restart }) {
            add(node, "action: restart \(way)")
        }
    }

    private mutating func pathMap(_ node: Node) -> [ServiceConfiguration.PathMapping] {
        guard case .sequence(let items) = node.content else {
            add(node, "path_map must be a list of {process: …, local: …}, not \(node.kindName)")
            return []
        }
        return items.compactMap { item in
            let keys = ["process", "local"]
            guard let values = mapping(item, "an item of path_map", keys: keys, required: keys),
                let processNode = values["process"], let localNode = values["local"],
                let process = text(processNode, "process"), let local = text(localNode, "local")
            else { return nil }
            guard process.hasPrefix("/") else {
                add(processNode, "process must be an absolute path, as the process sees it")
                return nil
            }
            return ServiceConfiguration.PathMapping(process: process, local: path(local))
        }
    }
}
