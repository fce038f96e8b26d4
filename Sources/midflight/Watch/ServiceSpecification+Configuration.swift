import Configuration
import Glibc
import Reconciler
import Reloader
import SystemPackage

extension ServiceSpecification {
    /// `file`: the watch.yaml that describes the service.
    init(_ service: ServiceConfiguration, file: ConfigurationFile) {
        var options = SessionOptions()
        options.name = service.name
        options.directories = service.paths.map { ModuleFile.resolved(FilePath($0)) }
        options.ignore = service.settings.ignore
        options.alsoInclude = service.settings.include + service.actions.flatMap(\.files)
        options.scope = service.settings.scope == .tree ? .tree : .loaded
        if service.settings.watcher == .poll { options.poll = .milliseconds(service.settings.pollInterval) }
        options.respectGitignore = service.settings.gitignore
        options.debounce = .milliseconds(service.settings.debounce)
        options.strict = service.settings.strict
        options.keepCaches = service.settings.keepCaches
        options.atomic = service.settings.atomic
        options.syncOnAttach = service.settings.syncOnAttach
        options.expectImports = true
        options.mappings = service.pathMap.map {
            PathMapping(process: FilePath($0.process), local: ModuleFile.resolved(FilePath($0.local)))
        }
        options.workers =
            switch service.workers {
            case .none: .none
            case .children: .children
            case .descendants: .descendants
            }
        let description = service.match.words
        if let selector = Selector(service.match) {
            self.init(options: options, selector: description) { selector.processes(except: getpid()) }
        } else {
            let launcher = Launcher(service.match.command, directory: file.directory, as: file.runner)
            self.init(options: options, selector: description, launcher: launcher)
        }
        reactions = Reactions(service, file: file)
    }
}
