import SystemPackage
import Testing
import Watcher

@testable import Reconciler

@Suite("Saved files that are no modules of the processes")
struct ForeignFilesTests {
    private func changed(_ paths: String..., removed: String...) -> ChangedFiles {
        ChangedFiles(
            paths.map { FileChange(path: FilePath($0), kind: .modified) }
                + removed.map { FileChange(path: FilePath($0), kind: .removed) },
            resolved: { $0 }, isLoaded: { $0.string.hasPrefix("/shop/loaded") })
    }

    private func foreign(_ changed: ChangedFiles) -> ForeignFiles {
        ForeignFiles(
            changed, isLoaded: { $0 == "/shop/late.py" }, isBelowRoot: { $0.starts(with: "/shop") },
            isAnswered: { $0.lastComponent == "settings.py" })
    }

    /// Files and message of each `.change`, files of each `.otherFiles`.
    private func words(_ events: [SessionEvent]) -> [String] {
        events.map { event in
            switch event {
            case .change(let files, let reason, let message):
                "\(files.joined(separator: " ")) \(reason.rawValue): \(message)"
            case .otherFiles(let files): "answered \(files.map(\.string).joined(separator: " "))"
            default: "unexpected"
            }
        }
    }

    @Test(
        "what the configuration answers is told as such, a module of nobody's by name, and other projects' files not at all"
    )
    func kinds() {
        let files = foreign(
            changed("/shop/loaded.py", "/shop/new.py", "/shop/settings.py", "/other/x.py", "/shop/a.html"))
        #expect(files.answered == ["/shop/a.html", "/shop/settings.py"] && files.strange == ["/shop/new.py"])
        #expect(
            words(files.news(processes: 1, display: \.string)) == [
                "/shop/new.py not-loaded: the process has not imported it",
                "answered /shop/a.html /shop/settings.py",
            ])
    }

    @Test("what a process has loaded since is no foreign file")
    func loadedMeanwhile() {
        let files = foreign(changed("/shop/late.py", "/shop/one.py", "/shop/two.py"))
        #expect(
            words(files.news(processes: 3, display: { $0.lastComponent?.string ?? "" })) == [
                "one.py two.py not-loaded: no process has imported these 2 files"
            ])
        #expect(foreign(changed("/shop/late.py")).news(processes: 1, display: \.string).isEmpty)
    }

    @Test("a source beside the extension or the archive that was loaded in its place is told with that")
    func compiled() {
        let files = foreign(changed("/shop/fast.py", "/shop/faster.py", "/shop/inside.py"))
        let compiled: [FilePath] = [
            "/other/faster.so", "/shop/fast.cpython-311-x86_64-linux-gnu.so", "/shop/all.zip/inside.py",
        ]
        #expect(
            words(files.news(processes: 1, compiled: { compiled }, display: \.string)) == [
                "/shop/fast.py builtin-or-extension: fast.cpython-311-x86_64-linux-gnu.so is loaded in its place; build that again, and restart the process",
                "/shop/inside.py builtin-or-extension: all.zip/inside.py is loaded in its place; build that again, and restart the process",
                "/shop/faster.py not-loaded: the process has not imported it",
            ])
    }

    @Test("of a removed file it is told that its code goes on")
    func removed() {
        #expect(changed("/shop/loaded.py").newsOfGone(display: \.string).isEmpty)
        #expect(
            words(changed(removed: "/shop/loaded.py", "/shop/never.py").newsOfGone(display: \.string)) == [
                "/shop/loaded.py file-removed: the file is gone; its code is still serving"
            ])
        let both = changed(removed: "/shop/loaded.py", "/shop/loaded2.py").newsOfGone(display: \.string)
        #expect(
            words(both) == [
                "/shop/loaded.py /shop/loaded2.py file-removed: the files are gone; their code is still serving"
            ])
    }
}
