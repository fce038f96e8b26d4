import Reloader
import SystemPackage

extension Service {
    /// We launch its program.
    var isOurs: Bool { specification?.launcher != nil }

    /// Whether the configuration says what to do when this file changes that is no module.
    func isAnswered(_ path: FilePath) -> Bool {
        specification?.reactions.action(for: path, below: scope.roots) != nil
    }

    func take(_ step: Reactor.Step) {
        switch step {
        case .relaunch: specification?.launcher?.restart()
        case .signal(let signal, let occasion):
            let told = roster.chosen.filter { $0.target.send(signal.number) }.map(\.pid)
            emit(.signalled(signal, pids: told, occasion))
        }
    }
}
