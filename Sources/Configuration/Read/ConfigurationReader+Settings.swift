extension ConfigurationReader {
    /// What `defaults` and every service may say.
    static let settingsKeys = [
        "debounce", "scope", "watcher", "poll_interval", "include", "ignore", "gitignore", "strict",
        "atomic", "keep_caches",
        "sync_on_attach", "on_kept", "on_rejected", "hook_timeout", "hooks",
    ]
    /// When commands are run.
    static let hookKeys = ["after_reload", "after_rejected"]

    /// What is not written stays as in `base`.
    mutating func settings(_ node: Node, _ what: String, over base: ServiceSettings) -> ServiceSettings {
        guard let values = mapping(node, what, keys: Self.settingsKeys) else { return base }
        var settings = base
        if let node = values["debounce"] { settings.debounce = duration(node, "debounce") ?? base.debounce }
        if let node = values["poll_interval"] {
            settings.pollInterval = duration(node, "poll_interval") ?? base.pollInterval
        }
        if let node = values["hook_timeout"] {
            settings.hookTimeout = duration(node, "hook_timeout") ?? base.hookTimeout
        }
        if let node = values["scope"] { settings.scope = choice(node, "scope") ?? base.scope }
        if let node = values["watcher"] { settings.watcher = choice(node, "watcher") ?? base.watcher }
        if let node = values["on_kept"] { settings.onKept = choice(node, "on_kept") ?? base.onKept }
        if let node = values["on_rejected"] {
            settings.onRejected = choice(node, "on_rejected") ?? base.onRejected
        }
        if let node = values["include"] { settings.include = texts(node, "include") ?? base.include }
        if let node = values["ignore"] { settings.ignore = texts(node, "ignore") ?? base.ignore }
        if let node = values["gitignore"] {
            settings.gitignore = boolean(node, "gitignore") ?? base.gitignore
        }
        if let node = values["strict"] { settings.strict = boolean(node, "strict") ?? base.strict }
        if let node = values["atomic"] { settings.atomic = boolean(node, "atomic") ?? base.atomic }
        if let node = values["keep_caches"] {
            settings.keepCaches = boolean(node, "keep_caches") ?? base.keepCaches
        }
        if let node = values["sync_on_attach"] {
            settings.syncOnAttach = boolean(node, "sync_on_attach") ?? base.syncOnAttach
        }
        if let node = values["hooks"], let hooks = mapping(node, "hooks", keys: Self.hookKeys) {
            if let node = hooks["after_reload"] { settings.afterReload = commands(node, "after_reload") }
            if let node = hooks["after_rejected"] {
                settings.afterRejected = commands(node, "after_rejected")
            }
        }
        return settings
    }

    private mutating func commands(_ node: Node, _ what: String) -> [[String]] {
        guard case .sequence(let items) = node.content else {
            add(node, "\(what) must be a list of commands, not \(node.kindName)")
            return []
        }
        return items.compactMap { texts($0, "a command of \(what)", isEmptyRight: false) }
    }
}
