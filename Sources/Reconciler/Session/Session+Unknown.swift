import Reloader
import SourceDiff
import SystemPackage

extension Session {
    /// A saved file of which we do not know, as source, what the process runs: it was loaded after we attached, or edited
    /// before. What differs is found by comparing the saved content with the live code.
    func addUnknown(
        _ state: FileState, saved bytes: [UInt8], path: FilePath, to burst: inout Burst
    ) throws(SessionError) {
        let outline: Outline
        do throws(ScanError) { outline = try Outline(scanning: bytes) } catch {
            burst.unscanned = PatchReport.Rejected(error, file: state.display)
            burst.edits.append(state.edit(from: [], to: bytes, changes: []))
            return
        }
        let baseline = state.comparable(source: bytes)
        let prepared = try connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest([baseline])
        }
        guard prepared.problems.isEmpty else {
            burst.edits.append(state.edit(from: [], to: bytes, changes: []))
            return
        }
        let comparisons = try agent.compare(prepared.request)
        let plan = PatchPlan(unknown: comparisons, new: outline, firstID: burst.nextID)
        burst.add(plan, of: state)
        burst.edits.append(state.edit(from: bytes, to: bytes, changes: plan.planned))
        burst.sources[path] = FileState.Source(bytes, outline)
    }
}
