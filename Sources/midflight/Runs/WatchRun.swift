import Configuration
import Reconciler
import SystemPackage
import Watcher

/// Keeps the services of a watch.yaml until it is told to end; takes the file up again whenever it is saved.
final class WatchRun {
    /// The file that the user named; nil to look for it, each time again.
    private let chosen: String?
    /// One for all services.
    private let renderer: EventRenderer
    /// Gets the signals and the configuration's saves.
    private let mailbox: Mailbox<SessionMessage>
    /// Runs on the thread that calls `run`.
    private let loop: ServiceLoop
    /// Those of the configuration that is in force.
    private var services: [ServiceConfiguration] = []

    /// Nil if no pipe can be made.
    init?(file chosen: String?, output: OutputOptions) throws {
        guard let mailbox = Mailbox<SessionMessage>() else { return nil }
        self.chosen = chosen
        self.mailbox = mailbox
        renderer = try EventRenderer(output: output)
        loop = ServiceLoop(mailbox: mailbox, codec: ControlWire.codec)
    }

    /// Keeps all services of the configuration until it is told to end.
    func run() throws {
        let loaded = try LoadedConfiguration(chosen: chosen)
        AttachRun.forwardSignals(to: mailbox, takesHangUp: true)
        adopt(loaded)
        let watcher = watch(FilePath(loaded.file.path))
        loop.reconfigure = { [self] in reload() }
        _ = loop.run()
        watcher?.stop()
        renderer.finish()
    }

    /// What is equal stays as it is, what is gone is left, what is new or different begins.
    private func adopt(_ loaded: LoadedConfiguration) {
        let configuration = loaded.configuration
        for old in services where !configuration.services.contains(old) { loop.remove(named: old.name) }
        for service in configuration.services where !services.contains(service) {
            let (renderer, name) = (renderer, service.name)
            loop.add(ServiceSpecification(service, file: loaded.file)) { renderer.show($0, of: name) }
        }
        services = configuration.services
        renderer.keep(only: Set(services.map(\.name)))
    }

    /// A file with an error changes nothing; the error has been told with its place.
    private func reload() {
        guard let loaded = try? LoadedConfiguration(chosen: chosen) else {
            Terminal.standardError("the services go on as they were configured before\n")
            return
        }
        guard loaded.configuration.services != services else { return }
        adopt(loaded)
        renderer.show(.reconfigured(file: loaded.name))
    }

    /// Watches the configuration itself, also where git ignores it. nil, which is told, if that cannot be
    /// done.
    private func watch(_ file: FilePath) -> FileWatcher? {
        var options = WatchOptions()
        options.include = [file.lastComponent?.string ?? "watch.yaml"]
        options.ignore = []
        options.respectGitignore = false
        let mailbox = mailbox
        do throws(WatcherError) {
            let watcher = try FileWatcher(options: options) { batch in
                if !batch.changes.isEmpty { mailbox.post(.reconfigure) }
            }
            try watcher.addRoot(file, recursive: false)
            return watcher
        } catch {
            Terminal.standardError("\(error): restart midflight after you change it\n")
            return nil
        }
    }
}
