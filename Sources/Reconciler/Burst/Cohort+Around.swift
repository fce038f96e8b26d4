import Reloader
import SourceDiff
import SystemPackage

extension Cohort {
    /// What did not change itself, but may hold or have used what does.
    var around: [Around] {
        guard let head else { return [] }
        let stale = burst.plans.reduce(into: [String: [Around.Stale]]()) { found, plan in
            found[plan.codeFile, default: []] += plan.plan.kept.flatMap { Around.Stale.names(of: $0) }
        }
        let outlines = burst.sources.values.compactMap(\.outline)
        var surroundings = Surroundings(
            burst.edits.flatMap(\.changes), outlines: outlines, kept: stale.values.flatMap { $0 })
        guard !surroundings.isEmpty else { return [] }
        let files = head.files.compactMap { path, state -> Surroundings.File? in
            let source = burst.sources[path] ?? state.baseline
            guard let outline = source?.outline, let words = source?.words else { return nil }
            return Surroundings.File(
                path: state.file.codePath, modules: state.file.modules, outline: outline, words: words,
                touched: burst.touched[path] ?? [], stale: stale[state.file.codePath] ?? [])
        }
        return surroundings.find(in: files).sorted { $0.path < $1.path }
    }
}

extension Around.Stale {
    /// What the statement of a remark binds: `Class.a, b`, or nothing.
    fileprivate static func names(of kept: PatchPlan.Kept) -> [Around.Stale] {
        guard kept.reason == .moduleStatement else { return [] }
        let parts = kept.name.split(separator: ",").map { $0.drop { $0 == " " } }
        let owner = (parts.first ?? "").split(separator: ".").dropLast().map(String.init)
        return parts.compactMap { part in
            part.split(separator: ".").last.map { Around.Stale(owner: owner, name: String($0)) }
        }
    }
}
