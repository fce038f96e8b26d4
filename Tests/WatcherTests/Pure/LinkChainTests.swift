import Testing

@testable import Watcher

@Suite("Names that a path depends on")
struct LinkChainTests {
    private func chain(_ path: String, _ disk: [String: LinkChain.Entry]) -> LinkChain {
        LinkChain(BytePath(path)) { disk[String(decoding: $0.bytes, as: UTF8.self)] ?? .missing }
    }

    private func names(_ chain: LinkChain) -> [String] {
        chain.steps.map { String(decoding: $0.directory.appending($0.name).bytes, as: UTF8.self) }
    }

    private func link(_ text: String) -> LinkChain.Entry { .link(to: Array(text.utf8)) }

    @Test("a release link: the link, and what it leads to")
    func release() {
        let chain = chain(
            "/srv/current/app",
            [
                "/srv": .directory, "/srv/current": link("releases/7"), "/srv/releases": .directory,
                "/srv/releases/7": .directory, "/srv/releases/7/app": .directory,
            ])
        #expect(
            names(chain) == [
                "/srv", "/srv/current", "/srv/releases", "/srv/releases/7", "/srv/releases/7/app",
            ])
        #expect(chain.end == BytePath("/srv/releases/7/app"))
        #expect(chain.steps.map(\.isLink) == [false, true, false, false, false])
    }

    @Test("what is missing ends the chain, and is its last name")
    func missing() {
        let chain = chain("/srv/app/x", ["/srv": .directory])
        #expect(names(chain) == ["/srv", "/srv/app"])
        #expect(chain.end == nil)
    }

    @Test("an absolute link starts at the top; two dots go up from where the link really is")
    func dots() {
        let chain = chain(
            "/a/b/../c",
            ["/a": .directory, "/a/b": link("/d/e"), "/d": .directory, "/d/e": .directory, "/d/c": .other])
        #expect(chain.end == BytePath("/d/c"))
    }

    @Test("links in a circle end nowhere")
    func circle() {
        #expect(chain("/a", ["/a": link("b"), "/b": link("a")]).end == nil)
    }

    @Test("the root of another process is never read as a link")
    func processRoot() {
        let chain = chain(
            "/proc/42/root/app",
            [
                "/proc": .directory, "/proc/42": .directory, "/proc/42/root": link("/"),
                "/proc/42/root/app": .directory,
            ])
        #expect(chain.end == BytePath("/proc/42/root/app"))
        #expect(chain.steps.allSatisfy { !$0.isLink })
    }
}

@Suite("Anchors")
struct AnchorTableTests {
    private let one = Subject.root(RootID(rawValue: 1))
    private let two = Subject.root(RootID(rawValue: 2))

    private func anchor(_ watch: Int32, _ name: String) -> AnchorTable.Anchor {
        AnchorTable.Anchor(watch: WatchID(rawValue: watch), name: EntryName(name))
    }

    private func event(_ watch: Int32, _ name: String?) -> InotifyEvent {
        InotifyEvent(
            watch: WatchID(rawValue: watch), mask: .create, cookie: 0,
            name: name.map { EntryName($0) })
    }

    @Test("an event concerns who depends on its name; one without a name, everybody in the directory")
    func subjects() {
        var table = AnchorTable()
        _ = table.set([anchor(1, "srv"), anchor(2, "app")], for: one)
        _ = table.set([anchor(1, "home")], for: two)
        #expect(table.subjects(of: event(1, "srv")) == [one])
        #expect(table.subjects(of: event(1, "other")).isEmpty)
        #expect(table.subjects(of: event(1, nil)) == [one, two])
    }

    @Test("a watch is given back when the last one who needs it lets go")
    func unused() {
        var table = AnchorTable()
        _ = table.set([anchor(1, "srv"), anchor(2, "app")], for: one)
        _ = table.set([anchor(1, "srv")], for: two)
        #expect(table.set([anchor(1, "srv")], for: one).map(\.rawValue) == [2])
        #expect(table.set([], for: one).isEmpty)
        #expect(table.set([], for: two).map(\.rawValue) == [1])
    }
}
