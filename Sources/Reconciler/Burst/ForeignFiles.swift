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

    /// What users are told about them. `processes`: how many the service has; `display`: how users see a file;
    /// `compiled`: asked for files of extensions and archives that processes have loaded.
    func news(
        processes: Int, compiled: () -> [FilePath] = { [] }, display: (FilePath) -> String
    ) -> [SessionEvent] {
        var news: [SessionEvent] = []
        let compiled = self.strange.isEmpty ? [] : compiled()
        var strange: [FilePath] = []
        for file in self.strange {
            guard let other = compiled.first(where: { $0.standsFor(file) }) else {
                strange.append(file)
                continue
            }
            let message =
                "\(other.nameInParent) is loaded in its place; build that again, and restart the process"
            news.append(.change(files: [display(file)], reason: .builtinOrExtension, message: message))
        }
        if !strange.isEmpty {
            let nobody = processes == 1 ? "the process has not" : "no process has"
            let message = "\(nobody) imported \(strange.count == 1 ? "it" : "these \(strange.count) files")"
            news.append(.change(files: strange.map(display), reason: .notLoaded, message: message))
        }
        if !answered.isEmpty { news.append(.otherFiles(answered)) }
        return news
    }
}

extension FilePath {
    /// Of a file in an archive with the archive's name.
    fileprivate var nameInParent: String {
        let name = lastComponent?.string ?? ""
        guard !name.hasSuffix(".so"), let archive = removingLastComponent().lastComponent else { return name }
        return "\(archive.string)/\(name)"
    }

    /// Whether an import finds this extension (`fast.cpython-311-x86_64-linux-gnu.so`, `fast.so`) or this file in an
    /// archive before the source `file`.
    fileprivate func standsFor(_ file: FilePath) -> Bool {
        guard let name = lastComponent?.string, let stem = file.stem else { return false }
        if name.hasSuffix(".so") {
            return removingLastComponent() == file.removingLastComponent() && name.hasPrefix(stem + ".")
        }
        return removingLastComponent().removingLastComponent() == file.removingLastComponent()
            && name == stem + ".py"
    }
}

extension ChangedFiles {
    /// What users are told about files that were removed while processes run their code. `display`: how users see a
    /// file.
    func newsOfGone(display: (FilePath) -> String) -> [SessionEvent] {
        guard !gone.isEmpty else { return [] }
        let message = gone.count == 1 ? "the file is gone; its code is" : "the files are gone; their code is"
        return [.change(files: gone.map(display), reason: .fileRemoved, message: "\(message) still serving")]
    }
}
