import SourceDiff
import SystemPackage

/// Makes the inverse of what went in, once for all processes in which the same went in.
struct Inverse {
    /// The answer for one pair of sources.
    private struct Made {
        var before: [UInt8]
        var after: [UInt8]
        /// Empty where the way back restores all.
        var lost: [PatchReport.Remark]
    }

    /// The last answer for each file: processes of a service mostly have the same sources.
    private var made: [FilePath: Made] = [:]

    /// What a burst changed of `paths` in a process whose files were in the state `before` and are in the state
    /// `after`.
    mutating func changes(
        of paths: [FilePath], from before: FileStates, to after: FileStates
    ) -> [FilePath: Revision.Change] {
        paths.reduce(into: [:]) { changes, path in
            guard let new = after[path], let now = new.baseline else { return }
            let was = before[path]?.baseline
            if let was, was.bytes.isIdentical(to: now.bytes) { return }
            changes[path] = Revision.Change(before: was, after: now, lost: lost(new, path, was, now))
        }
    }

    /// What the way back would not restore.
    private mutating func lost(
        _ state: FileState, _ path: FilePath, _ before: FileState.Source?, _ after: FileState.Source
    ) -> [PatchReport.Remark] {
        guard let before, let old = before.outline, let new = after.outline else {
            let reason = ReasonID.baselineUnknown
            return [
                PatchReport.Remark(
                    name: state.file.modules.first ?? "", file: state.display, line: 1, reason: reason,
                    message: "what it ran before is not known as source", action: reason.action)
            ]
        }
        if let known = made[path], known.before.isIdentical(to: before.bytes),
            known.after.isIdentical(to: after.bytes)
        {
            return known.lost
        }
        let plan = PatchPlan(old: new, new: old, changes: ChangeSet(from: new, to: old))
        let file = FilePlan(
            file: state.display, codeFile: state.file.codePath, module: state.file.modules.first ?? "",
            plan: plan)
        let lost = PatchReport(keeping: [file]).kept
        made[path] = Made(before: before.bytes, after: after.bytes, lost: lost)
        return lost
    }
}
