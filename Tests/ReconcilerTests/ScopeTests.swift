import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Reconciler
@testable import Reloader

@Suite("Scope")
struct ScopeTests {
    @Test(
        "the project root is the nearest directory with a project file",
        arguments: [
            ("/srv/shop/api", nil, ["/srv/shop/pyproject.toml"], "/srv/shop"),
            ("/srv/shop", nil, ["/srv/.git", "/srv/shop/manage.py"], "/srv/shop"),
            ("/srv/shop", "app/main.py", [], "/srv/shop/app"),
            ("/srv/shop", "/opt/tool/run.py", [], "/opt/tool"),
            ("/srv/shop", nil, [], "/srv/shop"),
            ("/srv/shop", "/srv/env/lib/python3.11/site-packages/gunicorn/__main__.py", [], "/srv/shop"),
            ("/srv/shop", "/srv/env/bin/gunicorn", ["/srv/env/pyvenv.cfg"], "/srv/shop"),
            ("/srv/shop", "/usr/local/bin/gunicorn", [], "/srv/shop"),
            ("/srv/shop", "/opt/tool/bin/main.py", [], "/opt/tool/bin"),
        ] as [(FilePath, FilePath?, [FilePath], FilePath)])
    func root(cwd: FilePath, main: FilePath?, files: [FilePath], expected: FilePath) {
        #expect(ProjectRoot.find(workingDirectory: cwd, mainFile: main, exists: files.contains) == expected)
    }

    @Test(
        "first-party is below a root and in no library",
        arguments: [
            ("/srv/shop/cart.py", true), ("/srv/shop/.venv/lib/python3.11/site-packages/flask/app.py", false),
            ("/srv/shopping/cart.py", false), ("/usr/lib/python3/dist-packages/yaml.py", false),
            ("/usr/lib/python3.11/json/__init__.py", false),
        ] as [(FilePath, Bool)])
    func firstParty(path: FilePath, expected: Bool) {
        let scope = FirstParty(roots: ["/srv/shop", "/usr"], standardLibrary: "/usr/lib/python3.11")
        #expect(scope.contains(path) == expected)
    }

    @Test("modules of libraries are known by their spelling, but for links that lead out of the library")
    func library() throws {
        let tree = try TemporaryTree()
        try tree.write("", to: "site-packages/flask/app.py")
        try tree.write("", to: "src/shop/cart.py")
        let link = tree.file("site-packages/shop")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: tree.file("src/shop"))
        let scope = FirstParty(roots: ["/srv/shop"], standardLibrary: "/usr/lib/python3.11")
        #expect(scope.isLibrary("/usr/lib/python3.11/json/__init__.py", isHere: false))
        let module = tree.file("site-packages/flask/app.py").path
        #expect(scope.isLibrary(module, isHere: true) && !scope.isLibrary(module, isHere: false))
        #expect(!scope.isLibrary(link.path + "/cart.py", isHere: true))
        #expect(!scope.isLibrary("/srv/shop/cart.py", isHere: true))
        let inside = FirstParty(
            roots: [FilePath(tree.file("site-packages/flask").path)], standardLibrary: "/usr/lib/python3.11")
        #expect(!inside.isLibrary(module, isHere: true))
    }

    @Test("a root inside of the libraries is meant")
    func editedLibrary() {
        let scope = FirstParty(roots: ["/venv/lib/python3.11/site-packages/flask"], standardLibrary: nil)
        #expect(scope.contains("/venv/lib/python3.11/site-packages/flask/app.py"))
    }

    @Test(
        "what is loaded from beside the project is first-party where no directory was named",
        arguments: [
            ("/srv/libs/common.py", true), ("/srv/shop/cart.py", true),
            ("/opt/venv/lib/python3.11/site-packages/flask/app.py", false),
            ("/usr/lib/python3.11/json/__init__.py", false),
        ] as [(FilePath, Bool)])
    func beside(path: FilePath, expected: Bool) {
        let named = FirstParty(roots: ["/srv/shop"], standardLibrary: "/usr/lib/python3.11")
        let found = FirstParty(
            roots: ["/srv/shop"], standardLibrary: "/usr/lib/python3.11", takesLibrariesBeside: true)
        #expect(found.contains(path) == expected)
        #expect(named.contains(path) == (expected && named.isBelowRoot(path)))
    }

    @Test("a second name of the same module is no second module")
    func otherName() {
        var second = Self.module(name: "__mp_main__", file: "main.py")
        second.otherName = "__main__"
        let files = ModuleFile.group(
            [Self.module(name: "__main__", file: "main.py"), second], workingDirectory: "/nowhere/app",
            paths: ProcessPaths(pid: getpid()))
        #expect(files.first?.modules == ["__main__"])
    }

    @Test("paths are shown relative to their root")
    func display() {
        let scope = FirstParty(roots: ["/srv/shop"], standardLibrary: nil)
        #expect(scope.display("/srv/shop/api/cart.py") == "api/cart.py")
        #expect(scope.display("/opt/x.py") == "/opt/x.py")
    }

    @Test("a file that was imported twice is one file with two modules")
    func grouping() {
        let loaded = [
            ("__main__", "main.py"), ("sys", "x.so"), ("main", "/nowhere/app/main.py"),
            ("cart", "/nowhere/app/../app/cart.py"),
        ]
        let files = ModuleFile.group(
            loaded.map(Self.module), workingDirectory: "/nowhere/app", paths: ProcessPaths(pid: getpid()))
        #expect(files.map(\.path) == ["/nowhere/app/main.py", "/nowhere/app/cart.py"])
        #expect(files.first?.modules == ["__main__", "main"])
        #expect(files.first?.spelling == "main.py")
        #expect(files.first?.otherSpellings == ["main.py", "/nowhere/app/main.py"])
        #expect(files.last?.otherSpellings == ["/nowhere/app/../app/cart.py", "cart.py"])
    }

    private static func module(name: String, file: String) -> Inventory.Module {
        Inventory.Module(
            name: name, file: file, cached: nil, codeFile: nil, loader: "SourceFileLoader", isPlain: true,
            isMain: name == "__main__", isLazy: false)
    }
}
