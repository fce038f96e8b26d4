import SystemPackage
import Watcher

/// Saved files that are no modules of the processes.
struct ForeignFiles: Equatable {
    /// The configuration says what to do when one of these changes, or asks to be told.
    private(set) var answered: [FilePath]
    /// Python files of the project that no process has imported.
    private(set) var strange: [FilePath]

    /// `isAnswered`: whether the configuration says what to do when a file changes that is no module.
    init(
        _ changed: ChangedFiles, isLoaded: (FilePath) -> Bool, isBelowRoot: (FilePath) -> Bool,
        isAnswered: (FilePath) -> Bool
    ) {
        let foreign = changed.unknown.filter { !isLoaded($0) }
        answered = changed.others + foreign.filter(isAnswered)
        strange = foreign.filter { !isAnswered($0) && isBelowRoot($0) }
    }

    /// What users are told about them. `processes`: how many the service has; `display`: how users see a file.
    func news(processes: Int, display: (FilePath) -> String) -> [SessionEvent] {
        var news: [SessionEvent] = []
        if !strange.isEmpty {
            let nobody = processes == 1 ? "the process has not" : "no process has"
            let message = "\(nobody) imported \(strange.count == 1 ? "it" : "these \(strange.count) files")"
            news.append(.change(files: strange.map(display), reason: .notLoaded, message: message))
        }
        if !answered.isEmpty { news.append(.otherFiles(answered)) }
        return news
    }
}

extension ChangedFiles {
    /// What users are told about files that were removed while processes run their code. `display`: how users see a file.
    func newsOfGone(display: (FilePath) -> String) -> [SessionEvent] {
        guard !gone.isEmpty else { return [] }
        let message = gone.count == 1 ? "the file is gone; its code is" : "the files are gone; their code is"
        return [.change(files: gone.map(display), reason: .fileRemoved, message: "\(message) still serving")]
    }
}
