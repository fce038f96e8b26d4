import Reloader
import SystemPackage

/// Turns what happens in a service into what its configuration asks for.
final class Reactor {
    /// What a service has to do itself.
    enum Step {
        /// To the chosen processes of the service.
        case signal(NamedSignal, Occasion)
        /// The service is ours: its program is ended and launched again.
        case relaunch
    }

    /// As the configuration says; they do not change.
    private let reactions: Reactions
    /// Its name in watch.yaml, for the commands' environment.
    private let service: String
    /// One queue for each service: its commands run one after the other.
    private let commands: CommandQueue

    /// `deliver`: called from any thread when a command has ended.
    init(
        _ reactions: Reactions, service: String,
        deliver: @escaping @Sendable (CommandReport) -> Void
    ) {
        self.reactions = reactions
        self.service = service
        commands = CommandQueue(reactions.setting, deliver: deliver)
    }

    /// Starts the commands that `event` asks for, and returns the other steps. `roots`: the service's directories.
    func react(to event: SessionEvent, below roots: [FilePath]) -> [Step] {
        switch event {
        case .burst(let outcome): react(to: outcome)
        case .otherFiles(let paths): react(to: paths, below: roots)
        case .attached, .ready, .joined, .change, .notice, .overflow, .failed, .refused, .lost, .left,
            .unattached, .waiting, .back, .command, .signalled, .ended, .staleMount, .detached, .reconfigured,
            .paused,
            .resumed:
            []
        }
    }

    /// One burst may start commands and ask for one step of each kind.
    private func react(to outcome: BurstOutcome) -> [Step] {
        let patches = outcome.reports.map(\.patch)
        let pids = outcome.reports.map(\.pid)
        func run(_ words: [[String]], _ occasion: Occasion) {
            for words in words { add(words, occasion, outcome.files, pids) }
        }
        if patches.contains(where: { !$0.applied.isEmpty }) { run(reactions.afterReload, .afterReload) }
        let rejected = patches.flatMap(\.rejected)
        if !rejected.isEmpty { run(reactions.afterRejected, .afterRejected) }
        var steps: [Step] = []
        // What is held back is looked at again in a second.
        // What could not be evaluated counts as rejected, although the rest of its save went in.
        let kept = patches.flatMap(\.kept).map(\.reason)
        if kept.contains(where: { $0 != .heldBack && $0 != .needsKept && $0.effect == .kept }) {
            steps += answer(reactions.onKept, .onKept, outcome.files, pids)
        }
        if (rejected.map(\.reason) + kept).contains(where: { !$0.isOfTheFile && $0.effect == .rejected }) {
            steps += answer(reactions.onRejected, .onRejected, outcome.files, pids)
        }
        return steps
    }

    /// Files with the same action are answered together.
    private func react(to paths: [FilePath], below roots: [FilePath]) -> [Step] {
        var files: [Reactions.Action: [String]] = [:]
        for path in paths {
            if let action = reactions.action(for: path, below: roots) {
                files[action, default: []].append(path.string)
            }
        }
        return files.flatMap { action, files -> [Step] in
            switch action {
            case .restart: return answer(.restart, .actions, files, [])
            case .signal(let signal): return [.signal(signal ?? reactions.signal, .actions)]
            case .execute(let words):
                add(words, .actions, files, [])
                return []
            case .ignore: return []
            }
        }
    }

    /// Nothing for `report`, nor for `restart` where nothing can restart the service.
    private func answer(
        _ answer: Reactions.Answer, _ occasion: Occasion, _ files: [String], _ pids: [Int32]
    ) -> [Step] {
        switch (answer, reactions.restart) {
        case (.report, _), (.restart, nil): return []
        case (.signal, _): return [.signal(reactions.signal, occasion)]
        case (.restart, .launch): return [.relaunch]
        case (.restart, .command(let words)):
            add(words, occasion, files, pids)
            return []
        }
    }

    /// Commands are never run here: the loop's thread does not wait for them.
    private func add(_ words: [String], _ occasion: Occasion, _ files: [String], _ pids: [Int32]) {
        commands.add(
            Command(words: words, occasion: occasion, service: service, files: files, pids: pids))
    }
}

extension ReasonID {
    /// A process that begins with such a file would fail on it too.
    fileprivate var isOfTheFile: Bool {
        switch self {
        case .syntax, .encoding, .unreadable, .tooBig: true
        case .activeFrames, .decoratorHeld, .notAtomic, .cachesCleared, .compiledInTarget,
            .instancesLackField, .nameMissing, .hookFailed, .otherInterpreters, .derivedValue, .heapTooLarge,
            .readAtImport, .recompilesAtNextCall, .moduleStatement,
            .classLayout, .basesOrMetaclass, .closureChanged, .liveValueKept, .builtinOrExtension,
            .wrappedCompiled, .generatedMethod, .enumMembers, .ambiguousDefinition, .signatureCaptured,
            .transformedSource,
            .heldBack, .notSupportedYet, .needsKept, .otherCopy, .importFailed, .defaultFailed,
            .decoratorFailed,
            .verifyFailed,
            .notLoaded, .fileRemoved, .unchanged, .pathUnmapped, .baselineUnknown:
            false
        }
    }
}
