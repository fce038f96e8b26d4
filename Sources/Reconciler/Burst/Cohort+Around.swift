import Reloader
import SourceDiff
import SystemPackage

extension Cohort {
    /// What did not change itself, but may hold or have used what does.
    var around: [Around] {
        guard let head else { return [] }
        var stale = burst.plans.reduce(into: [String: [Around.Stale]]()) { found, plan in
            found[plan.codeFile, default: []] += plan.plan.kept.flatMap { Around.Stale.names(of: $0) }
        }
        for state in head.files.values where state.presence == .gone {
            guard let outline = state.baseline?.outline else { continue }
            stale[state.file.codePath, default: []] += Around.Stale.names(in: outline)
        }
        let outlines = burst.sources.values.compactMap(\.outline)
        var surroundings = Surroundings(
            burst.edits.flatMap(\.changes), outlines: outlines, kept: stale.values.flatMap { $0 })
        guard !surroundings.isEmpty else { return [] }
        let files = head.files.compactMap { path, state -> Surroundings.File? in
            let source = burst.sources[path] ?? state.baseline
            guard let outline = source?.outline, let words = source?.words,
                let calls = state.baseline?.calls ?? source?.calls
            else { return nil }
            // What a file that is gone has built is as old as all of it.
            let isGone = state.presence == .gone
            return Surroundings.File(
                path: state.file.codePath, modules: state.file.modules, outline: outline, words: words,
                calls: calls,
                touched: isGone ? Set(outline.statements.indices) : burst.touched[path] ?? [],
                stale: stale[state.file.codePath] ?? [])
        }
        return surroundings.find(in: files).sorted { $0.path < $1.path }
    }
}

extension Around.Stale {
    /// What a module binds itself: names that it has from others are not its own.
    fileprivate static func names(in outline: Outline) -> [Around.Stale] {
        let defined = outline.definitions.filter { !$0.qualname.contains(".") }.map(\.qualname)
        let own = outline.statements.filter { $0.scope == nil && ![.import, .fromImport].contains($0.kind) }
        let bound = own.flatMap(\.names)
        return Set(defined + bound).sorted().map { Around.Stale(owner: [], name: $0) }
    }

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
