package import Foundation
import Glibc

/// The ways in which editors and tools bring new text into a file, as sequences of system calls.
package enum SaveStyle: String, Sendable, CaseIterable {
    /// nano, VS Code, `cp`, vim on a link: truncate, write, close.
    case inPlace
    /// `sed -i`, JetBrains, coding agents: a temporary file beside it is renamed over it.
    case renamedOver
    /// vim's default: the old file is moved away, a new one is written under its name, the old one is deleted.
    case backupRenamed
    /// JetBrains now: a copy is kept beside it, then the file itself is written.
    case copiedFirst
    /// JetBrains before: the new text is written beside it, the old file is moved away, the new one is moved in.
    case swappedByRenames
    /// emacs after its first save: the descriptor is closed twice (written through a second one).
    case closedTwice
    /// `git checkout`, tar: delete, create, write.
    case deletedAndCreated
    /// Written elsewhere on the same file system, then moved in.
    case movedIn
    /// A slow writer: truncate, half of it, a pause, the rest, close.
    case inTwoHalves
    /// The same by two writers: one truncates and closes, the next opens, writes slowly and closes.
    case truncatedBefore
    /// `ln`, O_TMPFILE with linkat: the name appears with its content already there.
    case linked

    /// Brings `text` into `file`; the slow ones block for 30 ms.
    package func save(_ text: String, to file: URL) throws {
        let data = Data(text.utf8)
        let files = FileManager.default
        let beside = URL(filePath: file.path + ".tmp~")
        switch self {
        case .inPlace: try data.write(to: file)
        case .renamedOver:
            try data.write(to: beside)
            try rename(beside, to: file)
        case .backupRenamed:
            let backup = URL(filePath: file.path + "~")
            try rename(file, to: backup)
            try data.write(to: file)
            try files.removeItem(at: backup)
        case .copiedFirst:
            try files.copyItem(at: file, to: beside)
            try data.write(to: file)
            try files.removeItem(at: beside)
        case .swappedByRenames:
            let backup = URL(filePath: file.path + "___jb_old___")
            try data.write(to: beside)
            try rename(file, to: backup)
            try rename(beside, to: file)
            try files.removeItem(at: backup)
        case .closedTwice:
            try data.write(to: file)
            let second = try FileHandle(forWritingTo: file)
            try second.close()
        case .deletedAndCreated:
            try files.removeItem(at: file)
            try data.write(to: file)
        case .movedIn:
            let outside = files.temporaryDirectory.appending(
                path: "midflight-save-\(UUID().uuidString.prefix(8))")
            try data.write(to: outside)
            try rename(outside, to: file)
        case .inTwoHalves:
            let writer = try FileHandle(forWritingTo: file)
            try writer.truncate(atOffset: 0)
            try writeSlowly(data, with: writer)
        case .truncatedBefore:
            try Data().write(to: file)
            try writeSlowly(data, with: FileHandle(forWritingTo: file))
        case .linked:
            try data.write(to: beside)
            try files.removeItem(at: file)
            try files.linkItem(at: beside, to: file)
            try files.removeItem(at: beside)
        }
    }

    private func writeSlowly(_ data: Data, with writer: FileHandle) throws {
        try writer.write(contentsOf: data.prefix(data.count / 2))
        usleep(30_000)
        try writer.write(contentsOf: data.dropFirst(data.count / 2))
        try writer.close()
    }

    private func rename(_ source: URL, to destination: URL) throws {
        guard Glibc.rename(source.path, destination.path) == 0 else {
            throw TestSupportError.system(call: "rename", errno: errno)
        }
    }
}
