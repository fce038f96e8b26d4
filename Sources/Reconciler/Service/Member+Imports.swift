import SystemPackage

/// What a process has imported, or has missed, since it was looked at.
extension Member {
    /// Those of `paths` that it has loaded since are its files too. `wherever`: also out of the program's directories.
    /// `watch`: called with them before they are read.
    func adopt(
        _ paths: [FilePath], in scope: FirstParty, _ shelf: SourceShelf, _ saved: inout SavedFiles,
        wherever: Bool, watch: ([FilePath]) -> Void
    ) throws(SessionError) {
        let names = Set(paths.compactMap(\.lastComponent))
        let inventory = try agent.inventory()
        let loaded = Member.loadedFiles(
            of: inventory, in: scope, paths: self.paths, named: names.contains,
            also: wherever ? Set(paths) : [])
        let late = paths.filter { files[$0] == nil && loaded[$0] != nil }
        for path in late { files[path] = loaded[path] }
        watch(late)
        try identifyLate(late, shelf, &saved)
    }

    /// Modules that it has imported since: their baseline is taken before they are saved. `watch`: called
    /// with them before they are read. Returns those of which it is known what the process runs.
    func lookForImports(
        in scope: FirstParty, _ shelf: inout SourceShelf, watch: ([FilePath]) -> Void
    ) -> Set<FilePath> {
        looks.removeFirst()
        do throws(SessionError) {
            let loaded = Member.loadedFiles(of: try agent.inventory(), in: scope, paths: paths)
            let new = loaded.keys.filter { files[$0] == nil }
            for path in new { files[path] = loaded[path] }
            watch(Array(new))
            do throws(SessionError) {
                if !new.isEmpty { try takeBaseline(&shelf, in: scope, of: new) }
            } catch {
                for path in new { files[path] = nil }
                throw error
            }
            return Set(new.filter { files[$0]?.baseline != nil })
        } catch {
            return []  // it is busy starting, or has ended: the next look, or a save, asks again
        }
    }

    /// Files whose saved content does not run in this process, which joined after the others. They are the measure:
    /// what was kept or rejected in them stays out here too.
    func catchUp(with others: [Member], _ shelf: SourceShelf) -> [FilePath] {
        var behind: [FilePath] = []
        for (path, state) in files {
            if let other = others.lazy.compactMap({ $0.files[path] }).first(where: { $0.baseline != nil }) {
                if other.isWaiting { files[path]?.isWaiting = true }
                if let bytes = state.baseline?.bytes, bytes == other.baseline?.bytes { continue }
            }
            let versions = shelf.versions(of: path)
            if versions.count > 1, state.baseline?.bytes != versions.first?.bytes { behind.append(path) }
        }
        return behind
    }
}
