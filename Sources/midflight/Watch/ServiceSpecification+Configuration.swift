import Configuration
import Glibc
import Reconciler
import Reloader
import SystemPackage

extension ServiceSpecification {
    init(_ service: ServiceConfiguration) {
        var options = SessionOptions()
        options.name = service.name
        options.directories = service.paths.map { ModuleFile.resolved(FilePath($0)) }
        options.ignore = service.settings.ignore
        options.respectGitignore = service.settings.gitignore
        options.debounce = .milliseconds(service.settings.debounce)
        options.strict = service.settings.strict
        options.keepCaches = service.settings.keepCaches
        options.syncOnAttach = service.settings.syncOnAttach
        options.expectImports = true
        options.workers =
            switch service.workers {
            case .none: .none
            case .children: .children
            case .descendants: .descendants
            }
        let selector = Selector(service.match)
        self.init(options: options, selector: service.match.description) {
            selector?.processes(except: getpid()) ?? []
        }
    }
}

extension ServiceConfiguration {
    /// Keys that this release reads and does not act on, because saying nothing would be a promise.
    var idleKeys: [String] {
        var keys: [String] = []
        if !pathMap.isEmpty { keys.append("path_map") }
        if !actions.isEmpty { keys.append("actions") }
        if settings.onKept != .report { keys.append("on_kept") }
        if settings.onRejected != .report { keys.append("on_rejected") }
        if !settings.afterReload.isEmpty || !settings.afterRejected.isEmpty { keys.append("hooks") }
        if settings.watcher == .poll { keys.append("watcher") }
        if settings.scope == .tree { keys.append("scope") }
        if !settings.include.isEmpty { keys.append("include") }
        switch match {
        case .run: keys.append("match: run")
        case .pid, .pidfile, .port, .name, .cmdline, .container, .unit: break
        }
        return keys
    }
}
