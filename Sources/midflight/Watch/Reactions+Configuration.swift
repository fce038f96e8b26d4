import Configuration
import Glibc
import Reconciler
import Reloader
import SystemPackage

extension Reactions {
    /// `file`: the watch.yaml that describes the service. Commands run where it lies, and as its owner.
    init(_ service: ServiceConfiguration, file: ConfigurationFile) {
        self.init()
        onKept = Answer(service.settings.onKept)
        onRejected = Answer(service.settings.onRejected)
        signal = NamedSignal(service.signal) ?? .hangUp
        restart = service.restart.map(Restart.command)
        if case .run = service.match, restart == nil { restart = .launch }
        afterReload = service.settings.afterReload
        afterRejected = service.settings.afterRejected
        rules = service.actions.map { FileRule(files: $0.files, action: Action($0.action)) }
        setting.directory = FilePath(file.directory)
        setting.timeout = .milliseconds(service.settings.hookTimeout)
        setting.user = file.runner
    }
}

extension Reactions.Answer {
    /// One for one: the file's words and ours are separate types, because the configuration knows no session.
    fileprivate init(_ reaction: ServiceSettings.Reaction) {
        self =
            switch reaction {
            case .report: .report
            case .restart: .restart
            case .signal: .signal
            }
    }
}

extension Reactions.Action {
    /// A signal without a name is the service's own.
    fileprivate init(_ action: ServiceConfiguration.Action) {
        self =
            switch action {
            case .restart: .restart
            case .signal(let name): .signal(name.flatMap { NamedSignal($0) })
            case .execute(let words): .execute(words)
            case .ignore: .ignore
            }
    }
}

extension NamedSignal {
    /// Nil for a name that watch.yaml does not take.
    fileprivate init?(_ name: String) {
        guard let number = ServiceConfiguration.signals[name] else { return nil }
        self.init(number: number, name: name)
    }
}

extension ConfigurationFile {
    /// Whom the file's commands run as, if that is not ourselves: run as root, we do nothing for somebody else that he
    /// could not do himself.
    var runner: UserIdentity? {
        geteuid() != 0 || userID == 0 ? nil : UserIdentity(userID: userID, groupID: groupID)
    }
}
