import Reloader
import SystemPackage

/// Processes in which the same sources are put back.
struct UndoGroup {
    /// Processes that get these sources back.
    var members: [Member]
    /// Nil for a file whose earlier source is not known.
    var targets: [FilePath: FileState.Source?]

    /// The files that have a source to go back to, sorted.
    var paths: [FilePath] {
        targets.filter { $0.value != nil }.map(\.key).sorted { $0.string < $1.string }
    }

    /// In place of what is on disk.
    var files: SavedFiles {
        let targets = targets
        return SavedFiles { path in
            if case .some(.some(let source)) = targets[path] { return .success(source.bytes) }
            return .failure(SourceReader.Failure(reason: .missing, message: "its source is not known"))
        }
    }

    /// Puts together the processes whose earlier sources are equal.
    static func groups(_ scope: UndoScope, _ ids: Set<Int>, _ members: [Member]) -> [UndoGroup] {
        members.reduce(into: []) { groups, member in
            let targets = member.history.targets(scope, ids: ids)
            guard !targets.isEmpty else { return }
            let bytes = targets.mapValues { $0?.bytes }
            if let index = groups.firstIndex(where: { $0.targets.mapValues { $0?.bytes } == bytes }) {
                groups[index].members.append(member)
            } else {
                groups.append(UndoGroup(members: [member], targets: targets))
            }
        }
    }

    /// Of files that cannot be taken back.
    func unknown(in member: Member) -> [PatchReport.Remark] {
        targets.filter { $0.value == nil }.keys.sorted { $0.string < $1.string }.compactMap { path in
            guard let state = member.files[path] else { return nil }
            let reason = ReasonID.baselineUnknown
            return PatchReport.Remark(
                name: state.file.modules.first ?? "", file: state.display, line: 1, reason: reason,
                message: "what it ran before is not known as source", action: reason.action)
        }
    }
}
